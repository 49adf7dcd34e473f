import RaftEngine

/// What a leader takes for held by a member, that member holds durably, unless it follows a later
/// leader by now (§3.5; openraft and etcd call the position *matched*).
struct SoundProgress {
  /// What a leader knows of a peer when an answer comes to a message from before the peer was
  /// removed and added again.
  struct LateAnswer: Equatable {
    let peer: NodeID
    let session: UInt64
    let matched: LogIndex?
    let message: UInt64

    /// Present if the input is such an answer.
    init?(_ input: Input, to engine: Engine) {
      switch input {
      case .appendAnswered(_, let sent, _), .snapshotAnswered(_, _, let sent, _):
        guard let now = Self(of: sent.peer, in: engine), now.session != sent.session else {
          return nil
        }
        self = now
      default: return nil
      }
    }

    init?(of peer: NodeID, in engine: Engine) {
      guard let lead = engine.lead, let progress = lead.progress(of: peer) else {
        return nil
      }
      self.init(
        peer: peer, session: progress.session, matched: progress.matched,
        message: progress.acknowledgedMessage)
    }

    init(peer: NodeID, session: UInt64, matched: LogIndex?, message: UInt64) {
      self.peer = peer
      self.session = session
      self.matched = matched
      self.message = message
    }
  }

  /// A node was told of an answer that came late: it must not count (etcd-io/raft#349).
  ///
  /// - Parameter after: What the node knows of the peer now; `nil` if it does not lead any more.
  func answeredLate(_ before: LateAnswer, to node: NodeID, after: LateAnswer?) throws(Finding) {
    guard let after, after.session == before.session, after != before else { return }
    throw Finding(
      .soundProgress,
      "node \(node) counts an answer from before node \(before.peer) was added again")
  }

  /// A leader has taken note of an answer.
  ///
  /// - Parameters:
  ///   - known: The last position that the leader takes for held by the peer.
  ///   - later: The vote on the peer's disk, if it has one.
  func answered(
    by peer: NodeID, to leader: LeaderID, known: LogID, isHeld: Bool, vote later: Vote?
  ) throws(Finding) {
    guard !isHeld, later.map({ $0.leader <= leader }) ?? true else { return }
    throw Finding(
      .soundProgress, "\(leader) takes \(known) for held by node \(peer), which does not have it")
  }

  /// A leader takes a peer for one that lost what it had confirmed.
  ///
  /// - Parameter hasLost: Whether anything durable of the peer's was ever gone.
  func missing(_ confirmed: LogIndex, at peer: NodeID, by leader: LeaderID, hasLost: Bool)
    throws(Finding)
  {
    guard !hasLost else { return }
    throw Finding(
      .soundProgress,
      "\(leader) says that node \(peer) lost entries through \(confirmed), but it lost nothing")
  }
}
