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
    /// What is to happen when certain commands are taken, the next one at the end.
    fileprivate let milestones = Guarded<[Milestone]>([])
    /// The command at which something happens next.
    fileprivate let nextMilestone = Atomic<Int>(.max)
    /// Opens when a third of the commands is taken.
    let third = Signal()
    /// Opens when half of the commands are taken.
    let half = Signal()
  }

  /// Something that happens when the command with this number is taken.
  fileprivate struct Milestone {
    let number: Int
    let event: @Sendable (Tally) -> Void
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
    self.setMilestones(of: tally)
    let first = try await leader()
    try await withThrowingDiscardingTaskGroup { group in
      for _ in 0..<self.clients {
        group.addTask { try await self.client(tally, first, leader) }
      }
    }
    tally.marks.withLock { $0.append(Mark()) }
  }

  private func client(
    _ tally: Tally, _ first: RaftNode<BenchMachine>,
    _ leader: @Sendable () async throws -> RaftNode<BenchMachine>
  ) async throws {
    let command = BenchMachine.Command(byteCount: self.payloadBytes)
    let commands = Array(repeating: command, count: self.batch)
    var node = first
    var calls = 0
    while true {
      let taken = tally.taken.add(self.batch, ordering: .relaxed).oldValue
      guard taken < self.operations else { return }
      if taken + self.batch > tally.nextMilestone.load(ordering: .relaxed) {
        Self.reach(taken + self.batch, tally)
      }
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

  private func setMilestones(of tally: Tally) {
    let size = max(1, self.operations / self.parts)
    var milestones = [
      Milestone(number: self.operations / 3) { $0.third.open() },
      Milestone(number: self.operations / 2) { $0.half.open() },
    ]
    // The last part is as long as the others, at least.
    for start in stride(from: 0, through: self.operations - size, by: size) {
      milestones.append(Milestone(number: start) { $0.marks.withLock { $0.append(Mark()) } })
    }
    milestones.sort { $0.number > $1.number }
    tally.nextMilestone.store(milestones.last?.number ?? .max, ordering: .relaxed)
    tally.milestones.withLock { $0 = milestones }
  }

  /// Lets happen what is to happen before the command with this number.
  private static func reach(_ end: Int, _ tally: Tally) {
    let reached = tally.milestones.withLock { milestones in
      var reached: [Milestone] = []
      while let next = milestones.last, next.number < end {
        reached.append(milestones.removeLast())
      }
      tally.nextMilestone.store(milestones.last?.number ?? .max, ordering: .relaxed)
      return reached
    }
    for milestone in reached { milestone.event(tally) }
  }
}
