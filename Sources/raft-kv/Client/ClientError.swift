import RaftCommandLine

/// A request to the cluster did not succeed, or its outcome is not known.
enum ClientError: Error, Sendable {
  /// The time was up before any server did it; it was certainly not done.
  case outOfTime(last: String)
  /// A write may or may not have taken effect.
  case outcomeUnknown(last: String)
  /// A server refused the request for what it says.
  case refused(String)
  /// The task was cancelled before anything was done.
  case cancelled
}

extension ClientError: CustomStringConvertible {
  /// What happened, and what to do.
  var description: String {
    switch self {
    case .outOfTime(let last):
      "no leader did it in time, nothing was changed; last answer: \(last)"
    case .outcomeUnknown(let last):
      "the write may or may not have taken effect: look before repeating it; last answer: \(last)"
    case .refused(let reason): reason
    case .cancelled: "cancelled"
    }
  }
}

extension Failure {
  /// The end of a client's verb.
  init(_ error: ClientError) {
    switch error {
    case .outcomeUnknown: self.init(.outcomeUnknown, error.description)
    case .cancelled: self.init(.interrupted, error.description)
    case .outOfTime, .refused: self.init(.failed, error.description)
    }
  }
}
