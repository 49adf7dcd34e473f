/// What a process tells its caller by its exit status; the programs' help texts document it.
package enum ExitCode: Int32, Sendable {
  /// Done.
  case done = 0
  /// It failed; standard error says why and what to do.
  case failed = 1
  /// What was given cannot be used: an address, a port, a folder, a file.
  case unusable = 2
  /// What was asked for is not there, or not as it was expected.
  case noMatch = 3
  /// The connection or the leader was lost: the command may or may not have taken effect.
  case outcomeUnknown = 4
  /// The command line cannot be understood.
  case usage = 64
  /// Ended by Ctrl-C.
  case interrupted = 130
  /// Ended by SIGTERM.
  case terminated = 143
}

/// A command that ends without success: one line for people, and the exit status.
package struct Failure: Error, CustomStringConvertible {
  /// The exit status.
  package let code: ExitCode
  /// What went wrong and what to do.
  package let message: String

  /// A failure.
  package init(_ code: ExitCode, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  package var description: String { self.message }
}
