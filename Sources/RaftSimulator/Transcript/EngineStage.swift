import Raft
import RaftEngine

/// A transcript's cluster of engines.
final class EngineStage: TranscriptStage {
  let world: World
  private(set) var violation: String?
  var onAnswer: (Int, String) -> Void = { _, _ in }
  var onStop: (NodeID, String) -> Void = { _, _ in }
  /// Which call asked the question with this ticket.
  var asked: [Ticket: Int] = [:]
  /// Which call of the transcript is which of the world's.
  var calls: [Int: Int] = [:]
  /// Why reads were refused, by the world's call.
  var refusals: [Int: ReadRefusal] = [:]

  init(_ opening: TranscriptOpening) {
    let scenario = Scenario(seed: 1, profile: .calm, nodeCount: opening.play.nodeCount)
    self.world = World(scenario, plan: Plan(opening.play))
    self.world.network.weather = .init(stragglersPerMille: 0, delay: 1)
    self.world.onResponse = { [unowned self] ticket, response in
      self.answered(ticket, response)
    }
    self.world.onStop = { [unowned self] id, reason in
      switch reason {
      case nil: self.onStop(id, "its disk failed")
      case .diverged(let logID): self.onStop(id, "a leader contradicts \(logID)")
      case .otherRole(let role): self.onStop(id, "the membership makes it no \(role)")
      }
    }
    self.attempt { () throws(Finding) in try self.prepare(opening) }
  }

  /// Does something; the first rule that is broken ends the play.
  func attempt(_ body: () throws(Finding) -> Void) {
    guard self.violation == nil else { return }
    do {
      try body()
    } catch {
      self.violation = "\(error.property.rawValue): \(error.evidence)"
    }
  }

  func node(_ id: NodeID) -> SimulatedNode { self.world.node(id) }

  func step(_ id: NodeID, _ input: Input) {
    self.attempt { () throws(Finding) in try self.world.step(self.node(id), input) }
  }

  func advance(by nanoseconds: Int64) {
    let end = self.world.now + nanoseconds
    self.attempt { () throws(Finding) in try self.world.run(through: end) }
    self.report()
  }

  func finish() {
    if case .violation(let evidence) = LinearizabilityChecker(effortMax: 2_000_000).check(
      self.world.clientHistory)
    {
      self.violation = self.violation ?? "linearizability: \(evidence)"
    }
  }

  // MARK: Preparing

  private func prepare(_ opening: TranscriptOpening) throws(Finding) {
    var memberships: [LogID: Int32] = [:]
    var calls: [LogID: Int] = [:]
    for (node, disk) in zip(self.world.nodes, opening.disks) where !disk.isSpare {
      var entries: [SimulatedEntry] = []
      for entry in disk.entries {
        entries.append(
          self.simulated(entry, after: entries.last?.chain ?? 0, &memberships, &calls))
      }
      let role = self.world.plan.role(of: node.id)
      entries = entries.map { $0.form(for: role) }
      try self.world.checkers.logMatching.proposed(entries[...], after: 0, node: node.id)
      node.disk.write(.cluster(ScriptedPlay.cluster))
      if let vote = disk.vote { node.disk.write(.vote(vote)) }
      node.disk.write(.append(entries[...]))
      if let index = disk.committed {
        let committed = entries[Int(index.rawValue)].logID
        node.disk.write(.committed(committed))
        for entry in entries[...Int(index.rawValue)] where entry.index >= self.world.history.next {
          self.world.history.append(entry, committedBy: committed.leader)
          if entry.kind == .command { self.world.calls[Int(entry.payload)].commitCount += 1 }
        }
      }
      _ = node.disk.flush(node.disk.pendingCount)
    }
    for node in self.world.nodes {
      node.isUp = false
      try self.world.start(node)
    }
  }

