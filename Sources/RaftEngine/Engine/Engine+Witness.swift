/// Witnesses: members that vote and confirm, and hold positions without payloads.
///
/// - A witness never stands, so its log serves nobody.
/// - Witnesses alone are no majority, so what is committed is held by a replica as well.
/// - A witness is sent only what is durable at a replica of each configuration: at the leader where it
///   has a vote. Else a witness could be left with a longer log than all who may
///   stand when a leader is gone that a change takes out; it would vote for none of them, and nobody
///   could ever lead again.
/// - Entries without payloads are of a kind of their own, which no replica takes.
extension Engine {
  /// What kind of member a leader takes its peer for, also while it bids farewell to it; `nil` for
  /// a stranger.
  @inline(__always)
  package func role(of peer: NodeID) -> Member.Role? {
    if !self.leaderships.isEmpty, let place = self.leaderships[0].place(of: peer) {
      return self.leaderships[0].progress[place].role
    }
    return self.effective?.role(of: peer)
  }

  /// Whether this node leads and still has something to tell the peer.
  package func isTracking(_ peer: NodeID) -> Bool {
    !self.leaderships.isEmpty && self.leaderships[0].place(of: peer) != nil
  }

  /// The last index that this peer may be sent.
  @inline(__always)
  mutating func sendable(to place: Int, _ lead: inout Leadership) -> LogIndex? {
    guard lead.progress[place].role == .witness else { return self.log.last?.index }
    return self.sendableToWitnesses(lead)
  }

  // What a leader asks at each step is mutating, and changes nothing; `EnginePicture.swift` says why.

  private mutating func sendableToWitnesses(_ lead: Leadership) -> LogIndex? {
    guard let membership = self.effective else { return nil }
    var sendable = LogIndex?.none
    for (place, voters) in membership.configurations.enumerated() {
      let held =
        voters.contains(self.id)
        ? self.io.durable
        : voters.lazy.filter(membership.canLead).compactMap { lead.progress(of: $0)?.matched }.max()
      guard let held else { return nil }
      sendable = place == 0 ? held : min(sendable ?? held, held)
    }
    return sendable
  }

  /// Whether a confirmation of a replica may let witnesses have more, and not only what has become
  /// durable here: there is a configuration in
  /// which this leader has no vote.
  mutating func dependsOnOthersForWitnesses() -> Bool {
    self.effective?.configurations.contains { !$0.contains(self.id) } ?? false
  }

  /// Whether entries of this kind have the form in which this node holds them.
  @inline(__always)
  func fits(_ kind: EntryKind) -> Bool {
    switch kind {
    case .command: self.configuration.role == .replica
    case .withheld: self.configuration.role == .witness
    case .blank, .membership, .session, .recovery: true
    }
  }

  /// The leader takes this node for another kind of member than it is: going on, the node would
  /// confirm what it does not hold.
  mutating func stopForRole(_ ticket: Ticket) {
    self.respond(ticket, .refused(.malformed))
    self.commands.append(.stop(.otherRole(than: self.configuration.role)))
  }

  /// Stops if the membership gives this node another role.
  ///
  /// On its way through the log a node that was removed and added anew meets memberships in which
  /// it had another role. It is at their end when it holds all that the leader knows to be
  /// committed, among it an entry of that leader's own.
  mutating func checkRole(after header: AppendHeader) {
    guard let committed = header.committed, committed.leader == header.vote.leader,
      self.log.last.isAtLeast(committed),
      let role = self.effective?.role(of: self.id), role != self.configuration.role
    else { return }
    self.commands.append(.stop(.otherRole(than: self.configuration.role)))
  }
}

extension Membership {
  /// Whether this node has a vote and may lead.
  func canLead(_ id: NodeID) -> Bool { self.isVoter(id) && !self.isWitness(id) }

  /// Whether no voter but this one can lead.
  func isAlone(_ id: NodeID) -> Bool { !self.voters.contains { $0 != id && self.canLead($0) } }
}
