/// What kind of thing a record tells of; the numbers are part of the recording's format.
package enum FlightKind: UInt8, Hashable, Sendable, CaseIterable {
  /// The node began to run.
  case started = 1
  case proposed = 2
  case bootstrapRequested = 3
  case membershipChangeRequested = 4
  case readRequested = 5
  case electionRequested = 6
  case snapshotRequested = 7
  case appendReceived = 8
  case voteRequested = 9
  case transferRequested = 10
  case snapshotOffered = 11
  case appendAnswered = 12
  case voteAnswered = 13
  case snapshotAnswered = 14
  case peerFailed = 15
  case flushed = 16
  case applied = 17
  case snapshotBuilt = 18
  case snapshotBuildFailed = 19
  case snapshotReceived = 20
  case snapshotReceptionFailed = 21
  case snapshotInstalled = 22
  case elapsed = 23
  case preVoteRequested = 24
  case preVoteAnswered = 25
  case transferWanted = 26
  case transferAnswered = 27
  case appendSent = 28
  case reversionAllowed = 29
  case contactRefused = 30
  case barrierProposed = 31
  case campaignRequested = 32
  case heartbeatRequested = 33
  case purgeRequested = 34
  case switched = 35
  case shortageChanged = 36
}
