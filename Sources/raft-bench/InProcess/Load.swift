import Raft
import RaftConcurrency
import Synchronization

/// Clients that write, each of them one command or batch after the other.
struct Load: Sendable {
  let clients: Int
  /// Commands, over all clients.
  let operations: Int
  /// Commands in one call.
  let batch: Int
  let payloadBytes: Int
  /// For how many equal parts of the commands there are figures.
  let parts: Int

  /// One in so many calls is timed.
  private static let sampling = 32

  /// What clients have done, and how long it took them.
  final class Tally: Sendable {
    /// Commands that some client has taken on.
    let taken = Atomic<Int>(0)
    let unknown = Atomic<Int>(0)
    let latencies = Guarded(LatencyCounts())
    /// What the process had used when each part was begun, and when the last one was done.
    let marks = Guarded<[Mark]>([])
    /// Opens when a third of the commands is taken.
    let third = Signal()
    /// Opens when half of the commands are taken.
    let half = Signal()
  }

  /// Something that happens once, or never.
  struct Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let end: AsyncStream<Void>.Continuation

    init() {
      (self.stream, self.end) = AsyncStream.makeStream()
    }

    func open() { self.end.finish() }

    func wait() async { for await _ in self.stream {} }
  }

  /// What the process has used, and has, at one moment.
  struct Mark: Sendable {
    let figures = ProcessFigures()
    let memory = ProcessFigures.memory
  }

  /// Writes everything; returns when the last client has its last answer.
  ///
  /// - Parameter leader: Finds the leader, anew after a node that did not lead.
  func run(
    _ tally: Tally, leader: @escaping @Sendable () async throws -> RaftNode<BenchMachine>
  ) async throws {
    try await withThrowingDiscardingTaskGroup { group in
      for _ in 0..<self.clients {
        group.addTask { try await self.client(tally, leader) }
      }
    }
    tally.marks.withLock { $0.append(Mark()) }
  }

  private func client(
    _ tally: Tally, _ leader: @Sendable () async throws -> RaftNode<BenchMachine>
  ) async throws {
    let command = BenchMachine.Command(byteCount: self.payloadBytes)
    let commands = Array(repeating: command, count: self.batch)
    var node = try await leader()
    var calls = 0
    while true {
      let taken = tally.taken.add(self.batch, ordering: .relaxed).oldValue
      guard taken < self.operations else { return }
      if self.passes(self.operations / 3, taken) { tally.third.open() }
      if self.passes(self.operations / 2, taken) { tally.half.open() }
      if self.begins(taken) { tally.marks.withLock { $0.append(Mark()) } }
      let isTimed = calls % Self.sampling == 0
      let start = isTimed ? ProcessFigures.monotonic() : 0
      calls += 1
      while true {
        do throws(WriteError) {
          if self.batch == 1 {
            _ = try await node.write(command)
          } else {
            _ = try await node.write(contentsOf: commands)
          }
          break
        } catch {
          if case .outcomeUnknown = error {
            tally.unknown.add(self.batch, ordering: .relaxed)
            node = try await leader()
            break
          }
          await Task.yield()
          node = try await leader()
        }
      }
      if isTimed {
        let latency = ProcessFigures.monotonic() - start
        tally.latencies.withLock { $0.add(latency) }
      }
    }
  }

  /// Whether the command with this number is in the batch that begins here.
  private func passes(_ number: Int, _ taken: Int) -> Bool {
    taken <= number && taken + self.batch > number
  }

  /// Whether a part begins within the batch that begins here.
  private func begins(_ taken: Int) -> Bool {
    let size = max(1, self.operations / self.parts)
    let rest = taken % size
    return (rest == 0 || rest + self.batch > size) && taken + size <= self.operations
  }
}
