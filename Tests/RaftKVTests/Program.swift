import Glibc
import RaftCommandLine
import RaftHTTP
import TestPace
import Testing

@testable import raft_kv

/// The program as its users run it: as a process.
enum Program {
  /// How a process ended, and what it wrote.
  struct Outcome: Equatable {
    let ending: ChildProcess.Ending?
    let output: String
    let errors: String
  }

  /// Where the program lies: beside the tests that are built together with it.
  static let path: String = {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    let own = String(
      decoding: buffer.prefix(max(count, 0)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    return "/" + own.split(separator: "/").dropLast().joined(separator: "/") + "/raft-kv"
  }()

  /// Lends a folder for data and standard errors, and removes it.
  static func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = try TemporaryFolder(prefix: "raft-kv-tests-")
    defer { folder.remove() }
    try await body(folder.path)
  }

  /// Starts the program; its standard error goes into the folder.
  static func start(_ arguments: [String], in folder: String) async throws -> ChildProcess {
    try await ChildProcess.start(
      self.path, arguments, standardError: self.errors(of: folder))
  }

  /// Runs the program to its end.
  static func run(
    _ arguments: [String], in folder: String, within limit: Duration = .seconds(20).patient
  ) async throws -> Outcome {
    unlink(self.errors(of: folder))
    let child = try await self.start(arguments, in: folder)
    let ending = await child.end(within: limit)
    if ending == nil { child.signal(SIGKILL) }
    return Outcome(
      ending: ending, output: child.output, errors: self.errors(in: folder))
  }

  /// What the processes of this folder wrote to standard error.
  static func errors(in folder: String) -> String {
    String(decoding: FileContent.bytes(of: self.errors(of: folder)) ?? [], as: UTF8.self)
  }

  private static func errors(of folder: String) -> String { "\(folder)/errors" }

  /// Looks until the condition holds, for some seconds at most.
  static func await(
    within limit: Duration = .seconds(15).patient, _ condition: () async throws -> Bool
  ) async throws -> Bool {
    let clock = ContinuousClock()
    let deadline = clock.now.advanced(by: limit)
    while !(try await condition()) {
      guard clock.now < deadline else { return false }
      try await clock.sleep(for: .milliseconds(10))
    }
    return true
  }

  /// Runs a program of the system, which must succeed.
  static func command(_ program: String, _ words: String..., in folder: String) async throws {
    let child = try await ChildProcess.start(
      program, words, standardError: "\(folder)/command-errors")
    #expect(await child.end(within: .seconds(20).patient) == .exited(0))
  }

  /// Whether a process with this number runs.
  static func isRunning(_ pid: pid_t) -> Bool {
    kill(pid, 0) == 0
  }
}

extension ServerList {
  /// Makes all servers voters of one cluster.
  func found() async throws {
    let loop = try EventLoop.start(named: "test-found")
    let http = HTTPClient(on: loop)
    let client = KVClient(self.all.map(\.api), http: http, patience: .ample)
    try await client.found(at: self.all[0].api)
    for server in self.all.dropFirst() {
      try await client.join(server.id, api: server.api, raft: server.raft)
    }
    await http.close()
    await loop.shutdown()
  }
}
