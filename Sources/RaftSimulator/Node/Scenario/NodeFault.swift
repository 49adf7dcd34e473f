/// A trouble that comes over a cluster of real nodes.
enum NodeFault: Hashable, CaseIterable {
  case crash
  case crashLeader
  case powerCut
  case wipe
  case restart
  case isolation
  case isolateLeader
  case split
  case oneWay
  case loss
  case slowNetwork
  case pause
  case pauseLeader
  case slowDisk
  case storeFailure
  case snapshotFailure
  case slowMachine
  case machineFailure
  case membership
  case snapshot
  case election
  case transfer
  case wallClock

  /// The troubles of a profile, each as often as it comes compared with the others.
  ///
  /// The names are those of the profiles of engines; a profile without a table of its own here is
  /// as rough as ``Profile/chaos``.
  static func all(of profile: Profile) -> [NodeFault] {
    switch profile.name {
    case Profile.calm.name: []
    case Profile.partitions.name:
      [
        .isolation, .isolateLeader, .isolateLeader, .split, .split, .oneWay, .oneWay, .loss,
        .slowNetwork,
      ]
    case Profile.disks.name:
      [
        .crash, .crash, .crashLeader, .powerCut, .restart, .slowDisk, .slowDisk, .storeFailure,
        .snapshotFailure, .snapshot, .machineFailure,
      ]
    case Profile.membership.name:
      [
        .membership, .membership, .membership, .membership, .crash, .crashLeader, .isolateLeader,
        .split, .election, .transfer, .loss,
      ]
    case Profile.snapshots.name:
      [
        .snapshot, .snapshot, .snapshotFailure, .crash, .crash, .isolation, .isolation, .pause,
        .membership, .slowMachine, .restart,
      ]
    case Profile.elections.name:
      [
        .election, .election, .election, .transfer, .transfer, .transfer, .crashLeader,
        .pauseLeader, .isolateLeader, .loss,
      ]
    case Profile.pauses.name:
      [.pause, .pause, .pauseLeader, .pauseLeader, .wallClock, .slowDisk, .slowNetwork]
    case Profile.wipes.name:
      [
        .wipe, .wipe, .wipe, .wipe, .membership, .crash, .crashLeader, .isolation, .split, .pause,
        .election, .slowDisk,
      ]
    default: Self.allCases
    }
  }
}
