import RaftEngine

extension World {
  func faultComes() throws(Finding) {
    guard self.phase == .chaos else { return }
    try self.play(
      .fault,
      always: {
        self.agenda.add(.fault, at: self.now + self.dice.duration(upTo: self.plan.faultGap) + 1)
      },
      { () throws(Finding) in
        guard self.undisturbedUntil <= self.now else { return }
        let weights = self.scenario.profile.weights
        var drawn = self.dice.below(weights.reduce(0) { $0 + $1.weight })
        for weight in weights {
          drawn -= weight.weight
          guard drawn < 0 else { continue }
          self.coverage.count(fault: PlainWords.split("\(weight.fault)"))
          try self.spy?(weight.fault, self.pieces[.fault])
          try self.bring(weight.fault)
          break
        }
      })
  }

  func bring(_ fault: Fault) throws(Finding) {
    let node = self.drawNode()
    let leader = self.drawLeader()
    switch fault {
    case .split: self.split(.bothWays)
    case .splitOneWay: self.split(.oneWay)
    case .isolate: self.isolate(leader ?? node, bridge: nil)
    case .bridge: self.isolate(leader ?? node, bridge: node.id)
    case .cutOneLink: self.cutOneLink(leader ?? node, node)
    case .heal:
      self.network.heal()
      self.trace(.fault, "all links carry messages again", mark: .linksCut([]))
    case .hold: self.hold(leader ?? node, node)
    case .slowLinks: self.slowDown(node)
    case .unleash: self.unleash()
    case .weather: self.changeWeather()
    case .crash:
      // A supervisor may be quicker than the promises that its node gave.
      self.crash(node, restAtMost: (self.dice.isHeads() ? 20 : 800) * milliseconds)
    case .crashLeader: self.crash(leader ?? node)
    case .crashAll:
      for node in self.nodes { self.crash(node) }
    case .crashDuringChange:
      // The ambush itself is laid when a change begins; this makes one likely.
      try self.changeMembership(leader ?? node)
    case .wipe: self.wipe(node)
    case .pause: self.pause(node)
    case .pauseLeader: self.pause(leader ?? node)
    case .stallDisk: self.stall(node)
    case .stallLeaderDisk: self.stall(leader ?? node)
    case .drift:
      self.coverage.clockChanges += 1
      node.clock.change(drift: self.drawDrift(), at: self.now)
      node.timer = nil
      if node.isUp { self.setTimer(node) }
      self.trace(.fault, node, "its clock gains \(node.clock.drift) ns each ms")
    case .election:
      self.coverage.electionsRequested += 1
      try self.request(.electionRequested, of: node)
    case .snapshot: try self.request(.snapshotRequested, of: node)
    case .transfer: try self.transfer(from: leader ?? node, to: node)
    case .membership: try self.changeMembership(leader ?? node)
    case .rebuild: try self.rebuild(node, by: leader ?? node)
    case .returningMember: try self.plotReturn()
    case .divergingTail: self.plotDivergence()
    case .deafLeader: try self.plotDeafness()
    case .respite: self.plotRespite()
    }
  }

  private func request(_ input: Input, of node: SimulatedNode) throws(Finding) {
    guard node.isUp, node.pausedUntil <= self.now else { return }
    try self.step(node, input)
  }

  // MARK: Network

  private enum Direction {
    case bothWays
    case oneWay
  }

  private func split(_ direction: Direction) {
    self.coverage.partitions += 1
    self.network.heal()
    let side = self.nodes.map { _ in self.dice.isHeads() }
    for from in self.nodes.indices {
      for to in self.nodes.indices
      where side[from] != side[to] && (direction == .bothWays || !side[from]) {
        self.network.cut(from: self.nodes[from].id, to: self.nodes[to].id)
      }
    }
    self.trace(
      .fault, "the network splits, \(PlainWords.of(direction))",
      mark: .linksCut(self.network.cutLinks))
  }

  /// Only the bridge, if there is one, hears the node and is heard by it.
  func isolate(_ node: SimulatedNode, bridge: NodeID?) {
    self.coverage.partitions += 1
    for other in self.nodes where other.id != bridge && other.id != node.id {
      self.network.cut(from: node.id, to: other.id)
      self.network.cut(from: other.id, to: node.id)
    }
    self.trace(
      .fault, node, "reaches only \(bridge.map { "n\($0)" } ?? "itself")",
      mark: .linksCut(self.network.cutLinks))
  }

  private func cutOneLink(_ one: SimulatedNode, _ other: SimulatedNode) {
    guard one.id != other.id else { return }
    self.coverage.partitions += 1
    self.network.cut(from: one.id, to: other.id)
    if self.dice.isHeads() { self.network.cut(from: other.id, to: one.id) }
    self.trace(.fault, one, "does not reach n\(other.id)", mark: .linksCut(self.network.cutLinks))
  }

