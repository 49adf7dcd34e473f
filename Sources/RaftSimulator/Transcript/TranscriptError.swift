/// A line of a transcript that cannot be understood or played: where, what is wrong, and what is
/// possible instead.
public struct TranscriptError: Error, Hashable, Sendable {
  /// The transcript's name, as a rule its file.
  public let name: String
  /// The line, counted from 1.
  public let line: Int
  /// What is wrong, and what to do.
  public let problem: String
}

extension TranscriptError: CustomStringConvertible {
  /// `FILE:LINE: PROBLEM`.
  public var description: String { "\(self.name):\(self.line): \(self.problem)" }
}

/// What is wrong with a command, wherever it stands.
struct CommandFault: Error, Equatable {
  let problem: String
  /// The line, if it is not that of the command that is being played.
  var line: Int?

  init(_ problem: String, line: Int? = nil) {
    self.problem = problem
    self.line = line
  }
}
