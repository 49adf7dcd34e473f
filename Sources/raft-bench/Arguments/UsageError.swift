/// A command line that cannot be understood: what is wrong, and what to do.
struct UsageError: Error, Equatable, CustomStringConvertible {
  /// The exit status of a program that was called wrongly.
  static let exitStatus: Int32 = 64

  let problem: String

  init(_ problem: String) {
    self.problem = problem
  }

  var description: String { "raft-bench: \(self.problem)\n'raft-bench --help' tells more." }
}
