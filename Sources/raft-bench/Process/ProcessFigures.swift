import CRaftBench
import Glibc

/// What a process has used up to a moment.
struct ProcessFigures {
  /// Of a clock that only goes forward, in nanoseconds.
  let time = Self.monotonic()
  /// The processor time of all threads, user and system, in nanoseconds.
  let processorTime = Self.read(CLOCK_PROCESS_CPUTIME_ID)
  let allocations = raft_allocation_count()

  /// A clock that only goes forward, in nanoseconds.
  static func monotonic() -> UInt64 { Self.read(CLOCK_MONOTONIC) }

  /// The most memory that the process ever had, in bytes.
  static var peakMemory: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }

  private static func read(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
