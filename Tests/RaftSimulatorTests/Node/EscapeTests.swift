import Glibc
import Raft
import RaftSimulator
import TestPace
import Testing

@Suite("Work that leaves the simulating thread", .longRun, .serialized)
struct EscapeTests {
  @Test("A task resumed by another thread ends the run")
  func resumedElsewhere() async {
    await #expect(processExitsWith: .success) {
      SimulatedExecutor.install()
      let ending = SimulatedExecutor(seed: 1).run(stepsMax: 100) {
        await Elsewhere.hop()
      }
      #expect(ending == .escaped(jobs: 1))
    }
  }

  @Test("A task that asks for the real clock ends the run")
  func realClock() async {
    await #expect(processExitsWith: .success) {
      SimulatedExecutor.install()
      let ending = SimulatedExecutor(seed: 1).run(stepsMax: 100) {
        try? await ContinuousClock().sleep(for: .milliseconds(1))
      }
      #expect(ending == .escaped(jobs: 1))
    }
  }

  @Test("A body that waits for nobody is a deadlock")
  func deadlock() async {
    await #expect(processExitsWith: .success) {
      SimulatedExecutor.install()
      let ending = SimulatedExecutor(seed: 1).run(stepsMax: 100) {
        await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
      }
      #expect(ending == .deadlocked)
    }
  }

  @Test("Tasks, groups, actors and streams stay on the simulating thread, in the seed's order")
  func language() async {
    await #expect(processExitsWith: .success) {
      SimulatedExecutor.install()
      let orders = [1, 1, 2, 3, 4, 5].map { Elsewhere.order(seed: $0) }
      #expect(orders[0].count == 12)
      #expect(orders[0] == orders[1])
      #expect(Set(orders).count > 1)
    }
  }

  @Test("A store with a thread of its own fails the run")
  func threadedStore() async {
    await #expect(processExitsWith: .success) {
      SimulatedExecutor.install()
      let report = NodeSimulation(
        Scenario(seed: 1, of: .nodes), interposer: ThreadedStores()
      ).run()
      #expect(report.violation?.property == .confinement)
    }
  }
}

private actor Counter {
  private var order: [Int] = []

  func add(_ number: Int) { self.order.append(number) }

  var all: [Int] { self.order }
}

private enum Elsewhere {
  /// Comes back by way of another thread.
  static func hop() async {
    await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
      // A task of its own: this one must have gone to sleep before it is woken.
      Task { Self.resumeOnThread(continuation) }
    }
  }

  private static func resumeOnThread(_ continuation: UnsafeContinuation<Void, Never>) {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(Box(continuation)).toOpaque()
    let status = pthread_create(&thread, nil, { Box.resume($0) }, context)
    precondition(status == 0, "no thread: errno \(status)")
    pthread_join(thread, nil)
  }

  /// In which order tasks of all kinds come along.
  static func order(seed: UInt64) -> [Int] {
    let result = Result()
    let ending = SimulatedExecutor(seed: seed).run(stepsMax: 10_000) {
      let counter = Counter()
      let (stream, continuation) = AsyncStream<Int>.makeStream()
      let reader = Task { for await number in stream { await counter.add(number) } }
      await withTaskGroup(of: Void.self) { group in
        for number in 0..<4 {
          group.addTask {
            await Task.yield()
            await counter.add(number)
            await Task.detached { await counter.add(number + 10) }.value
            continuation.yield(number + 20)
          }
        }
      }
      continuation.finish()
      await reader.value
      result.order = await counter.all
    }
    precondition(ending == .finished, "\(ending)")
    return result.order
  }

  private final class Result: @unchecked Sendable {
    var order: [Int] = []
  }

  private final class Box {
    private let continuation: UnsafeContinuation<Void, Never>

    init(_ continuation: UnsafeContinuation<Void, Never>) {
      self.continuation = continuation
    }

    static func resume(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
      guard let context else { return nil }
      Unmanaged<Box>.fromOpaque(context).takeRetainedValue().continuation.resume()
      return nil
    }
  }
}

/// Log stores that read on another thread.
private struct ThreadedStores: NodeInterposer {
  func logStore(_ base: any LogStore, of id: NodeID) -> any LogStore {
    WrappedLogStore(base, beforeLoad: { await Elsewhere.hop() })
  }
}
