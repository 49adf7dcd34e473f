import RaftConcurrency

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
    /// Whether somebody does the waiting worker's work.
    var hasGuest = false
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

    mutating func takeWaiter() -> UnsafeContinuation<Void, Never>? {
      guard !self.hasGuest else { return nil }
      defer { self.waiter = nil }
      return self.waiter
    }
  }

  private let state = Guarded(State())

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
      return (true, state.takeWaiter())
    }
    waiter?.resume()
    return isAdded
  }

  /// Lets the caller do the worker's work until it leaves, if the worker waits and no job does.
  func enter() -> Bool {
    self.state.withLock { state in
      guard state.waiter != nil, state.isEmpty, !state.isClosed, !state.hasGuest else {
        return false
      }
      state.hasGuest = true
      return true
    }
  }

  /// Gives the work back to the worker.
  func leave() {
    let waiter = self.state.withLock { state -> UnsafeContinuation<Void, Never>? in
      state.hasGuest = false
      return state.isEmpty && !state.isClosed ? nil : state.takeWaiter()
    }
    waiter?.resume()
  }

  /// Puts a job in the place of all that wait.
  func replaceAll(with job: Job) {
    let waiter = self.state.withLock { state -> UnsafeContinuation<Void, Never>? in
      guard !state.isClosed else { return nil }
      _ = state.takeAll()
      state.add(job)
      return state.takeWaiter()
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
      return state.takeWaiter()
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
          return false
        }
        if hasNews { continuation.resume() }
      }
    }
  }
}
