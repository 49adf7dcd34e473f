import RaftConcurrency
import Synchronization

/// A queue to one worker task: many may add, one takes.
///
/// The worker takes one job at a time, so that whoever closes the queue finds all the others. While
/// it waits, one other may come in and do its work in its place.
final class JobQueue<Job: Sendable>: Sendable {
  private struct State {
    /// Those before the head are taken; their places are empty.
    private var jobs: [Job?] = []
    private var head = 0
    var waiter: UnsafeContinuation<Void, Never>?
    var isClosed = false

    var isEmpty: Bool { self.head == self.jobs.count }

    mutating func add(_ job: Job) {
      self.jobs.append(job)
    }

    /// Puts `merge(last)` in the place of the last job that waits; `false` if that is none.
    mutating func mergeLast(_ merge: (Job) -> Job?) -> Bool {
      guard !self.isEmpty, let last = self.jobs[self.jobs.count - 1], let merged = merge(last)
      else { return false }
      self.jobs[self.jobs.count - 1] = merged
      return true
    }

    mutating func take() -> Job? {
      guard !self.isEmpty else { return nil }
      let job = self.jobs[self.head]
      self.jobs[self.head] = nil
      self.head += 1
      if self.isEmpty {
        self.jobs.removeAll(keepingCapacity: self.jobs.count <= 1024)
        self.head = 0
      } else if self.head * 2 > self.jobs.count {
        self.jobs.removeFirst(self.head)
        self.head = 0
      }
      return job
    }

    mutating func takeAll() -> [Job] {
      defer {
        self.jobs = []
        self.head = 0
      }
      return self.jobs[self.head...].compactMap { $0 }
    }
  }

  /// Who is at the worker's work.
  ///
  /// Guests come and go without the lock; all other changes are made under it.
  private enum Phase: UInt8, AtomicRepresentable {
    /// The worker, or nobody before it came for the first time.
    case working
    /// Nobody: the worker waits.
    case waiting
    /// A guest.
    case visited
    /// A guest, and there is news for the worker when it leaves.
    case called
  }

  private let state = Guarded(State())
  private let phase = Atomic<Phase>(.working)

  /// The worker, if it is to be woken now; if a guest is there, the guest wakes it.
  private func takeWaiter(_ state: inout State) -> UnsafeContinuation<Void, Never>? {
    guard let waiter = state.waiter else { return nil }
    while true {
      switch self.phase.load(ordering: .relaxed) {
      case .working: preconditionFailure("a worker waits and works")
      case .called: return nil
      case .visited:
        let called = self.phase.compareExchange(
          expected: .visited, desired: .called, ordering: .acquiringAndReleasing)
        if called.exchanged { return nil }
      case .waiting:
        let woken = self.phase.compareExchange(
          expected: .waiting, desired: .working, ordering: .acquiringAndReleasing)
        guard woken.exchanged else { continue }
        state.waiter = nil
        return waiter
      }
    }
  }

  /// Adds a job; `false` if the queue is closed.
  @discardableResult
  func add(_ job: Job) -> Bool {
    self.add(job) { _ in nil }
  }

  /// Adds a job, or lets the last one that waits take it over; `false` if the queue is closed.
  @discardableResult
  func add(_ job: Job, mergedBy merge: (Job) -> Job?) -> Bool {
    let (isAdded, waiter) = self.state.withLock { state in
      guard !state.isClosed else { return (false, nil as UnsafeContinuation<Void, Never>?) }
      if !state.mergeLast(merge) { state.add(job) }
      return (true, self.takeWaiter(&state))
    }
    waiter?.resume()
    return isAdded
  }

  /// Lets the caller do the worker's work until it leaves, if the worker waits and no job does.
  func enter() -> Bool {
    self.phase.compareExchange(
      expected: .waiting, desired: .visited, ordering: .acquiringAndReleasing
    ).exchanged
  }

  /// Gives the work back to the worker.
  func leave() {
    let left = self.phase.compareExchange(
      expected: .visited, desired: .waiting, ordering: .acquiringAndReleasing)
    guard !left.exchanged else { return }
    let waiter = self.state.withLock { state -> UnsafeContinuation<Void, Never>? in
      self.phase.store(.working, ordering: .releasing)
      return state.waiter.take()
    }
    waiter?.resume()
  }

  /// Puts a job in the place of all that wait.
  func replaceAll(with job: Job) {
    let waiter = self.state.withLock { state -> UnsafeContinuation<Void, Never>? in
      guard !state.isClosed else { return nil }
      _ = state.takeAll()
      state.add(job)
      return self.takeWaiter(&state)
    }
    waiter?.resume()
  }

  /// Takes all that wait away from the worker.
  func removeAll() -> [Job] {
    self.state.withLock { $0.takeAll() }
  }

  /// Accepts nothing any more; what waits is still taken.
  func close() {
    let waiter = self.state.withLock { state in
      state.isClosed = true
      return self.takeWaiter(&state)
    }
    waiter?.resume()
  }

  /// Waits for a job and takes it; `nil` when the queue is closed and empty.
  func next() async -> Job? {
    while true {
      let (job, isClosed) = self.state.withLock { ($0.take(), $0.isClosed) }
      if job != nil || isClosed { return job }
      await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
        let hasNews = self.state.withLock { state in
          guard state.isEmpty, !state.isClosed else { return true }
          state.waiter = continuation
          self.phase.store(.waiting, ordering: .releasing)
          return false
        }
        if hasNews { continuation.resume() }
      }
    }
  }
}
