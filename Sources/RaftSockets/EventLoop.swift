import CRaftEpoll
import Glibc
import RaftConcurrency

/// One thread that serves many sockets: it waits for readiness, timers and posted jobs, in turns.
///
/// Everything that lives on the loop (connections, listeners, timers) is called on its thread and
/// never waits there; tasks reach it through `post` and `run` from any thread. A loop runs from
/// `start` until `shutdown`, which must be called: the running thread keeps the loop alive.
public final class EventLoop: Sendable {
  /// A piece of work for the loop's thread.
  public typealias Job = @Sendable () -> Void

  /// Whether a job was taken by a loop.
  public enum Posting: Sendable {
    /// The job will run, also if the loop is shut down meanwhile.
    case accepted
    /// The loop has ended; the job will never run.
    case stopped
  }

  private struct Inbox {
    var jobs: [Job] = []
    var isSleeping = false
    var isStopRequested = false
    var isClosed = false
    var hasEnded = false
    var waiters: [CheckedContinuation<Void, Never>] = []
    var thread: SystemThread?
  }

  /// The name of the loop and of its thread.
  public let name: String
  private let inbox = Guarded(Inbox())
  private let wakeup: Int32
  // Reached through `core` alone, which checks the thread.
  private nonisolated(unsafe) let uncheckedCore: LoopCore

  private init(name: String) throws(SocketError) {
    let wakeup = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    guard wakeup >= 0 else {
      throw errno == EMFILE || errno == ENFILE
        ? .outOfDescriptors : .system(operation: "create a wake-up descriptor", code: errno)
    }
    do {
      self.uncheckedCore = try LoopCore(wakeup: wakeup)
    } catch {
      close(wakeup)
      throw error
    }
    self.wakeup = wakeup
    self.name = name
  }

  deinit {
    close(self.wakeup)
  }

  /// Starts a loop on a thread of its own.
  ///
  /// - Throws: `SocketError.outOfDescriptors` or `.system` when the system has no means to give.
  public static func start(named name: String = "raft-loop") throws(SocketError) -> EventLoop {
    let loop = try EventLoop(name: name)
    let thread = try SystemThread.start(named: name) { loop.turn() }
    loop.inbox.withLock { $0.thread = thread }
    return loop
  }

  /// Whether the calling thread is this loop's thread.
  public var isCurrent: Bool {
    raft_thread_mark() == Unmanaged.passUnretained(self).toOpaque()
  }

  /// Stops the process if the caller is not on this loop's thread.
  public func preconditionCurrent() {
    precondition(self.isCurrent, "work of loop \(self.name) was called on another thread")
  }

  var core: LoopCore {
    self.preconditionCurrent()
    return self.uncheckedCore
  }

  // MARK: From any thread

  /// Gives the loop a job; jobs run in the order of posting, never inside the call that posts.
  @discardableResult
  public func post(_ job: @escaping Job) -> Posting {
    enum Step { case ended, wake, leave }
    let step = self.inbox.withLock { inbox -> Step in
      guard !inbox.isClosed else { return .ended }
      inbox.jobs.append(job)
      guard inbox.isSleeping else { return .leave }
      inbox.isSleeping = false
      return .wake
    }
    switch step {
    case .ended: return .stopped
    case .wake: self.wake()
    case .leave: break
    }
    return .accepted
  }

  /// Runs `body` on the loop's thread and returns its result.
  ///
  /// - Throws: `SocketError.loopStopped` when the loop has ended; `body` has not run then.
  public func run<Value: Sendable>(
    _ body: @escaping @Sendable () -> Value
  ) async throws(SocketError) -> Value {
    let result: Result<Value, SocketError> = await withCheckedContinuation { continuation in
      let posting = self.post { continuation.resume(returning: .success(body())) }
      if case .stopped = posting { continuation.resume(returning: .failure(.loopStopped)) }
    }
    return try result.get()
  }

  /// Ends the loop: closes its sockets, runs the jobs posted so far, and waits for the thread.
  ///
  /// May be called several times; each call returns when the loop has ended.
  public func shutdown() async {
    await withCheckedContinuation { continuation in
      let hasEnded = self.inbox.withLock { inbox in
        inbox.isStopRequested = true
        inbox.isSleeping = false
        if !inbox.hasEnded { inbox.waiters.append(continuation) }
        return inbox.hasEnded
      }
      if hasEnded { continuation.resume() } else { self.wake() }
    }
    // The thread's last act was to resume the waiters: joining takes microseconds.
    let thread = self.inbox.withLock { inbox in
      defer { inbox.thread = nil }
      return inbox.thread
    }
    thread?.join()
  }

  private func wake() {
    var one: UInt64 = 1
    // It can only fail when the counter is full, and then the loop is awake.
    _ = write(self.wakeup, &one, 8)
  }

  // MARK: On the loop's thread

  /// Runs `job` once on the loop after `delay`, unless cancelled or the loop ends before.
  ///
  /// To be called on the loop's thread.
  public func schedule(after delay: Duration, _ job: @escaping () -> Void) -> TimerID {
    self.core.schedule(at: MonotonicClock.now().advanced(by: delay), job)
  }

  /// Takes a timer back; without effect when it has run.
  ///
  /// To be called on the loop's thread.
  public func cancel(_ timer: TimerID) {
    self.core.cancel(timer)
  }

  /// Runs `job` at the end of the present turn.
  ///
  /// To be called on the loop's thread.
  package func putOff(_ job: @escaping () -> Void) {
    self.core.putOff(job)
  }

  /// Keeps a resident and tells it of the loop's end.
  ///
  /// To be called on the loop's thread.
  package func adopt(_ resident: any LoopResident) throws(SocketError) {
    try self.core.adopt(resident)
  }

  /// Lets a resident go.
  ///
  /// To be called on the loop's thread.
  package func release(_ resident: any LoopResident) {
    self.core.release(resident)
  }

  private func turn() {
    raft_set_thread_mark(Unmanaged.passUnretained(self).toOpaque())
    let core = self.core
    var jobs: [Job] = []
    while true {
      let mayRest = self.inbox.withLock { inbox in
        inbox.isSleeping = inbox.jobs.isEmpty && !inbox.isStopRequested
        return inbox.isSleeping
      }
      core.serveEvents(mayRest ? .untilNextTimer : .poll)
      core.serveTimers()
      let isStopRequested = self.takeJobs(into: &jobs)
      for job in jobs { job() }
      jobs.removeAll(keepingCapacity: true)
      core.servePutOff()
      if isStopRequested { break }
    }
    self.end(core)
  }

  private func takeJobs(into jobs: inout [Job]) -> Bool {
    self.inbox.withLock { inbox in
      inbox.isSleeping = false
      swap(&inbox.jobs, &jobs)
      return inbox.isStopRequested
    }
  }

  /// Jobs that were accepted run; from the moment the last are taken none is accepted.
  private func end(_ core: LoopCore) {
    core.stop()
    let jobs = self.inbox.withLock { inbox in
      inbox.isClosed = true
      defer { inbox.jobs = [] }
      return inbox.jobs
    }
    for job in jobs { job() }
    core.servePutOff()
    raft_set_thread_mark(nil)
    let waiters = self.inbox.withLock { inbox in
      inbox.hasEnded = true
      defer { inbox.waiters = [] }
      return inbox.waiters
    }
    for waiter in waiters { waiter.resume() }
  }
}
