import Glibc
import RaftSimulator

/// A process of this program that runs some seeds and tells of each in one line.
struct Worker {
  /// Its seeds, the first one not told of yet in front.
  private(set) var seeds: ClosedRange<UInt64>
  private(set) var hasTold = false
  private let pid: pid_t
  /// Where its lines come from.
  let output: Int32
  private var buffer: [UInt8] = []

  /// Starts a process; `nil` if the system does not let it.
  init?(_ seeds: ClosedRange<UInt64>, of scenario: Scenario) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[1]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    // The seed comes first among a scenario's words; a worker is told its seeds by an option.
    let common = scenario.arguments.split(separator: " ").dropFirst().map(String.init)
    let words =
      ["raft-sim", "work", "--seeds", "\(seeds.lowerBound)..\(seeds.upperBound)"] + common
    var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    var pid: pid_t = 0
    guard posix_spawn(&pid, "/proc/self/exe", &actions, nil, pointers, environ) == 0 else {
      close(ends[0])
      return nil
    }
    self.seeds = seeds
    self.pid = pid
    self.output = ends[0]
  }

  /// Takes what the process has written; `nil` at its end.
  mutating func lines() -> [String]? {
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(self.output, &bytes, bytes.count)
    guard count != 0 else { return nil }
    guard count > 0 else { return errno == EINTR ? [] : nil }
    self.buffer += bytes[..<count]
    var lines: [String] = []
    while let end = self.buffer.firstIndex(of: UInt8(ascii: "\n")) {
      lines.append(String(decoding: self.buffer[..<end], as: UTF8.self))
      self.buffer.removeSubrange(...end)
    }
    return lines
  }

  /// A seed was told of; whether all are now.
  mutating func told(of seed: UInt64) {
    self.hasTold = seed == self.seeds.upperBound
    if !self.hasTold { self.seeds = (seed + 1)...self.seeds.upperBound }
  }

  /// Ends the process if it still runs, and says how it ended, unless as it should.
  func end() -> String? {
    if !self.hasTold { kill(self.pid, SIGTERM) }
    close(self.output)
    var status: Int32 = 0
    while waitpid(self.pid, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    if signal != 0 { return "signal \(signal)" }
    return status == 0 ? nil : "exit status \((status >> 8) & 0xFF)"
  }
}
