@preconcurrency import Glibc
import RaftConcurrency

/// A program that this process started.
///
/// A thread of its own starts it, reads its standard output, and waits for its end: a child that
/// asks to be killed with its parent is killed when the *thread* ends that started it.
final class ChildProcess: Sendable {
  /// How a process ended.
  enum Ending: Equatable, Sendable, CustomStringConvertible {
    case exited(Int32)
    case killed(signal: Int32)

    var description: String {
      switch self {
      case .exited(let status): "exit status \(status)"
      case .killed(let signal): "signal \(signal)"
      }
    }
  }

  private struct State {
    var isReaped = false
    var output: [UInt8] = []
  }

  /// How much of the standard output is kept.
  private static let outputMax = 1 << 20

  /// The process's number.
  let pid: pid_t
  private let state = Guarded(State())
  private let firstLine = Promise<String>()
  private let ending = Promise<Ending>()

  private init(pid: pid_t) {
    self.pid = pid
  }

  /// Starts a program; its standard input is empty, its standard error goes to the end of a file.
  static func start(
    _ program: String, _ arguments: [String], standardError: String
  ) async throws(Failure) -> ChildProcess {
    let started = Promise<Result<ChildProcess, Failure>>()
    try startThread {
      do throws(Failure) {
        let (pid, output) = try Self.spawn(program, arguments, standardError: standardError)
        let child = ChildProcess(pid: pid)
        started.keep(.success(child))
        child.watch(output)
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
  func signal(_ number: Int32) {
    self.state.withLock { state in
      // An ended process keeps its number until it is reaped.
      if !state.isReaped { kill(self.pid, number) }
    }
  }

  /// The first line that the process wrote to its standard output; `nil` if it ended without one
  /// or takes longer than the limit.
  func line(within limit: Duration) async -> String? {
    let line = await self.firstLine.value(within: limit)
    return line?.isEmpty == false ? line : nil
  }

  /// How the process ended; `nil` if it still runs at the limit.
  func end(within limit: Duration) async -> Ending? {
    await self.ending.value(within: limit)
  }

  /// How the process ended; `nil` while it runs.
  var ended: Ending? { self.ending.current }

  /// What the process wrote to its standard output so far.
  var output: String { self.state.withLock { String(decoding: $0.output, as: UTF8.self) } }

  // MARK: The thread

  private func watch(_ output: Int32) {
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
    var info = siginfo_t()
    while waitid(P_PID, id_t(self.pid), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    var status: Int32 = 0
    self.state.withLock { state in
      while waitpid(self.pid, &status, 0) < 0, errno == EINTR {}
      state.isReaped = true
    }
    let signal = status & 0x7F
    return signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: signal)
  }

  private static func spawn(
    _ program: String, _ arguments: [String], standardError: String
  ) throws(Failure) -> (pid: pid_t, output: Int32) {
    try Self.spawning.withLock { _ throws(Failure) in
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else {
        throw Failure(.failed, "no pipe for \(program): \(systemMessage(errno))")
      }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      defer { close(ends[1]) }
      do throws(Failure) {
        let pid = try Self.spawn(program, arguments, output: ends[1], errors: standardError)
        return (pid, ends[0])
      } catch {
        close(ends[0])
        throw error
      }
    }
  }

  /// Held while a pipe is made and inherited, so that no other child inherits it too.
  private static let spawning = Guarded(())

  private static func spawn(
    _ program: String, _ arguments: [String], output: Int32, errors: String
  ) throws(Failure) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_addopen(
      &actions, 2, errors, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A group of its own: Ctrl-C reaches this process alone, which ends the others in order.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, program, &actions, &attributes, words, environ)
    guard code == 0 else {
      throw Failure(.failed, "\(program) cannot be started: \(systemMessage(code))")
    }
    return pid
  }
}
