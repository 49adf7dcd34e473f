internal import Dispatch
public import Testing

/// Suites that calculate for seconds run on a thread of their own, one after the other.
///
/// Swift's own pool has a thread a core. Tests that keep those busy hold up all others of the
/// process that wait for a clock, a socket or another task.
public struct LongRun: SuiteTrait, TestScoping {
  private static let thread = CalculatingThread()

  /// Runs the test on the thread.
  public func provideScope(
    for test: Test, testCase: Test.Case?,
    performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    try await withTaskExecutorPreference(Self.thread) { try await function() }
  }

  private final class CalculatingThread: TaskExecutor {
    private let queue = DispatchQueue(label: "long runs")

    func enqueue(_ job: consuming ExecutorJob) {
      let job = UnownedJob(job)
      self.queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
  }
}

extension Trait where Self == LongRun {
  /// The suite calculates for seconds.
  public static var longRun: Self { .init() }
}
