import RaftCommandLine

/// A request to the fleet did not succeed.
enum ClientError: Error, Sendable, CustomStringConvertible {
  /// The time was up before any server did it.
  case outOfTime(last: String)
  /// There is nothing to tell.
  case notFound(String)
  /// A server refused the request for what it says.
  case refused(String)

  /// What happened.
  var description: String {
    switch self {
    case .outOfTime(let last): "no server did it in time; last answer: \(last.trimmed)"
    case .notFound(let reason), .refused(let reason): reason.trimmed
    }
  }

  /// The end of a verb.
  var failure: Failure {
    switch self {
    case .notFound: Failure(.noMatch, self.description)
    case .outOfTime, .refused: Failure(.failed, self.description)
    }
  }
}

extension String {
  /// The text without the end of its last line.
  var trimmed: String { self.hasSuffix("\n") ? String(self.dropLast()) : self }
}
