import Glibc
import Synchronization
// The one file that knows how the toolchain lets a program replace its default executor. The
// interface is experimental: it holds for the toolchain that this package names, and only this
// file changes when it does.
@_spi(ExperimentalCustomExecutors) @_spi(ExperimentalScheduling) internal import _Concurrency

extension SimulatedExecutor {
  /// Makes this process one that can simulate: tasks made on a simulating thread run there.
  ///
  /// Process-wide and for good, so it belongs into an executable of its own, or into a child
  /// process of a test; no library calls it by itself. While no run is under way, and that is
  /// always so for programs that only call this, tasks run where they would have.
  /// Calling it again changes nothing.
  public static func install() {
    guard !SimulatedThread.isInstalled.exchange(true, ordering: .relaxed) else { return }
    _createExecutors(factory: SimulatedExecutors.self)
  }
}

/// The thread that simulates, if one does.
enum SimulatedThread {
  static let isInstalled = Atomic<Bool>(false)
  /// Which thread; zero while none does.
  private static let thread = Atomic<UInt>(0)
  /// What runs on it.
  private nonisolated(unsafe) static var executor: SimulatedExecutor?

  /// The calling thread simulates from now on.
  static func enter(_ executor: SimulatedExecutor) {
    precondition(
      Self.isInstalled.load(ordering: .relaxed),
      "a simulation before SimulatedExecutor.install(): its tasks would run on other threads")
    let (isFree, _) = Self.thread.compareExchange(
      expected: 0, desired: UInt(pthread_self()), ordering: .acquiringAndReleasing)
    precondition(isFree, "two simulations at a time: run them in two processes")
    Self.executor = executor
  }

  /// The calling thread is an ordinary one again.
  static func leave() {
    Self.executor = nil
    Self.thread.store(0, ordering: .releasing)
  }

  /// Runs a job as the default executor does, without an executor of its own.
  static func run(_ job: UnownedJob) {
    job.runSynchronously(on: unsafeBitCast((0, 0), to: UnownedSerialExecutor.self))
  }

  /// Where a job that became ready on the calling thread goes.
  fileprivate static var destination: Destination {
    let thread = Self.thread.load(ordering: .acquiring)
    guard thread != 0, let executor = Self.executor else { return .platform }
    return thread == UInt(pthread_self()) ? .simulation(executor) : .escape(executor)
  }

  fileprivate enum Destination {
    case platform
    case simulation(SimulatedExecutor)
    case escape(SimulatedExecutor)
  }
}

/// What the runtime asks for the executors of the process.
private struct SimulatedExecutors: ExecutorFactory {
  static var mainExecutor: any MainExecutor { PlatformExecutorFactory.mainExecutor }
  static var defaultExecutor: any TaskExecutor { DivertingExecutor.shared }
}

/// The default executor of the process: hands jobs of a simulation to it, others to the platform.
private final class DivertingExecutor: TaskExecutor, SchedulingExecutor {
  static let shared = DivertingExecutor()

  private var platform: any TaskExecutor { PlatformExecutorFactory.defaultExecutor }

  func enqueue(_ job: consuming ExecutorJob) {
    switch SimulatedThread.destination {
    case .platform: self.platform.enqueue(job)
    case .simulation(let executor): executor.add(UnownedJob(job))
    case .escape(let executor): executor.addEscaped(UnownedJob(job))
    }
  }

  func enqueue<C: Clock>(
    _ job: consuming ExecutorJob, after delay: C.Duration, tolerance: C.Duration?, clock: C
  ) {
    switch SimulatedThread.destination {
    case .platform: self.scheduler.enqueue(job, after: delay, tolerance: tolerance, clock: clock)
    case .simulation(let executor), .escape(let executor): executor.addEscaped(UnownedJob(job))
    }
  }

  func enqueue<C: Clock>(
    _ job: consuming ExecutorJob, at instant: C.Instant, tolerance: C.Duration?, clock: C
  ) {
    switch SimulatedThread.destination {
    case .platform: self.scheduler.enqueue(job, at: instant, tolerance: tolerance, clock: clock)
    case .simulation(let executor), .escape(let executor): executor.addEscaped(UnownedJob(job))
    }
  }

  private var scheduler: any SchedulingExecutor {
    guard let scheduler = self.platform as? any SchedulingExecutor else {
      preconditionFailure("the platform's executor \(self.platform) cannot wait")
    }
    return scheduler
  }
}
