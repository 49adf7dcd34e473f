import Glibc
import RaftCommandLine
import TestPace
import Testing

@Suite("Processes that a program starts", .realTime, .timeLimit(.minutes(5)))
struct ProcessTests {
  @Test("A child's first line, its output and its ending are told")
  func child() async throws {
    let folder = try TemporaryFolder(prefix: "raft-command-line-tests-")
    defer { folder.remove() }
    let errors = "\(folder.path)/errors"
    let child = try await ChildProcess.start(
      "/bin/sh", ["-c", "echo one; echo two; echo three >&2; exit 7"], standardError: errors)
    #expect(await child.line(within: .seconds(20).patient) == "one")
    #expect(await child.end(within: .seconds(20).patient) == .exited(7))
    #expect(child.output == "one\ntwo\n")
    #expect(FileContent.bytes(of: errors) == Array("three\n".utf8))
    // It is gone: a signal reaches nobody.
    child.signal(SIGKILL)
  }

  @Test("A child that is killed says by what")
  func killed() async throws {
    let child = try await ChildProcess.start(
      "/bin/sh", ["-c", "echo ready; exec cat /dev/zero > /dev/null"],
      standardError: "/dev/null")
    #expect(await child.line(within: .seconds(20).patient) == "ready")
    #expect(child.ended == nil)
    child.signal(SIGKILL)
    #expect(await child.end(within: .seconds(20).patient) == .killed(signal: SIGKILL))
  }

  @Test("A program that is not there cannot be started, and that is told")
  func missing() async throws {
    let failure = await #expect(throws: Failure.self) {
      try await ChildProcess.start("/no/such/program", [], standardError: "/dev/null")
    }
    #expect(
      failure?.message == "/no/such/program cannot be started: No such file or directory")
  }

  @Test("All that a piped process wrote is read")
  func piped() throws {
    let process = try PipedProcess("/bin/sh", ["-c", "printf abc; exit 3"], .shared)
    #expect(process.readAll() == Array("abc".utf8))
    #expect(process.reap() == .exited(3))
  }

  @Test("A promise is kept once; who waits no longer gets nothing")
  func promise() async {
    let promise = Promise<Int>()
    #expect(await promise.value(within: .milliseconds(1)) == nil)
    promise.keep(1)
    promise.keep(2)
    #expect(await promise.value() == 1)
    #expect(promise.current == 1)
  }
}
