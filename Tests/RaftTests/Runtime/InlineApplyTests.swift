import RaftConcurrency
import RaftMemoryStore
import RaftStoreTesting
import Testing

@testable import Raft

@Suite("A machine that takes commands at once", .timeLimit(.minutes(5)))
struct InlineApplyTests {
  /// Who applied a command.
  private enum Place: Sendable {
    case core
    case worker
  }

  /// A machine that says where it was applied.
  private struct Prompt: SynchronousStateMachine, Unkept {
    struct Failure: Error {}

    let clock: HeldClock
    var count = 0

    static func encode(_ command: [UInt8], into writer: inout PayloadWriter) {
      writer.write(command)
    }

    static func decode(_ payload: PayloadReader) throws -> [UInt8] { payload.bytes }

    mutating func apply(_ command: [UInt8], in context: ApplyContext) throws -> Place {
      if command == [66] { throw Failure() }
      self.count += 1
      // Some commands take a while.
      if command == [77] { self.clock.advance(by: 50_000_000) }
      return .core
    }

    mutating func apply(_ command: [UInt8], in context: ApplyContext) async throws -> Place {
      self.count += 1
      return .worker
    }
  }

  /// Generic code knows of no more than a state machine.
  private static func node<Machine: StateMachine>(
    anyOf machine: Machine, on clock: HeldClock
  ) throws -> RaftNode<Machine> {
    try RaftNode(
      id: 1, machine: machine, logStore: MemoryLogStore(), snapshotStore: MemorySnapshotStore(),
      transport: InProcessNetwork().transport(for: 1), configuration: TestCluster.configuration,
      clock: clock, seed: 1)
  }

  private static func node(
    on clock: HeldClock, entriesMax: Int = 1024
  ) throws -> RaftNode<Prompt> {
    var configuration = TestCluster.configuration
    configuration.inlineApplyEntriesMax = entriesMax
    return try RaftNode(
      id: 1, machine: Prompt(clock: clock), logStore: MemoryLogStore(),
      snapshotStore: MemorySnapshotStore(), transport: InProcessNetwork().transport(for: 1),
      configuration: configuration, clock: clock, seed: 1)
  }

  /// Runs the node as a cluster of its own; returns how it ended.
  private static func serve(
    _ node: RaftNode<Prompt>, holding clock: HeldClock,
    _ body: (RaftNode<Prompt>) async throws -> Void
  ) async throws -> Result<Void, NodeFailure> {
    let run = outcome { () async throws(NodeFailure) in try await node.run() }
    try await node.bootstrap(with: [TestCluster.member(1)])
    try await node.wait(for: .servingLeader, within: TestCluster.limit)
    clock.hold()
    try await body(node)
    await node.shutdown()
    return await run.value
  }

  @Test("Few commands are applied by the core itself, more of them by the worker, all in order")
  func few() async throws {
    let clock = HeldClock()
    let node = try Self.node(on: clock, entriesMax: 2)
    let end = try await Self.serve(node, holding: clock) { node in
      let one = try await node.write([1])
      #expect(one == .core)
      let two = try await node.write(contentsOf: [[2], [3]])
      #expect(two == [.core, .core])
      let three = try await node.write(contentsOf: [[4], [5], [6]])
      #expect(three == [.worker, .worker, .worker])
      let count = try await node.read { $0.count }
      #expect(count == 6)
    }
    #expect(end.failure == nil)
  }

  @Test("With a limit of none, and where its type is not known, the worker applies all")
  func none() async throws {
    let clocks = [HeldClock(), HeldClock()]
    let nodes = [
      try Self.node(on: clocks[0], entriesMax: 0),
      try Self.node(anyOf: Prompt(clock: clocks[1]), on: clocks[1]),
    ]
    for (node, clock) in zip(nodes, clocks) {
      _ = try await Self.serve(node, holding: clock) { node in
        let place = try await node.write([1])
        #expect(place == .worker)
      }
    }
  }

  @Test("While the application has the machine, what is committed waits for the worker")
  func lent() async throws {
    let clock = HeldClock()
    let node = try Self.node(on: clock)
    _ = try await Self.serve(node, holding: clock) { node in
      let (isLent, isBack) = (Latch<Bool>(), Latch<Bool>())
      async let counted = node.withStateMachine { machine in
        isLent.open(true)
        _ = await isBack.wait()
        return machine.count
      }
      _ = await isLent.wait()
      let write = outcome { () async throws(WriteError) in try await node.write([1]) }
      try await node.wait(for: .logIndex(atLeast: 2), within: TestCluster.limit)
      isBack.open(true)
      let count = try await counted
      #expect(count == 0)
      #expect(await write.value == .success(.worker))
    }
  }

  @Test("A machine that took long is left to the worker for a hundred times as long")
  func slow() async throws {
    let clock = HeldClock()
    let node = try Self.node(on: clock)
    _ = try await Self.serve(node, holding: clock) { node in
      let first = try await node.write([77])
      #expect(first == .core)
      clock.advance(by: 4_900_000_000)
      let later = try await node.write([2])
      #expect(later == .worker)
      // The writer has its answer before the core hears that the worker is done.
      try await node.wait(for: .applied(atLeast: 3), within: TestCluster.limit)
      clock.advance(by: 200_000_000)
      let last = try await node.write([3])
      #expect(last == .core)
    }
  }

