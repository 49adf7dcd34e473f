package import Glibc
import RaftConcurrency

/// A program that this process started.
///
/// A thread of its own starts it, reads its standard output, and waits for its end: a child that
/// asks to be killed with its parent is killed when the *thread* ends that started it.
package final class ChildProcess: Sendable {
  /// How a process ended.
  package typealias Ending = PipedProcess.Ending

  private struct State {
    var isReaped = false
    var output: [UInt8] = []
  }

  /// How much of the standard output is kept.
  private static let outputMax = 1 << 20

  /// The process's number.
  package var pid: pid_t { self.process.pid }
  private let process: PipedProcess
  private let state = Guarded(State())
  private let firstLine = Promise<String>()
  private let ending = Promise<Ending>()

  private init(_ process: PipedProcess) {
    self.process = process
  }

  /// Starts a program; its standard input is empty, its standard error goes to the end of a file.
  package static func start(
    _ program: String, _ arguments: [String], standardError: String
  ) async throws(Failure) -> ChildProcess {
    let started = Promise<Result<ChildProcess, Failure>>()
    try startThread {
      do throws(Failure) {
        let process = try PipedProcess(
          program, arguments, .apart(standardError: standardError))
        let child = ChildProcess(process)
        started.keep(.success(child))
        child.watch()
      } catch {
        started.keep(.failure(error))
      }
    }
    // The thread always answers; a cancelled caller must not lose the child.
    let result = await Task { await started.value() }.value
    guard let result else { throw Failure(.failed, "\(program) was not started") }
    return try result.get()
  }

  /// Sends a signal, unless the process has ended.
  package func signal(_ number: Int32) {
    self.state.withLock { state in
      // An ended process keeps its number until it is reaped.
      if !state.isReaped { kill(self.pid, number) }
    }
  }

  /// The first line that the process wrote to its standard output; `nil` if it ended without one
  /// or takes longer than the limit.
  package func line(within limit: Duration) async -> String? {
    let line = await self.firstLine.value(within: limit)
    return line?.isEmpty == false ? line : nil
  }

  /// How the process ended; `nil` if it still runs at the limit.
  package func end(within limit: Duration) async -> Ending? {
    await self.ending.value(within: limit)
  }

  /// How the process ended; `nil` while it runs.
  package var ended: Ending? { self.ending.current }

  /// What the process wrote to its standard output so far.
  package var output: String { self.state.withLock { String(decoding: $0.output, as: UTF8.self) } }

  // MARK: The thread

  private func watch() {
    let output = self.process.output
    var buffer = [UInt8](repeating: 0, count: 4096)
    while case let count = read(output, &buffer, buffer.count), count != 0 {
      if count < 0 {
        guard errno == EINTR else { break }
        continue
      }
      let line = self.state.withLock { state -> String? in
        state.output += buffer[..<min(count, Self.outputMax - state.output.count)]
        let line = state.output.prefix { $0 != UInt8(ascii: "\n") }
        return line.count < state.output.count ? String(decoding: line, as: UTF8.self) : nil
      }
      if let line { self.firstLine.keep(line) }
    }
    close(output)
    self.firstLine.keep("")
    self.ending.keep(self.reap())
  }

  /// Waits for the end, and only then lets the system give the number to another process.
  private func reap() -> Ending {
    self.process.waitForEnd()
    return self.state.withLock { state in
      state.isReaped = true
      return self.process.reap()
    }
  }
}
