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

  /// One in so many calls is timed.
  private static let sampling = 32

  /// What clients have done, and how long it took them.
  final class Tally: Sendable {
    /// Commands that some client has taken on.
    let taken = Atomic<Int>(0)
    let unknown = Atomic<Int>(0)
    let samples = Guarded<[UInt64]>([])
    /// Opens when half of the commands are taken.
    let half: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    init() {
      (self.half, self.signal) = AsyncStream.makeStream()
    }

    func reachedHalf() { self.signal.finish() }
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
  }

  private func client(
    _ tally: Tally, _ leader: @Sendable () async throws -> RaftNode<BenchMachine>
  ) async throws {
    let command = BenchMachine.Command(byteCount: self.payloadBytes)
    let commands = Array(repeating: command, count: self.batch)
    var node = try await leader()
    var samples: [UInt64] = []
    var calls = 0
    defer { tally.samples.withLock { $0 += samples } }
    while true {
      let taken = tally.taken.add(self.batch, ordering: .relaxed).oldValue
      guard taken < self.operations else { return }
      if taken <= self.operations / 2, taken + self.batch > self.operations / 2 {
        tally.reachedHalf()
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
      if isTimed { samples.append(ProcessFigures.monotonic() - start) }
    }
  }
}
