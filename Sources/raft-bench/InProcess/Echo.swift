import RaftConcurrency
import Synchronization

/// The same clients against a mailbox of the library's shape with nothing behind it: what the
/// machine and the executor cost at this minute, without any consensus.
struct Echo: Sendable {
  let clients: Int
  let operations: Int

  private final class Mailbox: Sendable {
    private struct State {
      var callers: [UnsafeContinuation<Int, Never>] = []
      var waiter: UnsafeContinuation<Void, Never>?
      var isClosed = false
    }

    private let state = Guarded(State())

    func ask() async -> Int {
      await withUnsafeContinuation { (caller: UnsafeContinuation<Int, Never>) in
        let waiter = self.state.withLock { state -> UnsafeContinuation<Void, Never>? in
          state.callers.append(caller)
          defer { state.waiter = nil }
          return state.waiter
        }
        waiter?.resume()
      }
    }

    func close() {
      let waiter = self.state.withLock { state -> UnsafeContinuation<Void, Never>? in
        state.isClosed = true
        defer { state.waiter = nil }
        return state.waiter
      }
      waiter?.resume()
    }

    func serve() async {
      var callers: [UnsafeContinuation<Int, Never>] = []
      while true {
        let isClosed = self.state.withLock { state in
          swap(&state.callers, &callers)
          return state.isClosed && callers.isEmpty
        }
        if isClosed { return }
        for (number, caller) in callers.enumerated() { caller.resume(returning: number) }
        guard callers.isEmpty else {
          callers.removeAll(keepingCapacity: true)
          continue
        }
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
          let hasWork = self.state.withLock { state in
            guard state.callers.isEmpty, !state.isClosed else { return true }
            state.waiter = continuation
            return false
          }
          if hasWork { continuation.resume() }
        }
      }
    }
  }

  /// Processor time per call in nanoseconds; 0 without calls.
  func run() async -> Double {
    guard self.operations > 0 else { return 0 }
    let mailbox = Mailbox()
    let taken = CallCount()
    let server = Task { await mailbox.serve() }
    let before = ProcessFigures()
    await withDiscardingTaskGroup { group in
      for _ in 0..<self.clients {
        group.addTask {
          while taken.value.add(1, ordering: .relaxed).oldValue < self.operations {
            _ = await mailbox.ask()
          }
        }
      }
    }
    let after = ProcessFigures()
    mailbox.close()
    await server.value
    return Double(after.processorTime - before.processorTime) / Double(self.operations)
  }

  private final class CallCount: Sendable {
    let value = Atomic<Int>(0)
  }
}
