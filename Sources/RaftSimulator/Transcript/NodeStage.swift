import Raft
import RaftMemoryStore

/// A transcript's cluster of real nodes.
///
/// Used on the simulating thread only, as all that it holds.
final class NodeStage: TranscriptStage, @unchecked Sendable {
  let executor: SimulatedExecutor
  let world: NodeWorld
  let cluster: NodeCluster
  let book: CallBook
  var onAnswer: (Int, String) -> Void = { _, _ in }
  var onStop: (NodeID, String) -> Void = { _, _ in }

  init(_ opening: TranscriptOpening) {
    self.executor = SimulatedExecutor(seed: 1, jobCost: 0...0)
    self.world = NodeWorld(
      executor: self.executor, trace: NodeTrace(nil), scenario: Scenario(seed: 1, of: .nodes),
      profile: NodeProfile(opening.play), guests: nil)
    self.cluster = NodeCluster(world: self.world, interposer: nil)
    self.book = CallBook(world: self.world)
    self.cluster.onEnd = { [unowned self] station, failure in
      switch failure {
      case nil, .shutdown: break
      case .storage: self.onStop(station.id, "its disk failed")
      case .protocolViolated(.diverged(let logID)):
        self.onStop(station.id, "a leader contradicts \(logID)")
      case .protocolViolated(.otherRole(let role)):
        self.onStop(station.id, "the membership makes it no \(role)")
      case .some(let failure): self.onStop(station.id, "\(failure)")
      }
    }
    self.perform {
      for (station, disk) in zip(self.cluster.stations, opening.disks) {
        if !disk.isSpare { self.prepare(station, disk) }
        self.cluster.start(station)
      }
    }
  }

  var violation: String? {
    if self.executor.escapeCount > 0 { return "escape: work became ready on another thread" }
    return self.world.violation.map { "\($0.property.rawValue): \($0.evidence)" }
  }

  /// Does something where tasks belong to the simulation.
  func perform(_ action: () -> Void) {
    self.executor.goOn(for: 0, probe: { self.cluster.look() }, after: action)
  }

  func advance(by nanoseconds: Int64) {
    self.executor.goOn(for: nanoseconds, probe: { self.cluster.look() })
  }

  func finish() {
    let verdict = LinearizabilityChecker(effortMax: 2_000_000).check(self.book.history)
    if case .violation(let evidence) = verdict {
      self.world.fail(.linearizability, "\(evidence)")
    }
    self.perform {
      for station in self.cluster.stations { self.cluster.crash(station, .noWrite) }
    }
    // Whatever waits for a time limit ends by it.
    _ = self.executor.settle(for: 100_000 * milliseconds)
  }

  func station(_ id: NodeID) -> NodeStation { self.cluster.network.station(of: id) }
  func node(_ id: NodeID) -> RaftNode<SimulatedMachine>? { self.station(id).life?.node }

  // MARK: Preparing

  private func prepare(_ station: NodeStation, _ disk: TranscriptOpening.Disk) {
    station.disk.keep(.adopt(ScriptedPlay.cluster))
    if let vote = disk.vote { station.disk.keep(.save(vote)) }
    for entry in disk.entries {
      let role = self.world.profile.role(of: station.id)
      station.disk.keep(.append(EntrySlice(self.chunk(of: entry)).form(for: role)))
    }
    if let index = disk.committed {
      station.disk.keep(.note(disk.entries[Int(index.rawValue)].logID))
    }
  }

  private func chunk(of entry: TranscriptOpening.Entry) -> EntryChunk {
    func run(_ kind: EntryKind, _ byteCount: Int, _ membership: Membership?) -> EntryRun {
      EntryRun(
        leader: entry.logID.leader, first: entry.logID.index, count: 1, byteCount: byteCount,
        kind: kind, timestamp: .epoch, membership: membership)
    }
    switch entry.content {
    case .membership(let membership):
      return EntryChunk(emptyPayloads: run(.membership, 0, membership))
    case .write(let value):
      let command = SimulatedCommand(
        value: value, key: TranscriptOpening.register, expected: nil)
      self.note(command)
      var writer = PayloadWriter()
      SimulatedMachine.encode(command, into: &writer)
      return EntryChunk(
        run: run(.command, writer.bytes.count, nil), bytes: writer.bytes,
        ends: [UInt32(writer.bytes.count)])
    }
  }

  /// A prepared entry is a call of which nobody knows what became.
  private func note(_ command: SimulatedCommand) {
    let wish = CallBook.Wish.write([command])
    guard !self.book.calls.contains(where: { $0.wish == wish }) else { return }
    self.book.end(self.book.begin(wish, by: 0, at: 1), .unknown)
  }

  // MARK: Seeing

  func status(of id: NodeID) -> NodeStatus? {
    guard let metrics = self.node(id)?.metrics else { return nil }
    return NodeStatus(
      state: metrics.state, vote: metrics.vote, leader: metrics.leader,
      hasContact: metrics.hasQuorumContact, purged: metrics.purged, last: metrics.lastLogID,
      committed: metrics.committed, applied: metrics.applied, snapshot: metrics.snapshot,
      membership: metrics.effectiveMembership.membership)
  }

  func disk(of id: NodeID) -> DiskContent {
    let found = Found<DiskContent>()
    let disk = self.station(id).disk
    self.perform {
      Task { found.value = await Self.content(of: disk) }
    }
    return found.value ?? DiskContent()
  }

  private static func content(of disk: NodeDisk) async -> DiskContent? {
    guard let stored = try? await disk.durable.load() else { return nil }
    var content = DiskContent(vote: stored.vote, purged: stored.purged)
    for slice in await Self.slices(of: disk) {
      var index = slice.first
      while index <= slice.last {
        let logID = LogID(leader: slice.run.leader, index: index)
        content.entries.append((logID, Self.text(of: slice, at: index)))
        index = index.next
      }
    }
    return content
  }

  /// Everything that a disk holds of the log.
  static func slices(of disk: NodeDisk) async -> [EntrySlice] {
    guard let stored = try? await disk.durable.load(), let last = stored.last?.index else {
      return []
    }
    var slices: [EntrySlice] = []
    var next = stored.purged.nextIndex
    while next <= last {
      guard
        let read = try? await disk.durable.entries(from: next, through: last, byteLimit: .max),
        let end = read.last?.last
      else { break }
      slices += read
      next = end.next
    }
    return slices
  }

  private static func text(of slice: EntrySlice, at index: LogIndex) -> String {
    switch slice.run.kind {
    case .command:
      let payload = PayloadReader(slice.payload(at: index))
      guard let command = try? SimulatedMachine.decode(payload) else { return "damaged" }
      return DiskContent.text(register: command.key, value: command.value)
    case .membership: return slice.run.membership.map { "\($0)" } ?? "membership"
    default: return "\(slice.run.kind)"
    }
  }

  func register(_ register: Int, of id: NodeID) -> UInt64? {
    guard let node = self.node(id) else { return nil }
    let found = Found<UInt64>()
    self.perform {
      Task { found.value = try? await node.read { $0.registers[register] } }
    }
    return found.value
  }

  /// What a task found out.
  final class Found<Value>: @unchecked Sendable {
    var value: Value?
  }
}
