import Glibc
import Weaving

/// A process that was started and not awaited yet.
enum Child {
  /// How a process ended.
  enum End: Equatable {
    case exited(Int32)
    case killed(signal: Int32)
  }

  /// Starts a program; what it prints goes to a file.
  static func start(_ words: [String], outputTo path: String) throws(MutantError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let flags = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, path, flags, 0o644)
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    // A mutant that crashes is no news: no time is spent on a report.
    setenv("SWIFT_BACKTRACE", "enable=no", 1)
    var id: pid_t = 0
    let status = posix_spawnp(&id, words[0], &actions, nil, &arguments, environ)
    guard status == 0 else {
      throw MutantError("\(words[0]) cannot be started: \(String(cString: strerror(status)))")
    }
    return id
  }

  /// Waits for the next of the started processes to end.
  static func awaitNext() throws(MutantError) -> (id: pid_t, end: End) {
    try Self.await(-1)
  }

  /// Waits for a process to end.
  static func await(_ wanted: pid_t) throws(MutantError) -> (id: pid_t, end: End) {
    while true {
      var status: Int32 = 0
      let id = waitpid(wanted, &status, 0)
      if id < 0, errno == EINTR { continue }
      guard id > 0 else { throw MutantError("no process is left to wait for") }
      let signal = status & 0x7F
      return (id, signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: signal))
    }
  }
}
