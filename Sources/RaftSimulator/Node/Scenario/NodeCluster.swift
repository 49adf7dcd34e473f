import Raft

/// The nodes of a run: starts them, stops them, and takes their power away.
final class NodeCluster: @unchecked Sendable {
  let world: NodeWorld
  let network: NodeNetwork
  let stations: [NodeStation]
  private let interposer: (any NodeInterposer)?
  /// Every life that began.
  private(set) var lives: [NodeLife] = []
  private var stores: [ObjectIdentifier: (SimulatedLogStore, SimulatedSnapshotStore)] = [:]
  /// The leader seen last, to count changes.
  private var lastLeader: NodeID?
  /// Who led in which term, where a term may have one leader.
  private var leaders: [Term: NodeID] = [:]
  /// Told of every node that ends, where a transcript is played.
  var onEnd: ((NodeStation, NodeFailure?) -> Void)?

  init(world: NodeWorld, interposer: (any NodeInterposer)?) {
    self.world = world
    self.interposer = interposer
    let count = world.profile.nodeCount
    self.network = NodeNetwork(world: world, nodeCount: count)
    self.stations = (1...count).map { NodeStation(id: NodeID(UInt64($0)), world: world) }
    self.network.connect(self.stations)
  }

  /// The description of a node where all are replicas.
  static func member(_ id: NodeID) -> Member { Member(id: id, address: "node-\(id)") }

  // MARK: Lives

  /// Starts a node over what its disk holds.
  func start(_ station: NodeStation) {
    precondition(station.life == nil, "node \(station.id) runs already")
    let reference = NodeLifeReference()
    let log = SimulatedLogStore(station)
    let snapshots = SimulatedSnapshotStore(station)
    let transport = SimulatedTransport(network: self.network, life: reference)
    let node: RaftNode<SimulatedMachine>
    var configuration = self.world.profile.configuration(of: station.id)
    // A guest may want to wait.
    if self.world.guests != nil { configuration.inlineApplyEntriesMax = 0 }
    do {
      node = try RaftNode(
        id: station.id, machine: SimulatedMachine(station: station),
        logStore: self.interposer?.logStore(log, of: station.id) ?? log,
        snapshotStore: snapshots,
        transport: self.interposer?.transport(transport, of: station.id) ?? transport,
        configuration: configuration, clock: station.clock,
        seed: self.world.next())
    } catch {
      fatalError("the profile's configuration is bad: \(error)")
    }
    station.lives += 1
    let life = NodeLife(station: station, number: station.lives, node: node)
    reference.life = life
    node.observeInputs { [weak life] input in
      guard let life, !life.isDead, input.isOwnAffair else { return }
      life.station.world.note(.input, life.station.id, PlainWords.of(input))
    }
    station.life = life
    self.lives.append(life)
    self.stores[ObjectIdentifier(life)] = (log, snapshots)
    self.world.note(
      .fault, station.id, "starts for the \(life.number). time", mark: .cameUp)
    Task {
      do throws(NodeFailure) {
        try await node.run()
        self.ended(life, nil)
      } catch {
        self.ended(life, error)
      }
    }
  }

  /// Takes the power away: what was not flushed is lost, and nobody hears of the node again.
  func crash(_ station: NodeStation, _ survivors: SimulatedLogStore.Survivors = .someWrites) {
    guard let life = station.life, !life.isDead else { return }
    self.world.note(.fault, station.id, "loses power", mark: .wentDown)
    self.world.coverage.crashes += 1
    life.isDead = true
    station.life = nil
    if let (log, snapshots) = self.stores[ObjectIdentifier(life)] {
      log.crash(survivors)
      snapshots.crash()
    }
    // The process is gone; what is left of it here must end, unseen.
    Task { await life.node.shutdown() }
  }

  /// Asks a node to stop, and waits until it has.
  func stop(_ station: NodeStation) async {
    guard let life = station.life else { return }
    self.world.note(.fault, station.id, "is asked to stop")
    await life.node.shutdown()
    await life.untilEnded()
  }

  private func ended(_ life: NodeLife, _ failure: NodeFailure?) {
    let station = life.station
    self.stores[ObjectIdentifier(life)] = nil
    if !life.isDead {
      life.isDead = true
      if station.life === life { station.life = nil }
      self.world.note(
        .fault, station.id, "has stopped\(failure.map { ": \($0)" } ?? "")", mark: .wentDown)
      self.onEnd?(station, failure)
      if let failure {
        self.world.coverage.failures += 1
        self.judge(failure, of: station)
      }
    }
    life.end()
  }

  /// A node may only fail for what was done to it.
  private func judge(_ failure: NodeFailure, of station: NodeStation) {
    switch failure {
    case .storage(let error) where error.message.hasPrefix("injected"): break
    case .stateMachine(let reason) where reason.contains("Failure"): break
    case .protocolViolated where self.world.profile.script != nil: break
    default: self.world.fail(.soundCommands, "node \(station.id) stopped by itself: \(failure)")
    }
  }

  // MARK: Watching

  /// The nodes that run.
  var running: [NodeStation] { self.stations.filter { $0.life != nil } }

  /// A node that says that it leads, the newest vote first.
  var leader: NodeStation? {
    self.running.filter { $0.life?.node.metrics.state == .leader }
      .max { ($0.life?.node.metrics.vote.term ?? 0) < ($1.life?.node.metrics.vote.term ?? 0) }
  }

  /// Looks at all nodes for what must never be.
  func look() {
    for station in self.stations {
      guard let life = station.life else { continue }
      let metrics = life.node.metrics
      if let seen = life.seen {
        guard metrics != seen else { continue }
        self.compare(metrics, seen)
      }
      if metrics.state == .leader { self.noteLeader(metrics) }
      if let divergence = metrics.divergences.first {
        self.world.fail(.stateMachineSafety, "node \(station.id) finds: \(divergence)")
      }
      let state = TraceRecord.NodeState(metrics)
      self.world.note(.state, station.id, state.line, state: state)
      life.seen = metrics
    }
  }

  private func noteLeader(_ metrics: Metrics) {
    if self.lastLeader != metrics.id {
      self.lastLeader = metrics.id
      self.world.coverage.leaderChanges += 1
    }
    guard self.world.profile.leadershipRule == .onePerTerm else { return }
    let known = self.leaders.updateValue(metrics.id, forKey: metrics.term)
    if let known, known != metrics.id {
      self.world.fail(
        .electionSafety, "nodes \(known) and \(metrics.id) both lead term \(metrics.term)")
    }
  }

  private func compare(_ new: Metrics, _ old: Metrics) {
    func require(_ holds: Bool, _ what: String) {
      if !holds { self.world.fail(.monotony, "\(what) went back: first \(old), then \(new)") }
    }
    require(new.term >= old.term, "term")
    require((new.committed?.index).nextPlace >= (old.committed?.index).nextPlace, "committed")
    require((new.applied?.index).nextPlace >= (old.applied?.index).nextPlace, "applied")
    require((new.snapshot?.index).nextPlace >= (old.snapshot?.index).nextPlace, "snapshot")
    require((new.purged?.index).nextPlace >= (old.purged?.index).nextPlace, "purged")
    require(
      (new.applied?.index).nextPlace <= (new.committed?.index).nextPlace,
      "what is committed, below what is applied,")
  }
}

extension LogIndex? {
  /// The index behind this one; 0 behind none.
  var nextPlace: LogIndex { self?.next ?? 0 }
}
