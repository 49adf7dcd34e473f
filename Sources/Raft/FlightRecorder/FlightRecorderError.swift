/// A flight recording could not be handed out.
@nonexhaustive
public enum FlightRecorderError: Error, Hashable, Sendable {
  /// The node was configured to record nothing.
  case switchedOff
  /// The node has not read its stores yet, or could not: there is nothing to record.
  case notStarted
  /// The named file is the one that the node records in; it is a recording already.
  case inUse(path: String)
  /// The file cannot be written; the reason is the system's.
  case unwritable(path: String, reason: String)
}

extension FlightRecorderError: CustomStringConvertible {
  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .switchedOff:
      "this node records nothing: set Configuration.flightRecords to more than 0"
    case .notStarted:
      "the node has nothing recorded yet: run it, and try again when its stores are read"
    case .inUse(let path):
      "\(path) is the file that the node records in: read it as it is, or name another one"
    case .unwritable(let path, let reason):
      "the recording cannot be written to \(path): \(reason); check the folder and the disk"
    }
  }
}
