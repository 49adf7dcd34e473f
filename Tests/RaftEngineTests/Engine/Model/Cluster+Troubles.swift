import RaftEngine

/// What clients do, and what goes wrong.
extension Cluster {
  func clientActs() throws(Violation) {
    let gap = self.isCalm ? 100 * milliseconds : 20 * milliseconds
    self.agenda.add(.client, at: self.now + self.random.duration(upTo: gap) + 1)
    let leaders = self.nodes.filter { $0.isUp && $0.engine.isLeader }
    let anyone = leaders.isEmpty || self.random.happens(perMille: 50)
    guard let node = (anyone ? self.nodes : leaders).randomElement(using: &self.random),
      node.isUp, node.pausedUntil <= self.now
    else { return }
    if self.random.happens(perMille: 300) {
      let ticket = self.ticket(.read(floor: self.oracle.acknowledged), on: node)
      return try self.step(node, .readRequested(ticket))
    }
    try self.propose(Int.random(in: 1...4, using: &self.random), on: node)
  }

  func propose(_ count: Int, on node: ModelNode) throws(Violation) {
    for _ in 0..<count {
      self.payloads += 1
      node.openBatch.append(self.payloads)
    }
    try self.step(
      node,
      .proposed(
        count: count, byteCount: 8 * count,
        timestamp: Timestamp(nanoseconds: UInt64(self.now))))
  }

  func troubleComes() throws(Violation) {
    guard !self.isCalm else { return }
    self.agenda.add(
      .trouble, at: self.now + self.random.duration(upTo: self.plan.troubleGap) + 1)
    guard let node = self.nodes.randomElement(using: &self.random) else { return }
    let leader = self.nodes.first { $0.isUp && $0.engine.isLeader }
    switch Int.random(in: 0..<20, using: &self.random) {
    case 0...2: self.part()
    case 3...5: self.network.cut = []
    case 6: self.isolate(leader ?? node)
    case 7, 8: self.crash(node)
    case 9: self.crash(leader ?? node)
    case 10:
      let pause = self.random.duration(upTo: 1000 * milliseconds)
      node.pausedUntil = self.now + pause
    case 11:
      self.network.lossPerMille = self.plan.lossPerMille
      self.network.duplicatesPerMille = self.plan.duplicatesPerMille
      self.network.delay = self.plan.networkDelay
    case 12: try self.request(.electionRequested, of: node)
    case 13: try self.request(.snapshotRequested, of: node)
    case 14: try self.transfer(from: leader ?? node, to: node)
    default: try self.changeMembership(leader ?? node)
    }
  }

  private func request(_ input: Input, of node: ModelNode) throws(Violation) {
    guard node.isUp, node.pausedUntil <= self.now else { return }
    try self.step(node, input)
  }

  private func part() {
    let side = self.nodes.map { _ in Bool.random(using: &self.random) }
    let isOneWay = self.random.happens(perMille: 300)
    self.network.cut = []
    for (from, to) in self.pairs where side[from] != side[to] && !(isOneWay && side[from]) {
      self.network.cut.insert(.init(from: self.nodes[from].id, to: self.nodes[to].id))
    }
  }

  private func isolate(_ node: ModelNode) {
    let bridge = self.nodes.randomElement(using: &self.random)?.id
    for other in self.nodes where other.id != bridge {
      self.network.cut.insert(.init(from: node.id, to: other.id))
      self.network.cut.insert(.init(from: other.id, to: node.id))
    }
  }

  private var pairs: [(Int, Int)] {
    self.nodes.indices.flatMap { from in
      self.nodes.indices.filter { $0 != from }.map { (from, $0) }
    }
  }

  private func transfer(from leader: ModelNode, to node: ModelNode) throws(Violation) {
    guard leader.isUp, leader.pausedUntil <= self.now else { return }
    let target = self.random.happens(perMille: 300) ? nil : node.id
    try self.step(
      leader, .transferWanted(to: target, within: nil, self.ticket(.handover, on: leader)))
  }

