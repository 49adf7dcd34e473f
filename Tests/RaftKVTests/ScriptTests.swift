import Glibc
import RaftCommandLine
import TestPace
import Testing

@testable import raft_kv

@Suite("The example script", .realTime, .timeLimit(.minutes(5)))
struct ScriptTests {
  private static let curl = "/usr/bin/curl"

  @Test(
    "It forms a cluster with curl alone, and every answer is right",
    .enabled(if: access(Self.curl, X_OK) == 0))
  func script() async throws {
    let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    try await Program.withFolder { folder in
      let script = try await ChildProcess.start(
        "/usr/bin/env",
        [
          "RAFT_KV=\(Program.path)", "API_BASE=0", "RAFT_BASE=0", "TMPDIR=\(folder)", "/bin/sh",
          "\(root)/Examples/test-cluster.sh",
        ], standardError: "\(folder)/errors")
      let ending = await script.end(within: .seconds(50).patient)
      if ending == nil { script.signal(SIGTERM) }
      #expect(ending == .exited(0), "\(Program.errors(in: folder))")
      #expect(script.output.hasSuffix("Every answer was right.\n"))
    }
  }
}
