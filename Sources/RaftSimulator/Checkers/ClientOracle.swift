import RaftEngine

/// What clients were told is what happened: nothing appears that nobody wrote, an acknowledged
/// write is there once, a refused one never, and a read sees every write that was acknowledged
/// before it was asked for.
struct ClientOracle {
  /// How far writes were acknowledged.
  private(set) var acknowledged: LogIndex?

  /// A command was committed that a client gave; `nil` if no client did.
  func committed(_ call: ClientCall?, at logID: LogID) throws(Finding) {
    guard let call else {
      throw Finding(.clientOracle, "\(logID) is committed and no client ever wrote it")
    }
    guard call.commitCount == 0 else {
      throw Finding(.clientOracle, "call \(call.number) is committed again at \(logID)")
    }
    guard call.outcome != .refused else {
      throw Finding(.clientOracle, "call \(call.number) was refused and is committed at \(logID)")
    }
  }

  /// A refused call takes no effect.
  func refused(_ call: ClientCall) throws(Finding) {
    guard call.commitCount == 0 else {
      throw Finding(.clientOracle, "call \(call.number) is refused and was committed")
    }
  }

  /// A node tells a client that its command was applied, as this entry.
  mutating func acknowledged(
    _ call: ClientCall, as entry: SimulatedEntry, node: NodeID
  ) throws(Finding) {
    guard entry.payload == UInt64(call.number), call.commitCount == 1 else {
      throw Finding(
        .clientOracle, "node \(node) acknowledges call \(call.number) for \(entry.logID)")
    }
    self.acknowledged = max(self.acknowledged ?? entry.index, entry.index)
  }

  /// A node admits a read from this position on, asked for when so much was acknowledged.
  func admitted(from logID: LogID, floor: LogIndex?, node: NodeID) throws(Finding) {
    guard logID.index.next >= floor.nextIndex else {
      throw Finding(
        .clientOracle,
        "node \(node) reads from \(logID), and a write at \(floor!) was acknowledged before")
    }
  }

  /// A change of the membership was reported as done.
  func changed(
    _ membership: Membership, at logID: LogID, _ known: Membership?, node: NodeID
  ) throws(Finding) {
    guard known == membership else {
      throw Finding(
        .clientOracle, "node \(node) reports \(membership) at \(logID), which is not committed")
    }
  }

  /// A change of the membership was reported as done that was meant for the one of this entry.
  func changed(_ before: LogID?, expected: LogID, node: NodeID) throws(Finding) {
    guard before == expected else {
      throw Finding(
        .clientOracle,
        """
        node \(node) changed the membership at \
        \(before.map(String.init(describing:)) ?? "no entry"), and was to change that at \(expected)
        """)
    }
  }

  /// A change of the membership is refused: the reason that is given holds.
  ///
  /// - Parameter isJoint: Whether the membership in force is joint.
  func refused(_ refusal: MembershipRefusal, isJoint: Bool, node: NodeID) throws(Finding) {
    let holds =
      switch refusal {
      case .preconditionFailed(let expected, let actual): actual != expected
      case .inProgress(let committed, let effective): committed != effective || isJoint
      case .notLeader, .noQuorum, .transferring, .invalid, .outcomeUnknown: true
      }
    guard holds else {
      throw Finding(.clientOracle, "node \(node) refuses a change without reason: \(refusal)")
    }
  }
}
