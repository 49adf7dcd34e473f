import RaftEngine

/// How nodes come into the world, stop and start.
extension World {
  /// One node founds the cluster, or several do so with the same membership.
  func found() throws(Finding) {
    let founders = self.dice.happens(perMille: 300) ? self.plan.voterCount : 1
    for node in self.nodes.prefix(founders) {
      try self.found(by: node)
    }
    // A founder may lose power between its first writes.
    guard self.plan.script == nil, self.dice.happens(perMille: 200) else { return }
    self.losePower(self.nodes[0], .someWrites)
    try self.start(self.nodes[0])
  }

  private func found(by node: SimulatedNode) throws(Finding) {
    let members = self.nodes.prefix(self.plan.voterCount).map { self.plan.member($0.id) }
    let terms = Membership.Terms(
      cluster: ClusterID(high: 1, low: self.scenario.seed), leadershipRule: self.plan.rule)
    guard let membership = try? Membership(voters: members, terms: terms) else {
      throw Finding(.soundCommands, "no membership of \(members)")
    }
    try self.step(
      node,
      .bootstrapRequested(membership, timestamp: .epoch, self.ticket(.bootstrap, on: node)))
  }

  func ticket(_ question: SimulatedNode.Question, on node: SimulatedNode) -> Ticket {
    self.tickets += 1
    let ticket = Ticket(self.tickets)
    node.ask(question, ticket)
    return ticket
  }

  /// The node loses power; it starts again after a while.
  func crash(_ node: SimulatedNode, restAtMost rest: Int64 = 800 * milliseconds) {
    guard node.isUp else { return }
    self.losePower(node, .someWrites)
    self.agenda.add(.started(node.id), at: self.now + self.dice.duration(upTo: rest))
  }

  /// What of the writes that are not known to be durable survives a loss of power.
  enum Survivors {
    /// Some of the oldest, as chance will have it.
    case someWrites
    case noWrite
    case allWrites
  }

  /// The node loses power.
  func losePower(_ node: SimulatedNode, _ survivors: Survivors) {
    self.coverage.crashes += 1
    if node.standing.isLeader, !node.waitingWrites.isEmpty {
      self.coverage.deposedWithPendingWrites += 1
    }
    for question in node.openQuestions {
      switch question {
      case .append(let peer, let life, let sent):
        self.reportFailure(to: peer, life: life, sent, .sometimes)
      case .snapshot(let peer, let life, _, _, let sent):
        self.reportFailure(to: peer, life: life, sent, .always)
      case .read(let call, _):
        self.answer(call, .unknown)
      default: break
      }
    }
    for write in node.waitingWrites { self.answer(write.call, .unknown) }
    for read in node.waitingReads { self.answer(read.call, .unknown) }
    let pending = node.disk.pendingCount
    let loss =
      switch survivors {
      case .someWrites:
        node.losePower(
          keeping: self.dice.number(in: 0...pending), andEntries: self.dice.below(4))
      case .noWrite: node.losePower(keeping: 0, andEntries: 0)
      case .allWrites: node.losePower(keeping: pending, andEntries: 0)
      }
    if loss.entries > 0 { self.coverage.crashesWithLostTail += 1 }
    if loss.isTorn { self.coverage.tornTails += 1 }
    self.trace(.fault, node, "loses power, and with it \(loss.writes) writes", mark: .wentDown)
  }

  func start(_ node: SimulatedNode) throws(Finding) {
    guard !node.isUp else { return }
    node.isUp = true
    node.timer = nil
    node.pausedUntil = 0
    node.stalledUntil = 0
    var recovered = node.disk.recovered(self.memberships)
    recovered.incarnation = node.incarnation
    let clockBefore = node.clock.instant(at: self.now)
    node.clock = self.drawClock()
    var configuration = self.plan.configuration(of: node.id)
    if !self.plan.otherPromises.isEmpty {
      configuration.promise = self.dice.pick(self.plan.otherPromises)
    }
    node.start(
      Engine(
        id: node.id, configuration: configuration,
        recovered: recovered, seed: self.dice.next(), at: node.clock.instant(at: self.now)))
    self.trace(.fault, node, "starts: \(node.engine)", mark: .cameUp)
    node.observed = node.disk.snapshot?.meta.lastLogID.index
    try self.checkers.started(node, clockBefore: clockBefore, at: self.now)
    try self.carryOut(node)
    try self.observe(node)
    self.setTimer(node)
    // Whoever founds a cluster tries until it is done.
    if self.history.last == nil, node.id == self.nodes[0].id, self.plan.script == nil {
      try self.found(by: node)
    }
  }
}
