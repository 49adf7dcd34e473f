import RaftEngine

/// A leader's lease ends no later than the promises on which it rests, as the voters would keep
/// them even if they restarted now (§6.4.1).
struct BackedLeases {
  /// Until when a node waits by its own clock.
  private enum Bond {
    case until(Instant)
    /// Its disk was emptied: it is no member, and only a leader that will never commit counts it.
    case excused
  }

  private var bonds: [Bond]

  init(nodeCount: Int) {
    self.bonds = Array(repeating: .until(Instant(nanoseconds: .min)), count: nodeCount)
  }

  /// A node accepted an append that asks for this promise.
  mutating func promised(_ node: NodeID, for duration: Int64, at now: Instant) {
    let place = Int(node.rawValue) - 1
    guard duration > 0, case .until(let known) = self.bonds[place] else { return }
    self.bonds[place] = .until(max(known, now.advanced(byNanoseconds: duration)))
  }

  /// A node starts, and its clock may show anything.
  ///
  /// - Parameter longest: How long it waits after any start.
  mutating func started(
    _ node: NodeID, clock: Instant, clockBefore: Instant, longest: Int64
  ) {
    let place = Int(node.rawValue) - 1
    guard case .until(let known) = self.bonds[place] else { return }
    let rest = known <= clockBefore ? 0 : clockBefore.nanoseconds(to: known)
    self.bonds[place] = .until(clock.advanced(byNanoseconds: min(rest, longest)))
  }

  /// A node got an empty disk.
  mutating func emptied(_ node: NodeID) {
    self.bonds[Int(node.rawValue) - 1] = .excused
  }

  /// For how long the node still waits by its clock; `nil` if nobody counts on it any more.
  func rest(of node: NodeID, at now: Instant, longest: Int64) -> Int64? {
    guard case .until(let until) = self.bonds[Int(node.rawValue) - 1] else { return nil }
    return until <= now ? 0 : min(now.nanoseconds(to: until), longest)
  }

  /// A leader has taken note of an answer.
  func answered(_ node: SimulatedNode, among nodes: [SimulatedNode], at now: Int64) throws(Finding)
  {
    guard node.engine.holdsLease(at: node.clock.instant(at: now)),
      let membership = node.engine.effective
    else { return }
    let end = membership.quorumValue { id -> Int64? in
      guard id != node.id else { return .max }
      let voter = nodes[Int(id.rawValue) - 1]
      let clock = voter.clock.instant(at: now)
      guard let rest = self.rest(of: id, at: clock, longest: Self.longest(of: voter)) else {
        return .max
      }
      return voter.clock.worldTime(at: clock.advanced(byNanoseconds: rest))
    }
    guard let end, end < .max else { return }
    // Clocks are read to a few nanoseconds.
    let late = node.clock.instant(at: end + 1000)
    try self.check(
      node.engine.vote.leader, boundUntil: late, holds: node.engine.holdsLease(at: late))
  }

  func check(_ leader: LeaderID, boundUntil end: Instant, holds: Bool) throws(Finding) {
    guard holds else { return }
    throw Finding(
      .exclusiveLease,
      "\(leader) could read by its lease at \(end) of its clock, when no quorum is bound any more")
  }

  /// How long a node waits after any start, by what it knows now.
  static func longest(of node: SimulatedNode) -> Int64 {
    let state = node.engine.membership
    let agreed = [state.committed, state.effective].compactMap {
      $0.membership?.terms.largestPromise
    }
    return agreed.max() ?? node.engine.configuration.promise
  }
}
