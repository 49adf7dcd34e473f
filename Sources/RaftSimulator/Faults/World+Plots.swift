import RaftEngine

extension World {
  func goOn(with plot: Plot) throws(Finding) {
    guard self.phase == .chaos else { return }
    switch plot {
    case .respite(let plot): try self.goOn(plot)
    case .returning(let plot): try self.goOn(plot)
    case .diverging(let plot): self.goOn(plot)
    case .deaf(let plot): try self.goOn(plot)
    case .handingOn(let plot): try self.goOn(plot)
    }
  }

  private func schedule(_ plot: Plot, in duration: Int64) {
    self.agenda.add(.plot(plot), at: self.now + duration)
  }

  /// The node that leads under this leadership, if it still does so and can act.
  private func acting(_ leader: LeaderID) -> SimulatedNode? {
    let node = self.node(leader.node)
    guard node.leads, node.engine.vote.leader == leader, node.pausedUntil <= self.now else {
      return nil
    }
    return node
  }

  // MARK: A respite

  /// All troubles end and every node gets its vote back; then a plot has the stage for itself.
  func plotRespite() {
    guard self.now >= self.undisturbedUntil + 20_000 * milliseconds else { return }
    self.liftTroubles()
    self.trace(.fault, "a respite begins", mark: .troublesEnd)
    self.undisturbedUntil = self.now + 6000 * milliseconds
    self.schedule(.respite(.init()), in: 1000 * milliseconds)
  }

  private func goOn(_ plot: Plot.Respite) throws(Finding) {
    switch plot.act {
    case .gathering:
      if let leader = self.drawLeader(), let membership = leader.engine.effective {
        let missing = self.nodes.map(\.id).filter { !membership.isVoter($0) }
        let added = MembershipChange.addLearners(missing.map(self.plan.member))
        try self.change(.batch([added, .addVoters(missing)]), by: leader)
      }
      self.schedule(
        .respite(.init(act: .prologue)), in: self.dice.duration(upTo: 2000 * milliseconds))
    case .prologue:
      try self.bring(self.dice.pick([.returningMember, .deafLeader]))
    }
  }

  /// A plot is over: faults come again.
  private func endRespite() { self.undisturbedUntil = min(self.undisturbedUntil, self.now) }

  // MARK: A member that returns

  func plotReturn() throws(Finding) {
    guard let leader = self.drawLeader(), leader.engine.hasQuorumContact,
      leader.engine.membership.isSettled, let membership = leader.engine.effective
    else { return }
    let peers = membership.members.map(\.id).filter { id in
      id != leader.id && (!membership.isVoter(id) || membership.voters.count > 2)
    }
    guard !peers.isEmpty else { return }
    let peer = self.dice.pick(peers)
    let plot = Plot.ReturningMember(
      leader: leader.engine.vote.leader, peer: peer, losesDisk: self.dice.happens(perMille: 800),
      deadline: self.now + 3000 * milliseconds)
    self.network.hold(from: peer, to: leader.id)
    self.trace(.fault, leader, "the answers of n\(peer) are held back")
    self.schedule(.returning(plot), in: self.dice.duration(upTo: 100 * milliseconds))
  }

  private func goOn(_ old: Plot.ReturningMember) throws(Finding) {
    var plot = old
    guard let leader = self.acting(plot.leader), self.now < plot.deadline else {
      self.endRespite()
      return self.release(from: plot.peer, to: plot.leader.node)
    }
    let state = leader.engine.membership
    switch plot.act {
    case .removal:
      try self.change(
        .batch([.removeVoters([plot.peer]), .removeMembers([plot.peer])]), by: leader)
      plot.act = .addition
    case .addition:
      guard state.isSettled, let membership = state.effective.membership,
        membership.member(plot.peer) == nil
      else { break }
      if plot.losesDisk {
        guard self.isForgotten(self.node(plot.peer)) else { break }
        self.empty(self.node(plot.peer))
      }
      let added = MembershipChange.addLearners([self.plan.member(plot.peer)])
      try self.change(
        self.dice.isHeads() ? added : .batch([added, .addVoters([plot.peer])]), by: leader)
      plot.act = .arrival
    case .arrival:
      guard state.effective.membership?.member(plot.peer) != nil else { break }
      self.trace(.fault, leader, "the answers of n\(plot.peer) arrive")
      self.endRespite()
      return self.release(from: plot.peer, to: leader.id)
    }
    self.schedule(.returning(plot), in: 10 * milliseconds)
  }

