import RaftEngine

/// A leader acts by whether it hears a quorum: with it, no candidate deposes it; without it, it
/// takes no writes, and its probes bind nobody and keep nobody waiting.
struct QuorumContact {
  /// What of a node tells, before and after an input, how it acted.
  struct Scene {
    let vote: Vote
    let last: LogID?
    /// Whether the node leads and hears a quorum; `nil` if it does not lead.
    let hasContact: Bool?

    init(vote: Vote, last: LogID?, hasContact: Bool?) {
      self.vote = vote
      self.last = last
      self.hasContact = hasContact
    }

    init(_ engine: Engine, at now: Instant) {
      var hasContact: Bool?
      if let lead = engine.lead {
        let end = lead.contact.advanced(byNanoseconds: engine.configuration.electionTimeoutMax)
        hasContact = now < end || engine.effective?.voters == [engine.id]
      }
      self.init(vote: engine.vote, last: engine.log.last, hasContact: hasContact)
    }
  }

  /// A node was asked for its vote, or for writes.
  func stepped(
    _ node: NodeID, _ input: Input, from before: Scene, to after: Scene
  ) throws(Finding) {
    switch input {
    case .voteRequested(let request, _, _):
      guard before.hasContact == true, request.transferredFrom != before.vote,
        after.vote != before.vote
      else { return }
      throw Finding(
        .quorumContact, "\(before.vote) hears a quorum and gives way to \(request.vote)")
    case .proposed:
      guard before.hasContact == false, after.last != before.last else { return }
      throw Finding(.quorumContact, "\(before.vote) hears no quorum and takes writes")
    default:
      return
    }
  }

  /// A node took a message that asks for no promise, under the vote that it has; its timer was and
  /// is due at these moments.
  func probed(_ node: NodeID, from before: Instant, to after: Instant, at now: Instant)
    throws(Finding)
  {
    guard before != .distantFuture, after != .distantFuture, after > max(before, now) else {
      return
    }
    throw Finding(.quorumContact, "a probe keeps node \(node) waiting until \(after)")
  }

  /// A leader sends a heartbeat.
  func asks(_ leader: Vote, for promise: Int64, hasContact: Bool) throws(Finding) {
    guard promise > 0, !hasContact else { return }
    throw Finding(.quorumContact, "\(leader) hears no quorum and asks for promises")
  }
}