  private func changeMembership(_ node: ModelNode) throws(Violation) {
    guard node.isUp, node.pausedUntil <= self.now else { return }
    let ids = self.nodes.map(\.id).shuffled(using: &self.random)
      .prefix(Int.random(in: 1...3, using: &self.random))
    let members = ids.map { Self.member($0) }
    let voters = node.engine.effective?.voters ?? []
    let change: MembershipChange =
      switch Int.random(in: 0..<8, using: &self.random) {
      case 0...1: .addLearners(members)
      case 2...3: .batch([.addLearners(members), .addVoters(Array(ids))])
      case 4: .removeVoters(Array(ids))
      case 5: .removeMembers(Array(ids))
      case 6: .batch([.addLearners(members), .replaceVoters(Array(ids))])
      default: .removeVoters(Array(voters.filter { $0 != node.id }.prefix(1)))
      }
    let retain = Bool.random(using: &self.random)
    try self.step(
      node,
      .membershipChangeRequested(
        change, retainingRemoved: retain, timestamp: Timestamp(nanoseconds: UInt64(self.now)),
        self.ticket(.membership, on: node)))
  }

  // MARK: Crash and start

  private func crash(_ node: ModelNode) {
    guard node.isUp else { return }
    self.trace("✗ \(node.id)")
    node.isUp = false
    node.life += 1
    for ticket in node.questions.keys.sorted(by: { $0.number < $1.number }) {
      switch node.questions[ticket] {
      case .append(let peer, let life, let sent):
        self.reportFailure(to: peer, life: life, sent, isCertain: false)
      case .snapshot(let peer, let life, _, _, let sent):
        self.reportFailure(to: peer, life: life, sent, isCertain: true)
      default: break
      }
    }
    node.losePower(
      keeping: Int.random(in: 0...node.store.pendingCount, using: &self.random))
    let rest = self.random.duration(upTo: 800 * milliseconds)
    self.agenda.add(.started(node.id), at: self.now + rest)
  }

  func start(_ node: ModelNode) throws(Violation) {
    guard !node.isUp else { return }
    node.isUp = true
    node.pausedUntil = 0
    node.engine = Engine(
      id: node.id, configuration: self.plan.configuration, recovered: node.store.recovered,
      seed: self.random.next(), at: self.instant)
    self.trace("✓ \(node.engine)")
    node.lastVote = node.engine.vote
    node.observed = node.store.snapshot?.meta.lastLogID
    try self.carryOut(node)
    try self.oracle.observe(node, in: self)
    self.setTimer(node)
    // Whoever founds a cluster tries until it is done.
    if self.oracle.truth.isEmpty, node.id == self.nodes[0].id { try self.found(by: node) }
  }

  // MARK: Calm

  func calmDown() {
    self.trace("calm")
    self.isCalm = true
    self.network = ModelNetwork()
    self.network.delay = milliseconds
    for node in self.nodes {
      node.pausedUntil = min(node.pausedUntil, self.now)
      if !node.isUp { self.agenda.add(.started(node.id), at: self.now) }
    }
  }

  /// In calm times one node leads, nothing is left half done, and all members have everything.
  func checkRecovered() throws(Violation) {
    let leaders = self.nodes.filter { $0.engine.hasQuorumContact }
    guard let leader = leaders.max(by: { $0.engine.vote.leader < $1.engine.vote.leader }),
      let membership = leader.engine.effective
    else {
      throw Violation(description: "nobody leads: \(self.nodes.map(\.engine))")
    }
    guard !membership.isJoint, leader.engine.membership.isSettled else {
      throw Violation(description: "a change is left half done: \(leader.engine)")
    }
    let end = self.oracle.truth.last?.index ?? 0
    for member in membership.members {
      let node = self.node(member.id)
      let lag = node.machine.state.applied.nextIndex.distance(to: end.next)
      guard lag < 20 else {
        throw Violation(
          description: "\(member.id) lags \(lag) behind \(leader.engine): \(node.engine)")
      }
      guard node.engine.leader == leader.id || node.engine.isLeader else {
        throw Violation(description: "does not follow \(leader.engine): \(node.engine)")
      }
    }
    let committed = Set(self.oracle.truth.map(\.payload))
    guard self.oracle.acknowledgedPayloads.isSubset(of: committed),
      committed.count == self.oracle.truth.count
    else {
      throw Violation(description: "an acknowledged write is lost, or there twice")
    }
  }
}

extension ModelNode {
  func losePower(keeping count: Int) {
    self.store.losePower(keeping: count)
    self.machine = ModelMachine()
    if let snapshot = self.store.snapshot { self.machine.state = snapshot.state }
    self.machine.handedOver = self.machine.state.applied
    self.questions = [:]
    self.openBatch = []
    self.waiting = [:]
    self.timer = nil
    self.isFlushing = false
    self.isMachineBusy = false
  }
}
