package import Glibc
import RaftConcurrency

/// A process that this one started, and the pipe from which its standard output is read.
package struct PipedProcess: Sendable {
  /// How a process ended.
  package enum Ending: Equatable, Sendable, CustomStringConvertible {
    case exited(Int32)
    case killed(signal: Int32)

    /// The status or the signal, in words.
    package var description: String {
      switch self {
      case .exited(let status): "exit status \(status)"
      case .killed(let signal): "signal \(signal)"
      }
    }
  }

  /// What a process has in common with the one that starts it.
  package enum Bond: Equatable, Sendable {
    /// Terminal, signals and standard error: Ctrl-C reaches both.
    case shared
    /// Nothing: an empty standard input, a group of its own, and standard error at the end of a
    /// file.
    case apart(standardError: String)
  }

  /// The process's number.
  package let pid: pid_t
  /// The descriptor of its standard output; the caller closes it.
  package let output: Int32

  /// Held while a pipe is made and inherited, so that no other process inherits it too.
  private static let spawning = Guarded(())

  /// Starts a program.
  ///
  /// - Throws: ``Failure`` if the system does not let it.
  package init(
    _ program: String, _ arguments: [String], _ bond: Bond
  ) throws(Failure) {
    (self.pid, self.output) = try Self.spawning.withLock { _ throws(Failure) in
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else {
        throw Failure(.failed, "no pipe for \(program): \(systemMessage(errno))")
      }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      defer { close(ends[1]) }
      do throws(Failure) {
        return (try Self.spawn(program, arguments, output: ends[1], bond), ends[0])
      } catch {
        close(ends[0])
        throw error
      }
    }
  }

  private static func spawn(
    _ program: String, _ arguments: [String], output: Int32, _ bond: Bond
  ) throws(Failure) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    if case .apart(let errors) = bond {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
      posix_spawn_file_actions_addopen(
        &actions, 2, errors, O_WRONLY | O_CREAT | O_APPEND, 0o600)
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
    }
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

  /// Everything that the process writes from now on, through its end; closes the pipe.
  package func readAll() -> [UInt8] {
    var all: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 12)
    while case let count = read(self.output, &piece, piece.count), count != 0 {
      if count < 0 {
        guard errno == EINTR else { break }
        continue
      }
      all += piece[..<count]
    }
    close(self.output)
    return all
  }

  /// Waits for the end without letting the system give the number to another process.
  package func waitForEnd() {
    var info = siginfo_t()
    while waitid(P_PID, id_t(self.pid), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
  }

  /// Waits for the end, and gives the number back to the system; to be called once.
  package func reap() -> Ending {
    var status: Int32 = 0
    while waitpid(self.pid, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: signal)
  }
}