  private func change(_ change: MembershipChange, by node: SimulatedNode) throws(Finding) {
    guard self.isSensible(change, for: node) else { return }
    try self.step(
      node,
      .membershipChangeRequested(
        change, retainingRemoved: false, timestamp: Timestamp(nanoseconds: UInt64(self.now)),
        self.ticket(.membership(expected: nil), on: node)))
  }

  /// Whether nobody can count on what this node has said: every other node knows durably a
  /// membership without it, or knows nothing at all.
  ///
  /// On its way back through the log the node meets old memberships. It must be unable to win an
  /// election in any of them, alone or with others that know nothing: who was the only voter once
  /// must come back under another id.
  private func isForgotten(_ node: SimulatedNode) -> Bool {
    guard let last = self.history.entries.last(where: { $0.membership >= 0 }),
      self.memberships[Int(last.membership)].member(node.id) == nil
    else { return false }
    var ignorant = [node.id]
    for other in self.nodes where other.id != node.id {
      if other.disk.readable.log.last == nil, other.disk.snapshot == nil {
        ignorant.append(other.id)
      } else if !other.disk.holdsDurably(last.logID)
        || other.engine.effective?.member(node.id) != nil
      {
        return false
      }
    }
    return !self.memberships.contains { $0.isQuorum(where: ignorant.contains) }
  }

  /// The operator gives a server that is no member an empty disk.
  private func empty(_ node: SimulatedNode) {
    self.crash(node, restAtMost: 20 * milliseconds)
    self.coverage.disksEmptied += 1
    node.loseDisk(for: self.nextIncarnation())
    self.checkers.lostDisk(node.id)
    self.trace(.fault, node, "gets an empty disk; its data is \(node.incarnation) now")
  }

  // MARK: A tail that diverges

  func plotDivergence() {
    guard self.nodes.count > 2, let leader = self.drawLeader(), leader.engine.hasQuorumContact,
      let membership = leader.engine.effective
    else { return }
    let others = self.nodes.filter { $0.id != leader.id && membership.member($0.id) != nil }
    guard !others.isEmpty else { return }
    let node = self.dice.happens(perMille: 600) ? leader : self.dice.pick(others)
    for other in others where other.id != node.id {
      self.network.holdEntries(from: leader.id, to: other.id)
    }
    self.trace(.fault, leader, "its entries reach nobody but n\(node.id)")
    if self.dice.isHeads() { self.stall(node) }
    let plot = Plot.DivergingTail(
      leader: leader.engine.vote.leader, node: node.id, deadline: self.now + 3000 * milliseconds)
    self.schedule(
      .diverging(plot), in: 10 * milliseconds + self.dice.duration(upTo: 150 * milliseconds))
  }

  private func goOn(_ old: Plot.DivergingTail) {
    var plot = old
    let node = self.node(plot.node)
    let successor = self.nodes.first {
      $0.leads && $0.engine.vote.leader > plot.leader && $0.engine.hasQuorumContact
    }
    switch plot.act {
    case .parting:
      self.isolate(self.node(plot.leader.node), bridge: nil)
      if node.id != plot.leader.node { self.isolate(node, bridge: nil) }
      plot.act = .reunion
      self.schedule(.diverging(plot), in: 100 * milliseconds)
    case .reunion:
      let last = node.engine.log.last?.index
      if let successor, successor.engine.committed.nextIndex > last.nextIndex {
        plot.act = .halting(turns: 8)
        self.halt(plot, successor)
      } else if self.now < plot.deadline {
        self.schedule(.diverging(plot), in: 20 * milliseconds)
        return
      }
      for other in self.nodes { self.release(from: plot.leader.node, to: other.id) }
      self.network.heal()
      self.trace(.fault, "all links carry messages again", mark: .linksCut([]))
    case .halting(let turns):
      guard let successor, turns > 0 else {
        for other in self.nodes { self.release(from: other.id, to: node.id) }
        return
      }
      plot.act = .halting(turns: turns - 1)
      self.halt(plot, successor)
    }
  }

