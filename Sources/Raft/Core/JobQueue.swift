import RaftConcurrency

/// A queue from the core to one worker task: many may add, one takes everything that waits.
final class JobQueue<Job: Sendable>: Sendable {
  private struct State {
    var jobs: [Job] = []
    var waiter: UnsafeContinuation<Void, Never>?
    var isClosed = false
  }

  private let state = Guarded(State())

  /// Adds a job; `false` if the queue is closed.
  @discardableResult
  func add(_ job: Job) -> Bool {
    let (isAdded, waiter) = self.state.withLock { state in
      guard !state.isClosed else { return (false, nil as UnsafeContinuation<Void, Never>?) }
      state.jobs.append(job)
      defer { state.waiter = nil }
      return (true, state.waiter)
    }
    waiter?.resume()
    return isAdded
  }

  /// Puts a job in the place of all that wait.
  func replaceAll(with job: Job) {
    let waiter = self.state.withLock { state -> UnsafeContinuation<Void, Never>? in
      guard !state.isClosed else { return nil }
      state.jobs.removeAll(keepingCapacity: true)
      state.jobs.append(job)
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }

  /// Accepts nothing any more; what waits is still taken.
  func close() {
    let waiter = self.state.withLock { state -> UnsafeContinuation<Void, Never>? in
      state.isClosed = true
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }

  /// Waits for jobs and takes all; `false` when the queue is closed and empty.
  func next(_ jobs: inout [Job]) async -> Bool {
    jobs.removeAll(keepingCapacity: true)
    while true {
      let isOpen = self.state.withLock { state in
        swap(&state.jobs, &jobs)
        return !state.isClosed
      }
      if !jobs.isEmpty { return true }
      guard isOpen else { return false }
      await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
        let hasNews = self.state.withLock { state in
          guard state.jobs.isEmpty, !state.isClosed else { return true }
          state.waiter = continuation
          return false
        }
        if hasNews { continuation.resume() }
      }
    }
  }
}
