/// What can be done to a cluster.
enum FaultKind: String, CaseIterable, Sendable {
  // Processes.
  case killed = "server killed (SIGKILL)"
  case allKilled = "all servers killed at once"
  case stopped = "server stopped (SIGSTOP) beyond its promise"
  case terminated = "server ended in order (SIGTERM) and started again"
  // Disks.
  case powerCut = "power cut at one server"
  case allPowerCut = "power cut at all servers at once"
  case diskFull = "disk full"
  case writeFailed = "write failed (EIO)"
  case syncFailed = "sync failed (EIO)"
  case diskStalled = "disk hung"
  case bytesFlipped = "byte of sealed data flipped"
  // Network.
  case split = "partition into two sides"
  case leaderIsolated = "leader cut off from all others"
  case oneWay = "partition in one direction"
  case partial = "partition between some pairs"
  // Clocks.
  case clockJumped = "wall clock jumped"
  // Membership.
  case learnerAdded = "learner added"
  case learnerPromoted = "learner promoted"
  case memberRemoved = "member removed"
  case memberReplaced = "member replaced by another server"
  case leaderTransferred = "leadership handed over"

  /// The heading under which reports list it.
  var family: String {
    switch self {
    case .killed, .allKilled, .stopped, .terminated: "processes"
    case .powerCut, .allPowerCut, .diskFull, .writeFailed, .syncFailed, .diskStalled,
      .bytesFlipped:
      "disks"
    case .split, .leaderIsolated, .oneWay, .partial: "network"
    case .clockJumped: "clocks"
    case .learnerAdded, .learnerPromoted, .memberRemoved, .memberReplaced, .leaderTransferred:
      "membership"
    }
  }
}
