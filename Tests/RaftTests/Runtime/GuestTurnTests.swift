import Glibc
import RaftConcurrency
import RaftMemoryStore
import RaftStoreTesting
import TestPace
import Testing

@testable import Raft

@Suite("Turns on the thread that woke the core", .timeLimit(.minutes(5)))
struct GuestTurnTests {
  /// Where a command was applied.
  private struct Line: Sendable {
    let command: UInt8
    let thread: UInt
  }

  /// A machine that says on which thread it applied, and takes a while for some commands.
  private struct Tracked: SynchronousStateMachine, Unkept {
    static let slow: UInt8 = 77

    let clock: HeldClock
    let lines = Guarded<[Line]>([])

    /// How many commands were applied on this thread.
    func count(on thread: UInt) -> Int {
      self.lines.withLock { $0.count { $0.thread == thread } }
    }

    static func encode(_ command: UInt8, into writer: inout PayloadWriter) {
      writer.write([command])
    }

    static func decode(_ payload: PayloadReader) throws -> UInt8 { payload.bytes[0] }

    mutating func apply(_ command: UInt8, in context: ApplyContext) throws -> UInt {
      if command == Self.slow { self.clock.advance(by: 5_000_000) }
      let thread = UInt(pthread_self())
      self.lines.withLock { $0.append(Line(command: command, thread: thread)) }
      return thread
    }
  }

  /// Runs tasks on one thread, which runs nothing else.
  private final class OneThread: TaskExecutor {
    private let worker: WorkerThread
    let thread: UInt

    init() async throws {
      let worker = try WorkerThread(named: "writers")
      self.worker = worker
      self.thread = try await worker.run(orThrow: CancellationError()) {
        () throws(CancellationError) -> UInt in UInt(pthread_self())
      }
    }

    func enqueue(_ job: consuming ExecutorJob) {
      let job = UnownedJob(job)
      _ = self.worker.submit { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
  }

  /// Runs a cluster of so many nodes in this process; the body gets its leader, all machines,
  /// and the clock.
  private static func withCluster(
    of count: UInt64, over store: (any LogStore)? = nil,
    _ body: (RaftNode<Tracked>, [Tracked], HeldClock) async throws -> Void
  ) async throws {
    let network = InProcessNetwork()
    // Threads that have to wait, for a sanitizer say, must not cost the leadership.
    var configuration = TestCluster.steady
    configuration.electionTimeoutMin = .seconds(30)
    configuration.electionTimeoutMax = .seconds(60)
    configuration.snapshotAfter = nil
    let clock = HeldClock()
    let machines = (0..<count).map { _ in Tracked(clock: clock) }
    let nodes = try machines.enumerated().map { place, machine in
      let id = NodeID(UInt64(place + 1))
      return try RaftNode(
        id: id, machine: machine, logStore: store ?? MemoryLogStore(),
        snapshotStore: MemorySnapshotStore(),
        transport: network.transport(for: id), configuration: configuration, clock: clock,
        seed: id.rawValue)
    }
    let runs = nodes.map { node in
      network.attach(node)
      return outcome { () async throws(NodeFailure) in try await node.run() }
    }
    try await nodes[0].bootstrap(with: (1...count).map { TestCluster.member(NodeID($0)) })
    try await nodes[0].wait(for: .servingLeader, within: TestCluster.limit)
    do {
      try await body(nodes[0], machines, clock)
    } catch {
      for node in nodes { await node.shutdown() }
      throw error
    }
    for node in nodes { await node.shutdown() }
    for run in runs { #expect((await run.value).failure == nil) }
  }

  @Test("Commands of a lone writer are replicated and applied on its own thread, on all nodes")
  func lone() async throws {
    let writers = try await OneThread()
    try await Self.withCluster(of: 3) { leader, machines, _ in
      try await Task(executorPreference: writers) {
        var number: UInt8 = 0
        // A node that was slow, since a thread had to wait, has no guests for a while.
        while machines.contains(where: { $0.count(on: writers.thread) < 20 }) {
          _ = try await leader.write(number)
          number = (number + 1) % Tracked.slow
        }
      }.value
      for machine in machines {
        let commands = machine.lines.withLock { $0.map(\.command) }
        #expect(commands.enumerated().allSatisfy { $1 == UInt8($0 % Int(Tracked.slow)) })
      }
    }
  }

  @Test("Of two writers that share a thread, none writes on and on while the other waits")
  func shared() async throws {
    let writers = try await OneThread()
    try await Self.withCluster(of: 1) { leader, machines, _ in
      try await withThrowingDiscardingTaskGroup { group in
        for writer in UInt8(1)...2 {
          group.addTask(executorPreference: writers) {
            for _ in 0..<400 { _ = try await leader.write(writer) }
          }
        }
      }
      let commands = machines[0].lines.withLock { $0.map(\.command) }
      #expect(commands.count == 800)
      // While one of them still had something to write, the other one's came in between.
      var longest = 0
      var run = 0
      for (command, next) in zip(commands, commands.dropFirst()).prefix(600) {
        run = command == next ? run + 1 : 0
        longest = max(longest, run)
      }
      #expect(longest < 130)
    }
  }

  @Test("A node whose turns take long keeps them to itself for a while")
  func slow() async throws {
    let writers = try await OneThread()
    try await Self.withCluster(of: 1) { leader, _, clock in
      // An hour later, whatever was slow is forgotten; from now on only some commands take time.
      clock.hold()
      let threads = try await Task(executorPreference: writers) {
        while try await leader.write(0) != writers.thread {}
        var threads: [UInt] = []
        for _ in 0..<20 { threads.append(try await leader.write(Tracked.slow)) }
        for _ in 0..<20 { threads.append(try await leader.write(1)) }
        return threads
      }.value
      #expect(threads.count { $0 == writers.thread } <= 1)
    }
  }

  @Test("A writer whose disk takes a while waits without a thread, and is answered by the core")
  func pending() async throws {
    let writers = try await OneThread()
    let store = GatedLogStore()
    try await Self.withCluster(of: 1, over: store) { leader, _, _ in
      let write = Task(executorPreference: writers) {
        for _ in 0..<20 { _ = try await leader.write(0) }
        store.hold()
        return try await leader.write(1)
      }
      while store.heldCount == 0 { await Task.yield() }
      // Its thread is free meanwhile.
      await Task(executorPreference: writers) {}.value
      store.release()
      let thread = try await write.value
      #expect(thread != writers.thread)
    }
  }

  @Test("A node that is stopped by its lone writer's turn ends as ever")
  func stopped() async throws {
    let writers = try await OneThread()
    try await Self.withCluster(of: 1) { leader, _, _ in
      await Task(executorPreference: writers) {
        for _ in 0..<50 { _ = try? await leader.write(0) }
        async let stop: Void = leader.shutdown()
        var refused = false
        while !refused {
          do {
            _ = try await leader.write(1)
          } catch {
            refused = true
          }
        }
        await stop
      }.value
    }
  }
}
