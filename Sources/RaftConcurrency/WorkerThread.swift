import Glibc

/// A thread for calls that block: runs what it is given, one after the other, in order.
///
/// The tasks of the program never wait for a disk on their own threads; they suspend in
/// ``run(orThrow:_:)`` instead. The thread ends when it is stopped, or with the last reference to this
/// object; what it was given before is still run.
package final class WorkerThread: Sendable {
  package typealias Job = @Sendable () -> Void

  private struct Work {
    var jobs: [Job] = []
    var isStopping = false
    var ending: [Job] = []
    var hasEnded = false
  }

  private enum Turn {
    case jobs([Job])
    case end
  }

  private let work: Monitor<Work>

  /// Starts a thread of this name, which the system shows in its first 15 bytes.
  ///
  /// `whenIdle` is run each time the thread had nothing to do for that long after a job.
  ///
  /// - Throws: ``ThreadRefusal`` if the system gives no thread.
  package init(
    named name: String, whenIdle: (after: Duration, job: Job)? = nil
  ) throws(ThreadRefusal) {
    let work = Monitor(Work())
    self.work = work
    let body = ThreadBody {
      Self.takeName(name)
      Self.serve(work, whenIdle: whenIdle.map { ($0.after.nanoseconds, $0.job) })
    }
    try body.start()
  }

  deinit {
    self.requestStop()
  }

  /// Gives the thread something to do; `false` if it is stopped already.
  package func submit(_ job: @escaping Job) -> Bool {
    let isAccepted = self.work.withLock { work in
      if !work.isStopping { work.jobs.append(job) }
      return !work.isStopping
    }
    self.work.wake()
    return isAccepted
  }

  /// Runs the body on the thread and waits for its result without blocking the caller's thread;
  /// throws `refusal` if the thread is stopped already.
  package func run<Value: Sendable, Failure: Error>(
    orThrow refusal: Failure, _ body: @escaping @Sendable () throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    let result = await withCheckedContinuation { continuation in
      let isAccepted = self.submit { continuation.resume(returning: Result(catching: body)) }
      if !isAccepted { continuation.resume(returning: .failure(refusal)) }
    }
    return try result.get()
  }

  /// Lets the thread finish what it was given, and returns when it has ended.
  package func stop() async {
    await withCheckedContinuation { continuation in
      let hasEnded = self.work.withLock { work in
        work.isStopping = true
        if !work.hasEnded { work.ending.append { continuation.resume() } }
        return work.hasEnded
      }
      self.work.wake()
      if hasEnded { continuation.resume() }
    }
  }

  /// Lets the thread finish what it was given, and does not wait for it.
  private func requestStop() {
    self.work.withLock { $0.isStopping = true }
    self.work.wake()
  }

  /// Lets tools that list threads show the name; without it everything works as well.
  private static func takeName(_ name: String) {
    let number = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard number >= 0 else { return }
    var name = name
    _ = name.withUTF8 { write(number, $0.baseAddress, $0.count) }
    close(number)
  }

  private static func serve(_ work: Monitor<Work>, whenIdle: (after: Int64, job: Job)?) {
    var patience: Int64?
    while true {
      switch work.wait(atMost: patience, for: self.takeTurn) {
      case .jobs(let jobs):
        for job in jobs { job() }
        patience = whenIdle?.after
      case nil:
        whenIdle?.job()
        patience = nil
      case .end:
        let ending = work.withLock { work in
          work.hasEnded = true
          return work.ending
        }
        for job in ending { job() }
        return
      }
    }
  }

  private static func takeTurn(_ work: inout Work) -> Turn? {
    guard work.jobs.isEmpty else {
      defer { work.jobs = [] }
      return .jobs(work.jobs)
    }
    return work.isStopping ? .end : nil
  }
}

/// The system gives no thread.
package struct ThreadRefusal: Error, CustomStringConvertible {
  /// The system's own number for why not.
  package let errno: Int32

  /// What happened, and what to do.
  package var description: String {
    "the system refused a thread for the disk (errno \(self.errno)): raise the limit of threads"
  }
}

/// What a system thread runs.
private final class ThreadBody: Sendable {
  private let run: @Sendable () -> Void

  init(_ run: @escaping @Sendable () -> Void) {
    self.run = run
  }

  /// Starts a thread that runs the body; nobody joins it.
  func start() throws(ThreadRefusal) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    let context = Unmanaged.passRetained(self)
    var thread = pthread_t()
    let failure = pthread_create(
      &thread, &attributes,
      { context in
        guard let context else { return nil }
        Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, context.toOpaque())
    guard failure == 0 else {
      context.release()
      throw ThreadRefusal(errno: failure)
    }
  }
}

extension Duration {
  /// The whole duration in nanoseconds, cut at what 64 bits hold.
  fileprivate var nanoseconds: Int64 {
    let (seconds, attoseconds) = self.components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? .max / 2 : min(product, .max / 2) + attoseconds / 1_000_000_000
  }
}
