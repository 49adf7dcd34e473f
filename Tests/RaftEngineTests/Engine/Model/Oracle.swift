import RaftEngine

/// What must be true of the whole cluster, whatever happened.
struct Oracle {
  private struct Written: Equatable {
    let payload: UInt64
    let previous: LogID?
  }

  private struct Leader: Equatable {
    let node: NodeID
    let life: Int
  }

  let rule: LeadershipRule
  /// Everything that was ever committed.
  private(set) var truth: [ModelEntry] = []
  /// Whose leadership committed it.
  private var committers: [LeaderID] = []
  /// The machine's fingerprint after each committed entry.
  private var digests: [UInt64] = []
  private var written: [LogID: Written] = [:]
  private var leaders: [LeaderID: Leader] = [:]
  /// How far writes were acknowledged.
  private(set) var acknowledged: LogIndex?
  private(set) var acknowledgedPayloads: Set<UInt64> = []
  private(set) var readCount = 0

  init(rule: LeadershipRule) {
    self.rule = rule
  }

  /// One position names one entry, with one history before it (log matching).
  mutating func appended(_ entries: [ModelEntry], to node: ModelNode) throws(Violation) {
    var previous = node.store.readable.log.last
    for entry in entries {
      let here = Written(payload: entry.payload, previous: previous)
      let known = self.written[entry.logID] ?? here
      guard known == here else {
        throw Violation(description: "\(entry.logID) is \(here) and \(known): \(node.engine)")
      }
      self.written[entry.logID] = here
      previous = entry.logID
    }
  }

  /// A vote is durable before anything that rests on it leaves the node.
  func spoke(_ node: ModelNode, under vote: Vote) throws(Violation) {
    let durable = node.store.durable.vote ?? .initial
    guard self.rule.allows(durable, after: vote) else {
      throw Violation(description: "spoke under \(vote), stored \(durable): \(node.engine)")
    }
  }

  /// A follower confirms what it has on disk, under a vote that it has on disk.
  func answers(_ outcome: AppendOutcome, of node: ModelNode) throws(Violation) {
    guard case .matched(let through) = outcome else { return }
    guard node.store.durable.vote == node.engine.vote,
      through.map({ node.store.holdsDurably($0) }) ?? true
    else {
      throw Violation(
        description: "confirmed \(String(describing: through)) without having it: \(node.engine)")
    }
  }

  // MARK: After each step

  mutating func observe(_ node: ModelNode, in cluster: Cluster) throws(Violation) {
    let engine = node.engine
    guard self.rule.allows(engine.vote, after: node.lastVote) else {
      throw Violation(description: "the vote went back from \(node.lastVote): \(engine)")
    }
    node.lastVote = engine.vote
    if engine.isLeader, node.led != engine.vote.leader {
      node.led = engine.vote.leader
      try self.elected(node)
    }
    if engine.committed.nextIndex > node.observed.nextIndex {
      try self.committed(node, in: cluster)
      node.observed = engine.committed
    }
  }

  /// One leader for each leadership, in one life; it has everything that earlier ones committed.
  private mutating func elected(_ node: ModelNode) throws(Violation) {
    let leader = Leader(node: node.id, life: node.life)
    let leadership = node.engine.vote.leader
    guard self.leaders.updateValue(leader, forKey: leadership) == nil,
      leadership.node == node.id
    else {
      throw Violation(description: "\(leadership) was led before: \(node.engine)")
    }
    // A leader that is elected late may have been overtaken already; it cannot commit any more.
    if let place = self.committers.lastIndex(where: { $0 < leadership }),
      !node.store.readable.log.holds(self.truth[place].logID)
    {
      throw Violation(
        description: "leads without committed \(self.truth[place].logID): \(node.engine)")
    }
  }

  private mutating func committed(
    _ node: ModelNode, in cluster: Cluster
  ) throws(Violation) {
    let log = node.store.readable.log
    var last: ModelEntry?
    for index in node.observed.nextIndex...node.engine.committed!.index {
      // What a snapshot replaced is checked when the machine takes the snapshot over.
      guard let entry = log.entry(at: index) else { continue }
      let place = Int(index.rawValue)
      if place < self.truth.count {
        guard self.truth[place] == entry else {
          throw Violation(
            description: "committed \(entry.logID) over \(self.truth[place]): \(node.engine)")
        }
        continue
      }
      // A leader that this very commit removes has stepped down already.
      guard place == self.truth.count, node.engine.vote.isCommitted,
        node.engine.vote.leader == node.led
      else {
        throw Violation(description: "committed \(entry.logID) on its own: \(node.engine)")
      }
      self.truth.append(entry)
      self.committers.append(node.engine.vote.leader)
      last = entry
    }
    guard let last else { return }
    let holders = cluster.nodes.filter { $0.store.holdsDurably(last.logID) }.map(\.id)
    guard node.membershipsInForce.contains(where: { $0.isQuorum { holders.contains($0) } }) else {
      throw Violation(
        description: "committed \(last.logID), durable on \(holders) only: \(node.engine)")
    }
    for other in cluster.nodes where other.engine.isLeader && other.isUp {
      guard
        other.engine.vote.leader < node.engine.vote.leader
          || other.store.readable.log.holds(last.logID)
      else {
        throw Violation(
          description: "\(node.engine) committed \(last.logID) unknown to \(other.engine)")
      }
    }
  }

  // MARK: Machines and clients

  /// Every machine applies the committed entries, in order, each once.
  mutating func applies(_ entry: ModelEntry, on node: ModelNode) throws(Violation) {
    let place = Int(entry.index.rawValue)
    guard node.machine.state.applied.nextIndex == entry.index, place < self.truth.count,
      self.truth[place] == entry
    else {
      throw Violation(description: "applies \(entry) after \(node.machine.state): \(node.engine)")
    }
    var state = node.machine.state
    state.apply(entry)
    if place == self.digests.count { self.digests.append(state.digest) }
    guard place < self.digests.count, self.digests[place] == state.digest else {
      throw Violation(description: "state differs at \(entry.logID): \(node.engine)")
    }
  }

  mutating func acknowledges(
    _ payload: UInt64, at entry: ModelEntry, on node: ModelNode
  ) throws(Violation) {
    guard entry.payload == payload else {
      throw Violation(description: "acknowledges \(payload) for \(entry): \(node.engine)")
    }
    self.acknowledged = max(self.acknowledged ?? entry.index, entry.index)
    self.acknowledgedPayloads.insert(payload)
  }

  /// A linearizable read sees every write that was acknowledged before it was asked for.
  mutating func reads(
    from logID: LogID, floor: LogIndex?, on node: ModelNode
  ) throws(Violation) {
    self.readCount += 1
    guard logID.index.next >= floor.nextIndex else {
      throw Violation(
        description: "reads from \(logID), acknowledged \(floor.nextIndex): \(node.engine)")
    }
  }
}

extension ModelNode {
  /// The membership that decides now, and the one that a commit of this very step may have
  /// followed.
  var membershipsInForce: [Membership] {
    [self.engine.membership.effective.membership, self.engine.membership.committed.membership]
      .compactMap(\.self)
  }
}
