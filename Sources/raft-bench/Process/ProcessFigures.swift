import CRaftBench
import Glibc

/// What a process has used up to a moment.
struct ProcessFigures {
  /// Of a clock that only goes forward, in nanoseconds.
  let time = Self.monotonic()
  /// The processor time of all threads, user and system, in nanoseconds.
  let processorTime = Self.read(CLOCK_PROCESS_CPUTIME_ID)
  let allocations = Self.allocations

  /// A clock that only goes forward, in nanoseconds.
  static func monotonic() -> UInt64 { Self.read(CLOCK_MONOTONIC) }

  /// The processor time of the calling thread, user and system, in nanoseconds.
  static func threadTime() -> UInt64 { Self.read(CLOCK_THREAD_CPUTIME_ID) }

  /// How often the process has asked for memory.
  static var allocations: UInt64 { raft_allocation_count() }

  /// The most memory that the process ever had, in bytes.
  static var peakMemory: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }

  /// The memory that the process has now, in bytes; 0 where the system does not tell.
  static var memory: Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var text = [CChar](repeating: 0, count: 256)
    guard fgets(&text, Int32(text.count), file) != nil else { return 0 }
    let words = String(
      decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self
    )
    .split(separator: " ")
    return (words.count > 1 ? Int(words[1]) ?? 0 : 0) * Int(getpagesize())
  }

  private static func read(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
