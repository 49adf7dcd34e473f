import Raft

/// One run from the founding of the cluster to its end: chaos, then healing, then the checks.
final class NodePlay: @unchecked Sendable {
  let world: NodeWorld
  let cluster: NodeCluster
  let book: CallBook
  var lastValue: UInt64 = 0
  private(set) var clientsShallEnd = false
  private var clientsRunning = 0
  /// What the scenario is doing, for reports of what never ended.
  private(set) var phase = "founding"

  init(world: NodeWorld, interposer: (any NodeInterposer)?) {
    self.world = world
    self.cluster = NodeCluster(world: world, interposer: interposer)
    self.book = CallBook(world: world)
  }

  /// Plays the whole scenario.
  func run() async {
    let faults = NodeFaults(self)
    for station in self.cluster.stations { self.cluster.start(station) }
    guard await self.found() else { return }
    for number in 1...self.world.profile.clientCount {
      self.clientsRunning += 1
      Task {
        await NodeClient(number: number, play: self).run()
        self.clientsRunning -= 1
      }
    }
    self.enter("chaos")
    await faults.run()
    self.enter("healing")
    await faults.heal()
    guard await self.recover() else { return }
    self.enter("convergence")
    guard await self.converge() else { return }
    self.enter("shutdown")
    await self.shutDown()
    self.enter("end")
  }

  /// Starts what has stopped, while faults are being healed.
  func reviveAll() {
    for station in self.cluster.stations where station.life == nil { self.cluster.start(station) }
  }

  private func enter(_ phase: String) {
    self.phase = phase
    self.world.note(.fault, "the run comes to its \(phase)")
  }

  /// Waits for a condition within the liveness deadline; fails the run otherwise.
  private func wait(
    for what: @autoclosure () -> String, _ isMet: () async -> Bool
  ) async -> Bool {
    let deadline = self.world.now + self.world.profile.liveness.nanoseconds
    while await !isMet() {
      guard self.world.now < deadline, self.world.violation == nil else {
        self.world.fail(.liveness, "\(what()) does not come; \(self.state)")
        return false
      }
      await self.world.sleep(for: 50_000_000)
    }
    return true
  }

  /// The nodes in words.
  var state: String {
    let nodes = self.cluster.stations.map { station in
      station.life.map { "\($0.node.metrics)" } ?? "node \(station.id) is down"
    }
    return "phase \(self.phase); \(nodes.joined(separator: "; "))"
  }

  // MARK: Phases

  private func found() async -> Bool {
    let founders = self.cluster.stations.prefix(self.world.profile.founderCount)
    let members = founders.map { self.world.profile.member($0.id) }
    let cluster = ClusterID(high: self.world.next(), low: 1)
    // One founder is enough; more must do no harm if all say the same.
    let tellers = self.world.happens(300) ? Array(founders) : Array(founders.prefix(1))
    for station in tellers {
      guard let node = station.life?.node else { continue }
      let rule = self.world.profile.leadershipRule
      Task {
        do throws(BootstrapError) {
          try await node.bootstrap(with: members, cluster: cluster, leadershipRule: rule)
        } catch .notAllowed {
          // Another founder was quicker, and its leader has reached this one.
        } catch .witness {
          // It founds nothing.
        } catch {
          self.world.fail(.liveness, "founding: \(error)")
        }
      }
    }
    return await self.wait(for: "the first leader") {
      self.cluster.leader?.life?.node.metrics.hasQuorumContact ?? false
    }
  }

  /// How many calls were answered.
  private var succeeded: Int {
    self.world.coverage.writesAcknowledged + self.world.coverage.readsAnswered
  }

  /// After the last fault writes succeed again, and every call is answered.
  private func recover() async -> Bool {
    let before = self.succeeded
    let works = await self.wait(for: "a successful call after the last fault") {
      self.reviveAll()
      return self.succeeded > before + 20
    }
    self.clientsShallEnd = true
    guard works else { return false }
    return await self.wait(for: "the end of \(self.book.unanswered.prefix(3))") {
      self.clientsRunning == 0 && self.book.outstanding == 0
    }
  }

  /// One leader, and all members with the same state; then the checks of all calls.
  private func converge() async -> Bool {
    let isCalm = await self.wait(for: "agreement of all members") { self.isConverged }
    guard isCalm, let leader = self.cluster.leader?.life?.node,
      let membership = leader.metrics.effectiveMembership.membership
    else { return false }
    do throws(ReadError) {
      try await leader.linearizableRead()
      let end = try await leader.read { ($0.lines, $0.guest?.state) }
      for station in self.cluster.stations {
        guard let node = station.life?.node,
          self.world.profile.role(of: station.id) == .replica
        else { continue }
        let own = try await node.read { ($0.lines, $0.guest?.state) }
        let isMember = membership.member(station.id) != nil
        guard isMember ? own == end : end.0.starts(with: own.0) else {
          self.world.fail(
            .stateMachineSafety, "node \(station.id) ends with another state than the leader")
          return false
        }
      }
      try await self.judge(end.0, leader)
    } catch {
      self.world.fail(.liveness, "a read after all faults are healed: \(error)")
    }
    return self.world.violation == nil
  }

  /// Checks all calls against what the cluster agreed on in the end.
  private func judge(
    _ lines: [SimulatedMachine.Line], _ leader: RaftNode<SimulatedMachine>
  ) async throws(ReadError) {
    if let broken = NodeChecks(lines: lines, calls: self.book.calls).violation() {
      self.world.fail(broken.property, broken.evidence)
    }
    switch LinearizabilityChecker().check(self.book.history) {
    case .violation(let evidence): self.world.fail(.linearizability, "\(evidence)")
    case .undecided: self.world.coverage.undecidedHistories += 1
    case .linearizable: break
    }
    let wish = try await leader.read { $0.guest?.judgement(of: lines.map(\.command)) }
    if let broken = wish ?? nil { self.world.fail(.invariant, broken) }
  }

  private var isConverged: Bool {
    let leaders = self.cluster.running.compactMap { $0.life?.node.metrics }
      .filter { $0.state == .leader }
    guard leaders.count == 1, leaders[0].hasQuorumContact,
      leaders[0].effectiveMembership == leaders[0].committedMembership,
      let membership = leaders[0].effectiveMembership.membership, !membership.isJoint
    else { return false }
    return membership.members.allSatisfy { member in
      let metrics = self.cluster.network.station(of: member.id).life?.node.metrics
      return metrics?.applied == leaders[0].lastLogID && metrics?.leader == leaders[0].id
    }
  }

  private func shutDown() async {
    await withDiscardingTaskGroup { group in
      for station in self.cluster.stations {
        group.addTask { await self.cluster.stop(station) }
      }
    }
    for life in self.cluster.lives { await life.untilEnded() }
  }
}
