import Glibc

/// What a verb has to say at its end.
struct Report: Equatable, Sendable {
  /// For standard output, with the ends of its lines.
  var output = ""
  /// One line for standard error; `nil` for none.
  var note: String?
  /// The exit status.
  var code = ExitCode.done
}

/// The process's two ways to speak to whoever started it.
enum Console {
  /// Writes to standard output.
  static func print(_ text: String) {
    write(text, to: STDOUT_FILENO)
  }

  /// Writes a line to standard error, with the program's name before it.
  static func complain(_ line: String) {
    write("raft-kv: \(line)\n", to: STDERR_FILENO)
  }

  /// Whether people read standard error on a terminal.
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}