  @Test("When time is up, the rest of many commands is left to the worker, and all are in order")
  func timeIsUp() async throws {
    let clock = HeldClock()
    let node = try Self.node(on: clock)
    _ = try await Self.serve(node, holding: clock) { node in
      let commands = [[77]] + (0..<99).map { [UInt8($0 % 50)] }
      let places = try await node.write(contentsOf: commands)
      #expect(places.count == 100)
      let first = places.firstIndex(of: .worker) ?? 0
      #expect((1..<100).contains(first))
      #expect(places[..<first].allSatisfy { $0 == .core })
      #expect(places[first...].allSatisfy { $0 == .worker })
      let count = try await node.read { $0.count }
      #expect(count == 100)
    }
  }

  /// Numbers its commands.
  private struct Numbering: SynchronousStateMachine, Unkept {
    var count = 0

    static func encode(_ command: [UInt8], into writer: inout PayloadWriter) {
      writer.write(command)
    }

    static func decode(_ payload: PayloadReader) throws -> [UInt8] { payload.bytes }

    mutating func apply(_ command: [UInt8], in context: ApplyContext) -> [Int] {
      self.count += 1
      return [self.count] + command.map(Int.init)
    }

    var digest: UInt64? { UInt64(self.count) }
  }

  @Test("Writers of many commands get all their answers in order, however the machine is paused")
  func manyCommands() async throws {
    var configuration = TestCluster.configuration
    configuration.digestInterval = 7
    let node = try RaftNode(
      id: 1, machine: Numbering(), logStore: MemoryLogStore(),
      snapshotStore: MemorySnapshotStore(), transport: InProcessNetwork().transport(for: 1),
      configuration: configuration)
    let run = outcome { () async throws(NodeFailure) in try await node.run() }
    try await node.bootstrap(with: [TestCluster.member(1)])
    try await node.wait(for: .servingLeader, within: TestCluster.limit)
    let counts = [1, 700, 2, 33, 1, 512, 5]
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (writer, count) in counts.enumerated() {
        let commands = (0..<count).map { [UInt8(writer), UInt8($0 % 251)] }
        group.addTask {
          let answers = try await node.write(contentsOf: commands)
          let first = answers[0][0]
          let expected = commands.enumerated().map { [first + $0] + $1.map(Int.init) }
          #expect(answers == expected)
        }
      }
      try await group.waitForAll()
    }
    let count = try await node.read { $0.count }
    #expect(count == counts.reduce(0, +))
    await node.shutdown()
    #expect(await run.value.failure == nil)
  }

  @Test("A machine that throws ends the node, and its writer does not know the outcome")
  func throwing() async throws {
    let clock = HeldClock()
    let node = try Self.node(on: clock)
    let end = try await Self.serve(node, holding: clock) { node in
      let write = outcome { () async throws(WriteError) in try await node.write([66]) }
      #expect(await write.value == .failure(.outcomeUnknown))
    }
    guard case .stateMachine? = end.failure else {
      Issue.record("the node did not stop for its machine: \(end)")
      return
    }
  }

  @Test("The core goes on from where the worker is, and tells what it has not heard of that")
  func order() async throws {
    let node = try Self.node(on: HeldClock())
    let worker = node.core.worker
    let heard = Latch<Bool>()
    let run = Task {
      await worker.run(from: .init(applied: nil, membership: .none)) { event in
        if case .worked = event { heard.open(true) }
      }
    }
    var tail = LogTail(end: 0, unapplied: 0, bytesMax: 1000)
    for first in [0, 2, 4] as [LogIndex] {
      tail.append(ScriptedLeader.entries(from: first, count: 2), writers: [])
    }
    worker.add(.apply(tail.handOver(through: 1)))
    _ = await heard.wait()
    // The report comes before the worker asks for the next job.
    let clock = ContinuousClock()
    let deadline = clock.now.advanced(by: TestCluster.limit)
    while !worker.enter(heard: 0), clock.now < deadline { await Task.yield() }
    var applied = MachineWorker.Applied(until: .distantFuture)
    let next = tail.handNext(through: 3)
    worker.applyNow(try #require(next), &applied)
    worker.leave(&applied)
    #expect(applied.last?.index == 3 && applied.goesOn)
    #expect(applied.byteCount == 2 && applied.workerByteCount == 2)
    #expect(!worker.enter(heard: 1))
    worker.close()
    await run.value
    #expect(!worker.enter(heard: 0))
  }

  @Test("Who does a worker's work has the queue to itself, and what came meanwhile is done after")
  func guest() async {
    let queue = JobQueue<Int>()
    #expect(!queue.enter())
    let taken = Guarded<[Int]>([])
    let worker = Task {
      while let job = await queue.next() { taken.withLock { $0.append(job) } }
    }
    while !queue.enter() { await Task.yield() }
    #expect(!queue.enter())
    queue.add(1)
    queue.add(2)
    for _ in 0..<100 { await Task.yield() }
    #expect(taken.withLock { $0 } == [])
    queue.leave()
    queue.close()
    await worker.value
    #expect(taken.withLock { $0 } == [1, 2])
  }
}
