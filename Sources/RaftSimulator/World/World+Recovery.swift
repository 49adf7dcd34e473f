import RaftEngine

/// The end of a run: the troubles are over, and the cluster must recover completely.
extension World {
  /// How long the cluster may take: for several elections, and for one round trip with each append
  /// that the longest log may need.
  private var recoveryTime: Int64 {
    let longest = self.nodes.map { $0.disk.readable.log.entries.count }.max() ?? 0
    let rounds =
      longest / min(self.plan.configuration.appendEntriesMax, self.plan.entriesPerMessage)
    return (15_000 + 8 * Int64(rounds)) * milliseconds
  }

  func runThroughChaos() throws(Finding) {
    try self.found()
    self.agenda.add(.client, at: self.now)
    if !self.scenario.profile.weights.isEmpty {
      self.agenda.add(.fault, at: self.now + self.plan.faultGap)
    }
    try self.run { self.steps < self.scenario.steps }
  }

  /// Clients go on at first; when fresh calls have succeeded they stop, and all members must reach
  /// the same state.
  func runThroughRecovery() throws(Finding) {
    self.endTroubles()
    let fresh = self.calls.count
    try self.recover { () throws(Finding) in try self.checkServing(since: fresh) }
    self.phase = .quiet
    self.trace(.fault, "the clients are silent")
    try self.recover { () throws(Finding) in try self.checkEquality() }
    for call in self.calls where call.outcome != .pending && call.number > 0 {
      try self.checkEnd(of: call)
    }
    try self.checkLinearizability()
  }

  /// There is an order of all calls that explains every answer.
  private func checkLinearizability() throws(Finding) {
    switch LinearizabilityChecker(effortMax: 2_000_000).check(self.clientHistory) {
    case .linearizable: break
    case .violation(let evidence): throw Finding(.linearizability, evidence.description)
    case .undecided: self.coverage.undecidedHistories += 1
    }
  }

  private func recover(_ check: () throws(Finding) -> Void) throws(Finding) {
    let deadline = self.now + self.recoveryTime
    while true {
      let pause = self.now + 100 * milliseconds
      try self.run { self.now < pause }
      do {
        return try check()
      } catch  where self.now < deadline && self.agenda.pendingCount > 0 {
        continue
      }
    }
  }

  private func endTroubles() {
    self.phase = .healing
    self.liftTroubles()
    self.trace(.fault, "the troubles end", mark: .troublesEnd)
  }

  /// Everything that troubles the network, the nodes and the disks ends; who is down starts.
  func liftTroubles() {
    self.network.heal()
    self.network.weather = .init()
    self.unleash()
    for node in self.nodes {
      node.pausedUntil = min(node.pausedUntil, self.now)
      node.stalledUntil = min(node.stalledUntil, self.now)
      if node.isUp, node.isFlushing {
        self.agenda.add(.flush(node.id, life: node.life), at: self.now)
      }
      if !node.isUp { self.agenda.add(.started(node.id), at: self.now) }
    }
    self.trace(.fault, "all links carry messages again", mark: .linksCut([]))
  }

  /// One node leads with a quorum, no change is left half done, and new calls succeed.
  private func checkServing(since fresh: Int) throws(Finding) {
    let leader = try self.settledLeader()
    let answered = self.calls[fresh...]
    guard
      answered.contains(where: { if case .written = $0.outcome { true } else { false } }),
      answered.contains(where: { if case .found = $0.outcome { true } else { false } })
    else {
      throw Finding(.liveness, "no new write and read succeeds: \(leader.summary)")
    }
  }

  private func settledLeader() throws(Finding) -> SimulatedNode {
    let leaders = self.nodes.filter { $0.isUp && $0.engine.hasQuorumContact }
    guard let leader = leaders.max(by: { $0.engine.vote.leader < $1.engine.vote.leader }),
      let membership = leader.engine.effective
    else {
      let all = self.nodes.map(\.summary).joined(separator: "\n  ")
      throw Finding(.liveness, "nobody leads:\n  \(all)")
    }
    guard !membership.isJoint, leader.engine.membership.isSettled else {
      throw Finding(.liveness, "a change is left half done: \(leader.summary)")
    }
    return leader
  }

  /// All members follow the leader and have applied everything.
  private func checkEquality() throws(Finding) {
    let leader = try self.settledLeader()
    guard let end = self.history.last, leader.engine.committed == leader.engine.log.last else {
      throw Finding(.liveness, "not everything is committed: \(leader.summary)")
    }
    for member in leader.engine.effective?.members ?? [] {
      let node = self.node(member.id)
      // One that lost its disk is not let in before it is removed and added again.
      guard member.incarnation ?? node.incarnation == node.incarnation else { continue }
      guard node.engine.leader == leader.id else {
        throw Finding(.liveness, "does not follow \(leader.summary): \(node.summary)")
      }
      guard node.engine.cluster == leader.engine.effective?.terms.cluster else {
        throw Finding(.liveness, "does not know the cluster of \(leader.summary): \(node.summary)")
      }
      guard member.incarnation != nil else {
        throw Finding(.liveness, "has not named n\(member.id): \(leader.summary)")
      }
      guard node.machine.state.applied == end.logID, node.engine.log.last == end.logID else {
        throw Finding(.liveness, "lags behind \(leader.summary): \(node.summary)")
      }
      guard member.role == .replica else { continue }
      guard node.machine.state.registers == leader.machine.state.registers else {
        throw Finding(.stateMachineSafety, "\(node.summary) differs from \(leader.summary)")
      }
    }
  }

  /// What a client was told is what is there in the end.
  private func checkEnd(of call: ClientCall) throws(Finding) {
    switch call.outcome {
    case .written, .mismatched:
      guard call.commitCount == 1 else {
        throw Finding(.clientOracle, "call \(call.number) was acknowledged and is not there")
      }
    case .refused:
      guard call.commitCount == 0 else {
        throw Finding(.clientOracle, "call \(call.number) was refused and took effect")
      }
    case .pending, .found, .unknown:
      break
    }
  }
}