  private func simulated(
    _ entry: TranscriptOpening.Entry, after chain: UInt64, _ memberships: inout [LogID: Int32],
    _ calls: inout [LogID: Int]
  ) -> SimulatedEntry {
    switch entry.content {
    case .membership(let membership):
      let place = memberships[entry.logID] ?? Int32(self.world.memberships.count)
      if memberships.updateValue(place, forKey: entry.logID) == nil {
        self.world.memberships.append(membership)
      }
      // Like every entry that no client wrote, it has a number that no call has.
      return SimulatedEntry(
        logID: entry.logID, kind: .membership, timestamp: .epoch, membership: place,
        payload: entry.logID.index == 0 ? 0 : 1 << 47 + UInt64(place), after: chain)
    case .write(let value):
      let call =
        calls[entry.logID]
        ?? self.begin(.write, of: TranscriptOpening.register, value: value, at: 1)
      calls[entry.logID] = call
      self.world.answer(call, .unknown)
      return SimulatedEntry(
        logID: entry.logID, kind: .command, timestamp: .epoch, payload: UInt64(call), after: chain)
    }
  }

  // MARK: Calls

  /// Enters a call into the world's table.
  func begin(_ kind: ClientCall.Kind, of register: Int, value: UInt64, at id: NodeID) -> Int {
    let number = self.world.calls.count
    self.world.clientEvents += 1
    self.world.calls.append(
      ClientCall(
        number: number, kind: kind, register: register, value: value, node: id,
        asked: self.world.clientEvents, askedAt: self.world.now))
    self.world.waitingCount += 1
    return number
  }

  /// Tells of the calls that were answered since.
  func report() {
    for (call, number) in self.calls.sorted(by: { $0.key < $1.key }) {
      let known = self.world.calls[number]
      guard known.outcome != .pending else { continue }
      self.calls[call] = nil
      self.onAnswer(call, self.text(of: known))
    }
  }

  private func text(of call: ClientCall) -> String {
    switch call.outcome {
    case .pending: "waits"
    case .written(let version): CallText.done(at: LogIndex(version - 1))
    case .mismatched: "found another value"
    case .found(let found): CallText.value(found.value, of: call.register)
    case .unknown: CallText.unknown
    case .refused where call.kind == .read:
      if case .noQuorum = self.refusals[call.number] {
        CallText.noQuorum
      } else {
        CallText.notLeader
      }
    case .refused: self.refusal(by: call.node)
    }
  }

  private func refusal(by id: NodeID) -> String {
    let node = self.node(id)
    guard node.isUp else { return CallText.down }
    if let target = node.engine.transferTarget { return CallText.transferring(to: target) }
    return node.leads ? CallText.noQuorum : CallText.refused(node.engine.leader)
  }

  // MARK: Seeing

  func status(of id: NodeID) -> NodeStatus? {
    let node = self.node(id)
    guard node.isUp else { return nil }
    let engine = node.engine
    return NodeStatus(
      state: engine.serverState, vote: engine.vote, leader: engine.leader,
      hasContact: engine.hasQuorumContact, purged: engine.log.purged, last: engine.log.last,
      committed: engine.committed, applied: engine.applied, snapshot: engine.snapshot,
      membership: engine.effective)
  }

  func disk(of id: NodeID) -> DiskContent {
    let content = self.node(id).disk.durable
    return DiskContent(
      vote: content.vote, purged: content.log.purged,
      entries: content.log.entries.map { ($0.logID, self.text(of: $0)) })
  }

  private func text(of entry: SimulatedEntry) -> String {
    switch entry.kind {
    case .command:
      let call = self.world.calls[Int(entry.payload)]
      return DiskContent.text(register: call.register, value: call.value)
    case .membership: return "\(self.world.memberships[Int(entry.membership)])"
    default: return "\(entry.kind)"
    }
  }

  func register(_ register: Int, of id: NodeID) -> UInt64? {
    let node = self.node(id)
    return node.isUp ? node.machine.state.registers[register].value : nil
  }
}
