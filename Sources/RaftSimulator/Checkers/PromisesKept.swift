import RaftEngine

/// What a node said, it stands by: its vote and what it confirmed are durable before it speaks, it
/// grants nothing against an earlier grant, and while it promised a leader to wait, it neither
/// votes for another nor campaigns.
struct PromisesKept {
  /// What one node has promised.
  private struct Given {
    /// The last vote under which the node spoke.
    var spoken = Vote.initial
    /// To whom it promised to wait, under that leader's vote, and until when by its own clock; the
    /// newest one at the end.
    var promises: [(vote: Vote, until: Instant)] = []

    var holder: NodeID? { self.promises.last?.vote.leader.node }
    var until: Instant { self.promises.map(\.until).max() ?? Instant(nanoseconds: .min) }
  }

  let rule: LeadershipRule
  private var given: [Given]

  init(rule: LeadershipRule, nodeCount: Int) {
    self.rule = rule
    self.given = Array(repeating: Given(), count: nodeCount)
  }

  /// Something that rests on this vote leaves a node whose disk holds that one.
  mutating func spoke(_ node: NodeID, under vote: Vote, durable: Vote?) throws(Finding) {
    guard self.rule.allows(durable ?? .initial, after: vote) else {
      throw Finding(
        .promisesKept,
        "node \(node) speaks under \(vote) and has \(durable ?? .initial) on its disk")
    }
    let place = Int(node.rawValue) - 1
    if self.rule.allows(vote, after: self.given[place].spoken) { self.given[place].spoken = vote }
  }

  /// A node confirms to a leader that it has everything through this position.
  func confirms(
    _ node: NodeID, through logID: LogID?, vote: Vote, durable: Vote?, isHeld: Bool
  ) throws(Finding) {
    guard durable == vote else {
      throw Finding(
        .promisesKept,
        "node \(node) confirms under \(vote) and has \(durable ?? .initial) on its disk")
    }
    guard isHeld else {
      throw Finding(
        .promisesKept,
        "node \(node) confirms \(logID.map(String.init(describing:)) ?? "-") and may lose it")
    }
  }

  /// A node starts: it remembers every vote under which it spoke, and its clock may show anything.
  ///
  /// - Parameter longest: How long it waits after any start. Of a longer promise than its
  ///   memberships allow it can know nothing; no leader counts on one.
  mutating func started(
    _ node: NodeID, vote: Vote, clock: Instant, clockBefore: Instant, longest: Int64
  ) throws(Finding) {
    let place = Int(node.rawValue) - 1
    guard self.rule.allows(vote, after: self.given[place].spoken) else {
      throw Finding(
        .promisesKept,
        "node \(node) starts with \(vote), after it spoke under \(self.given[place].spoken)")
    }
    // Nobody heard of a promise to a leader whose vote the disk does not hold.
    self.given[place].promises.removeAll { !self.rule.allows(vote, after: $0.vote) }
    for number in self.given[place].promises.indices {
      let rest = clockBefore.nanoseconds(to: self.given[place].promises[number].until)
      self.given[place].promises[number].until =
        clock.advanced(byNanoseconds: max(0, min(rest, longest)))
    }
  }

  /// A node lost its disk, and with it the memory of what it said; no vote of its next life counts
  /// where those of the former one did.
  mutating func lostDisk(_ node: NodeID) {
    self.given[Int(node.rawValue) - 1] = Given()
  }

  /// A node accepted an append under this leader's vote that asks for this promise.
  mutating func promised(_ node: NodeID, under vote: Vote, for duration: Int64, at now: Instant) {
    guard duration > 0 else { return }
    let place = Int(node.rawValue) - 1
    var until = now.advanced(byNanoseconds: duration)
    self.given[place].promises.removeAll { promise in
      if promise.vote == vote { until = max(until, promise.until) }
      return promise.vote == vote || promise.until <= now
    }
    self.given[place].promises.append((vote, until))
  }

  /// A quorum chose the node: it is bound to nobody.
  mutating func elected(_ node: NodeID) {
    self.given[Int(node.rawValue) - 1].promises = []
  }

  /// A node was asked to take over: only the leader behind which it stands may ask it, and only it,
  /// and only if its disk holds all of the leader's log.
  ///
  /// Who asks lets the node off its promise, also if its power fails before anybody hears of it.
  mutating func tookOver(
    _ node: NodeID, asked request: TransferRequest, from before: Vote, to vote: Vote,
    isHeld: Bool
  ) throws(Finding) {
    guard vote != before else { return }
    guard request.to == node, request.from == before, before.isCommitted, isHeld else {
      throw Finding(
        .promisesKept, "node \(node) stands behind \(vote), not \(before), because of \(request)")
    }
    self.given[Int(node.rawValue) - 1].promises = []
  }

  /// A node takes the side of a candidate, itself perhaps, in no transfer that its leader asked
  /// for.
  func stood(_ node: NodeID, behind vote: Vote, at now: Instant) throws(Finding) {
    let given = self.given[Int(node.rawValue) - 1]
    guard now < given.until, given.holder != vote.leader.node else { return }
    throw Finding(
      .promisesKept,
      """
      node \(node) stands behind \(vote) at \(now) of its clock and promised \
      \(given.holder.map { "node \($0)" } ?? "a leader") to wait until \(given.until)
      """)
  }
}
