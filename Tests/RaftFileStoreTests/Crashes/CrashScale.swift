import Glibc

/// How much of the crash suite is run: some of it with all tests, the whole by `make crash-suite`.
enum CrashScale {
  case part
  case whole

  static let current: CrashScale =
    getenv("RAFT_CRASH_SUITE").map { String(cString: $0) } == "whole" ? .whole : .part

  /// The first number or the second.
  static func count(part: Int, whole: Int) -> Int {
    self.current == .whole ? whole : part
  }

  /// Tells how many cases a test has judged; `make crash-suite` adds them up.
  static func report(_ count: Int, of name: String) {
    guard self.current == .whole else { return }
    print("cases \(count) of \(name)")
  }
}
