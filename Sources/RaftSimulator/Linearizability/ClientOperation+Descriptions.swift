extension ClientOperation.Action: CustomStringConvertible {
  /// `write 4`, `set 4 if version 2`, `read`.
  public var description: String {
    switch self {
    case .write(let value): "write \(value)"
    case .compareAndSet(let expectation, let value): "set \(value) if \(expectation) on"
    case .read: "read"
    }
  }
}

extension ClientOperation.Expectation: CustomStringConvertible {
  /// `version 2`, `value 4`, `absent`.
  public var description: String {
    switch self {
    case .version(let version): "version \(version)"
    case .value(.some(let value)): "value \(value)"
    case .value(nil): "absent"
    }
  }
}

extension ClientOperation.Answer: CustomStringConvertible {
  /// `written as version 2`, `mismatch: value 4 (version 2)`, `value 4 (version 2)`.
  public var description: String {
    switch self {
    case .written(.some(let version)): "written as version \(version)"
    case .written(nil): "written"
    case .mismatched(let found): "mismatch: \(found)"
    case .read(let found): "\(found)"
    }
  }
}

extension ClientOperation.Outcome: CustomStringConvertible {
  /// The answer, or one word.
  public var description: String {
    switch self {
    case .pending: "pending"
    case .succeeded(let answer): "\(answer)"
    case .failed: "failed"
    case .unknown: "unknown"
    }
  }
}
