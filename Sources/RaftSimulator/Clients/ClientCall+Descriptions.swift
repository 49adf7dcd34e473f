extension ClientCall.Kind: CustomStringConvertible {
  var description: String {
    switch self {
    case .write: "write"
    case .compareAndSet(let expected): "set if \(expected)"
    case .read: "read"
    }
  }
}

extension ClientCall.Outcome: CustomStringConvertible {
  var description: String {
    switch self {
    case .pending: "pending"
    case .written(let version): "written as version \(version)"
    case .mismatched(let found): "mismatch, found \(found)"
    case .found(let found): "found \(found)"
    case .refused: "refused"
    case .unknown: "outcome unknown"
    }
  }
}

extension RegisterMachine.Register: CustomStringConvertible {
  /// The value, and the version behind it.
  var description: String {
    self.version == 0 ? "nothing" : "\(self.value) (version \(self.version))"
  }
}