  /// Entries wait or pass, in turns.
  private func halt(_ plot: Plot.DivergingTail, _ leader: SimulatedNode) {
    guard case .halting(let turns) = plot.act else { return }
    if turns % 2 == 0 {
      self.network.holdEntries(from: leader.id, to: plot.node)
    } else {
      self.release(from: leader.id, to: plot.node)
    }
    let most = (turns % 2 == 0 ? 120 : 30) * milliseconds
    self.schedule(.diverging(plot), in: self.dice.duration(upTo: most))
  }

  // MARK: A leader that is deaf

  func plotDeafness() throws(Finding) {
    guard let leader = self.drawLeader(), leader.pausedUntil <= self.now,
      leader.engine.hasQuorumContact, let voters = leader.engine.effective?.voters, voters.count > 2
    else { return }
    for other in self.nodes where other.id != leader.id {
      self.network.hold(from: other.id, to: leader.id)
    }
    self.trace(.fault, leader, "the answers that it waits for are held back")
    let plot = Plot.DeafLeader(leader: leader.engine.vote.leader)
    self.schedule(.deaf(plot), in: self.dice.duration(upTo: 100 * milliseconds))
    // The answers to the round that this one sends will be among those that arrive late.
    if self.dice.isHeads() { try self.askRead(of: leader, Self.askingEveryone) }
  }

  private func goOn(_ old: Plot.DeafLeader) throws(Finding) {
    var plot = old
    let leader = self.node(plot.leader.node)
    switch plot.act {
    case .stop:
      guard let leader = self.acting(plot.leader) else { break }
      leader.pausedUntil = self.now + 2000 * milliseconds
      self.coverage.pauses += 1
      self.trace(.fault, leader, "stands still", mark: .paused(until: leader.pausedUntil))
      plot.act = .question
      return self.schedule(.deaf(plot), in: 100 * milliseconds)
    case .question:
      guard leader.leads, leader.engine.vote.leader == plot.leader,
        leader.pausedUntil > self.now + 100 * milliseconds
      else { break }
      let isReplaced = self.nodes.contains {
        $0.leads && $0.engine.vote.leader > plot.leader && $0.engine.hasQuorumContact
      }
      guard isReplaced,
        self.checkers.clientOracle.acknowledged.nextIndex
          > leader.engine.committed.map(\.index).nextIndex
      else { return self.schedule(.deaf(plot), in: 50 * milliseconds) }
      // The question is what it hears first when it goes on, before its own timer.
      leader.pausedUntil = self.now
      self.trace(.fault, leader, "goes on, and is asked", mark: .paused(until: self.now))
      try self.askRead(of: leader, Self.askingEveryone)
    }
    self.endRespite()
    for other in self.nodes { self.release(from: other.id, to: leader.id) }
  }

  /// A read for which no lease will do.
  private static let askingEveryone = ReadWish(
    ageMax: nil, isAsking: true, timeout: 300 * milliseconds)

  // MARK: A leadership that is handed on

  /// The leader was just asked to hand over to the successor.
  func plotHandingOn(from leader: SimulatedNode, to successor: NodeID) {
    guard leader.leads, let membership = leader.engine.effective, membership.isVoter(successor)
    else { return }
    var others = membership.voters.filter { $0 != leader.id && $0 != successor }
    guard others.count > 1 else { return }
    self.dice.shuffle(&others)
    self.network.hold(from: successor, to: others[0])
    self.trace(.fault, self.node(successor), "its messages to n\(others[0]) are held back")
    let plot = Plot.HandingOn(
      leader: leader.engine.vote.leader, successor: successor, next: others[1], voter: others[0],
      deadline: self.now + 500 * milliseconds)
    self.schedule(.handingOn(plot), in: 2 * milliseconds)
  }

  private func goOn(_ old: Plot.HandingOn) throws(Finding) {
    var plot = old
    let node = self.node(plot.successor)
    guard plot.act == .election, self.now < plot.deadline else {
      return self.release(from: plot.successor, to: plot.voter)
    }
    guard node.leads, node.engine.vote.leader > plot.leader, node.pausedUntil <= self.now else {
      return self.schedule(.handingOn(plot), in: 2 * milliseconds)
    }
    self.trace(.fault, node, "shall hand on to n\(plot.next)")
    try self.step(
      node, .transferWanted(to: plot.next, within: nil, self.ticket(.handover, on: node)))
    plot.act = .arrival
    self.schedule(.handingOn(plot), in: 100 * milliseconds)
  }
}