  private func hold(_ one: SimulatedNode, _ other: SimulatedNode) {
    guard one.id != other.id else { return }
    self.network.hold(from: one.id, to: other.id)
    if self.dice.isHeads() { self.network.hold(from: other.id, to: one.id) }
    self.trace(.fault, one, "its messages to n\(other.id) are held back")
  }

  private func slowDown(_ node: SimulatedNode) {
    let delay = self.dice.duration(upTo: 100 * milliseconds)
    for other in self.nodes where other.id != node.id {
      self.network.slowDown(from: node.id, to: other.id, by: delay)
    }
    self.trace(.fault, node, "its messages take \(delay / milliseconds) ms longer")
  }

  func unleash() {
    for packet in self.network.unleash() { self.carry(packet) }
    self.trace(.fault, "nothing is held back")
  }

  private func changeWeather() {
    self.network.weather = .init(
      lossPerMille: self.plan.lossPerMille, duplicatesPerMille: self.plan.duplicatesPerMille,
      stragglersPerMille: self.dice.pick([0, 50, 300]), delay: self.plan.networkDelay)
    self.trace(.fault, "the weather of the network: \(PlainWords.of(self.network.weather))")
  }

  /// An operator wants another leader, or two operators want two of them.
  private func transfer(from leader: SimulatedNode, to node: SimulatedNode) throws(Finding) {
    guard leader.isUp, leader.pausedUntil <= self.now else { return }
    let target = self.dice.happens(perMille: 300) ? nil : node.id
    self.trace(.fault, leader, "shall hand over to \(target.map { "n\($0)" } ?? "anybody")")
    try self.step(
      leader, .transferWanted(to: target, within: nil, self.ticket(.handover, on: leader)))
    if let target, self.dice.isHeads() { self.plotHandingOn(from: leader, to: target) }
    guard self.dice.happens(perMille: 300) else { return }
    try self.step(
      leader,
      .transferWanted(to: self.drawNode().id, within: nil, self.ticket(.handover, on: leader)))
  }

  // MARK: Nodes

  private func pause(_ node: SimulatedNode) {
    guard node.isUp else { return }
    self.coverage.pauses += 1
    node.pausedUntil = self.now + self.dice.duration(upTo: 1000 * milliseconds)
    self.trace(.fault, node, "stands still", mark: .paused(until: node.pausedUntil))
  }

  func stall(_ node: SimulatedNode) {
    guard node.isUp else { return }
    self.coverage.diskStalls += 1
    node.stalledUntil = self.now + self.dice.duration(upTo: 2000 * milliseconds)
    self.trace(.fault, node, "its disk stalls", mark: .diskStalls(until: node.stalledUntil))
  }

  /// A leader begins a change; perhaps it does not live to see its end.
  func layAmbush(for node: SimulatedNode) {
    guard self.phase == .chaos, self.dice.happens(perMille: 300),
      self.scenario.profile.weights.contains(where: { $0.fault == .crashDuringChange })
    else { return }
    self.agenda.add(
      .ambush(node.id, life: node.life),
      at: self.now + self.dice.duration(upTo: 4 * self.network.weather.delay + 20 * milliseconds))
  }

  func ambush(_ id: NodeID, life: Int) throws(Finding) {
    let node = self.node(id)
    guard self.phase == .chaos, node.isUp, node.life == life else { return }
    try self.play(.ambush) {
      self.coverage.count(fault: "ambush")
      switch self.dice.below(3) {
      case 0: self.crash(node)
      case 1: self.pause(node)
      default: self.isolate(node, bridge: nil)
      }
    }
  }

  // MARK: Members

  private func changeMembership(_ node: SimulatedNode) throws(Finding) {
    guard node.isUp, node.pausedUntil <= self.now else { return }
    var all = self.nodes.map(\.id)
    self.dice.shuffle(&all)
    let ids = Array(all.prefix(self.dice.number(in: 1...3)))
    let members = ids.map { self.plan.member($0) }
    let voters = node.engine.effective?.voters ?? []
    let change: MembershipChange =
      switch self.dice.below(8) {
      case 0...1: .addLearners(members)
      case 2...3: .batch([.addLearners(members), .addVoters(ids)])
      case 4: .removeVoters(ids)
      case 5: .removeMembers(ids)
      case 6: .batch([.addLearners(members), .replaceVoters(ids)])
      default: .removeVoters(Array(voters.filter { $0 != node.id }.prefix(1)))
      }
    guard self.isSensible(change, for: node) else { return }
    let expected = self.drawExpected(by: node)
    try self.step(
      node,
      .membershipChangeRequested(
        change, retainingRemoved: self.dice.isHeads(), expected: expected,
        timestamp: Timestamp(nanoseconds: UInt64(self.now)),
        self.ticket(.membership(expected: expected), on: node)))
  }

  /// The membership that an operator has seen, and means to change: the leader's own, or that of
  /// a node that may be behind, or none in particular.
  private func drawExpected(by leader: SimulatedNode) -> LogID? {
    switch self.dice.below(6) {
    case 0: leader.engine.membership.effective.logID
    case 1: self.drawNode().engine.membership.committed.logID
    default: nil
    }
  }
}
