/// A command line that cannot be understood: what is wrong, and what to do.
struct UsageError: Error, Equatable, CustomStringConvertible {
  /// The exit status of a program that was called wrongly.
  static let exitStatus: Int32 = 64

  /// What is wrong.
  let problem: String

  init(_ problem: String) {
    self.problem = problem
  }

  /// The problem, and where to read more.
  var description: String { "raft-sim: \(self.problem)\n'raft-sim --help' tells more." }
}
