import Foundation

/// A run of the program `raft-sim` that was built with these tests.
enum SimulatorProcess {
  struct Result {
    let output: String
    let errors: String
    let status: Int32
  }

  /// Where the program lies: beside the tests that are built together with it.
  private static let path = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("raft-sim").path

  /// Runs it to its end, on one core, or on as many as there are.
  static func run(_ line: String, cores: String? = nil) throws -> Result {
    let process = Process()
    let words = line.split(separator: " ").map(String.init)
    let taskset = "/usr/bin/taskset"
    if let cores, FileManager.default.isExecutableFile(atPath: taskset) {
      process.executableURL = URL(fileURLWithPath: taskset)
      process.arguments = ["-c", cores, self.path] + words
    } else {
      process.executableURL = URL(fileURLWithPath: self.path)
      process.arguments = words
    }
    var environment = ProcessInfo.processInfo.environment
    environment["SWIFT_DETERMINISTIC_HASHING"] = nil
    process.environment = environment
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let complaints = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Result(
      output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: complaints, as: UTF8.self), status: process.terminationStatus)
  }
}
