import Raft

extension Input {
  /// Whether a node's trace tells of it where the engine is told: what the network and the disks
  /// bring is told where it arrives.
  var isOwnAffair: Bool {
    switch self {
    case .proposed, .barrierProposed, .bootstrapRequested, .membershipChangeRequested,
      .readRequested, .transferWanted, .electionRequested, .campaignRequested, .heartbeatRequested,
      .snapshotRequested, .purgeRequested, .switched, .reversionAllowed, .peerFailed,
      .snapshotBuildFailed, .snapshotReceptionFailed, .snapshotInstalled, .shortageChanged,
      .elapsed:
      true
    case .appendReceived, .voteRequested, .preVoteRequested, .transferRequested, .snapshotOffered,
      .appendAnswered, .voteAnswered, .preVoteAnswered, .snapshotAnswered, .appendSent,
      .contactRefused, .transferAnswered, .flushed, .applied, .snapshotBuilt, .snapshotReceived:
      false
    }
  }
}
