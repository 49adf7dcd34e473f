import Glibc
import RaftCommandLine
import RaftSimulator

/// A process of this program that runs some seeds and tells of each in one line.
struct Worker {
  /// Its seeds, the first one not told of yet in front.
  private(set) var seeds: ClosedRange<UInt64>
  private(set) var hasTold = false
  private let process: PipedProcess
  private var buffer: [UInt8] = []

  /// Where its lines come from.
  var output: Int32 { self.process.output }

  /// Starts a process.
  ///
  /// - Throws: ``Failure`` if the system does not let it.
  init(_ seeds: ClosedRange<UInt64>, of scenario: Scenario) throws(Failure) {
    // The seed comes first among a scenario's words; a worker is told its seeds by an option.
    let common = scenario.arguments.split(separator: " ").dropFirst().map(String.init)
    let words = ["work", "--seeds", "\(seeds.lowerBound)..\(seeds.upperBound)"] + common
    self.process = try PipedProcess(try OwnProgram.path(), words, .shared)
    self.seeds = seeds
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
    if !self.hasTold { kill(self.process.pid, SIGTERM) }
    close(self.output)
    let ending = self.process.reap()
    return ending == .exited(0) ? nil : String(describing: ending)
  }
}
