/// Which troubles a run meets, and how often.
public struct Profile: Hashable, Sendable {
  /// A trouble and how often it comes compared with the others.
  struct Weight: Hashable, Sendable {
    let fault: Fault
    let weight: Int
  }

  /// The name by which `raft-sim` knows it.
  public let name: String
  /// What it is for.
  public let summary: String
  /// Which troubles come.
  let weights: [Weight]
  /// What the longest time between two troubles may be, in milliseconds.
  let gaps: [Int64]
  /// What the share of lost messages may be, in thousandths.
  let losses: [Int]
  /// What the greatest drift of a clock may be, in millionths.
  let drifts: [Int]
  /// After how many entries snapshots may be built; 0 for never.
  let snapshotsAfter: [Int]
  /// What the longest delays of disks may be, in milliseconds.
  let diskDelays: [Int64]

  init(
    _ name: String, _ summary: String, _ weights: [(Fault, Int)], gaps: [Int64] = [100, 400, 1500],
    losses: [Int] = [0, 0, 10, 50, 200], drifts: [Int] = [0, 100, 20_000],
    snapshotsAfter: [Int] = [0, 5, 20, 60, 400], diskDelays: [Int64] = [0, 1, 10, 80]
  ) {
    self.name = name
    self.summary = summary
    self.weights = weights.map { Weight(fault: $0.0, weight: $0.1) }
    self.gaps = gaps
    self.losses = losses
    self.drifts = drifts
    self.snapshotsAfter = snapshotsAfter
    self.diskDelays = diskDelays
  }

  /// Everything at once.
  public static let chaos = Profile(
    "chaos", "everything at once",
    [
      (.split, 3), (.splitOneWay, 1), (.isolate, 1), (.bridge, 1), (.cutOneLink, 1), (.heal, 4),
      (.hold, 1), (.slowLinks, 1), (.unleash, 2), (.weather, 1), (.crash, 2), (.crashLeader, 1),
      (.crashAll, 1), (.crashDuringChange, 2), (.pause, 1), (.pauseLeader, 1), (.stallDisk, 1),
      (.stallLeaderDisk, 1), (.drift, 1), (.election, 1), (.snapshot, 1), (.transfer, 1),
      (.membership, 10), (.wipe, 1), (.rebuild, 2), (.returningMember, 2), (.divergingTail, 2),
      (.deafLeader, 1), (.respite, 2),
    ])

  /// No troubles but the delays of a good network and good disks.
  public static let calm = Profile(
    "calm", "no troubles: what the protocol does when nothing goes wrong", [], losses: [0],
    drifts: [0, 100], diskDelays: [0, 1, 10])

  /// A network that falls apart in every way.
  public static let partitions = Profile(
    "partitions", "a network that falls apart in every way",
    [
      (.split, 4), (.splitOneWay, 3), (.isolate, 2), (.bridge, 3), (.cutOneLink, 3), (.heal, 8),
      (.hold, 2), (.slowLinks, 1), (.unleash, 3), (.weather, 2),
      (.divergingTail, 2),
    ])

  /// Losses of power, torn writes, slow and stalled disks.
  public static let disks = Profile(
    "disks", "losses of power, torn writes, slow and stalled disks",
    [
      (.crash, 4), (.crashLeader, 3), (.crashAll, 2), (.stallDisk, 3), (.stallLeaderDisk, 3),
      (.weather, 1), (.snapshot, 1),
    ], diskDelays: [1, 10, 80, 200])

  /// Members that come and go while nodes fail.
  public static let membership = Profile(
    "membership", "members that come, go and come back while nodes fail",
    [
      (.membership, 12), (.crashDuringChange, 5), (.crash, 1), (.crashLeader, 1), (.split, 1),
      (.isolate, 1), (.heal, 3), (.hold, 1), (.unleash, 2), (.transfer, 1), (.weather, 1),
      (.returningMember, 3),
    ], gaps: [100, 400])

  /// Short logs, many snapshots, and followers that fall behind them.
  public static let snapshots = Profile(
    "snapshots", "short logs, many snapshots, followers that fall behind them",
    [
      (.snapshot, 4), (.crash, 3), (.isolate, 2), (.pause, 2), (.heal, 4), (.membership, 3),
      (.stallDisk, 1), (.weather, 1),
    ], snapshotsAfter: [3, 5, 20])

  /// Leaders that change all the time.
  public static let elections = Profile(
    "elections", "leaders that change all the time",
    [
      (.election, 6), (.transfer, 4), (.crashLeader, 3), (.pauseLeader, 3), (.isolate, 3),
      (.bridge, 1), (.heal, 6), (.stallLeaderDisk, 1), (.weather, 1),
    ], gaps: [100, 400])

  /// Nodes that stand still, and clocks that run apart.
  public static let pauses = Profile(
    "pauses", "nodes that stand still, clocks that run apart",
    [
      (.pause, 4), (.pauseLeader, 4), (.drift, 4), (.stallDisk, 1), (.hold, 2), (.unleash, 2),
      (.weather, 1), (.deafLeader, 3),
    ], drifts: [100, 20_000, 100_000])

  /// Nodes that lose their disks and come back under their old number.
  public static let wipes = Profile(
    "wipes", "nodes that lose their disks and come back under their old number",
    [
      (.wipe, 6), (.rebuild, 10), (.crash, 2), (.crashLeader, 2), (.split, 2), (.isolate, 2),
      (.heal, 5), (.hold, 1), (.unleash, 2), (.pause, 1), (.election, 2), (.membership, 2),
      (.stallDisk, 1), (.weather, 1),
    ], gaps: [100, 400])

  /// All profiles; the first is the one that is used unless another is named.
  public static let all = [
    Profile.chaos, .calm, .partitions, .disks, .membership, .snapshots, .elections, .pauses,
    .wipes,
  ]

  /// The profile with this name; `nil` if there is none.
  public static func named(_ name: String) -> Profile? {
    Self.all.first { $0.name == name }
  }
}
