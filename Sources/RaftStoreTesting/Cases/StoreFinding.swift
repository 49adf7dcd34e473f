/// A store or a state machine does not do what its contract says.
public struct StoreFinding: Error, Hashable, Sendable {
  /// The name of the case that found it.
  public let caseName: String
  /// What the contract says.
  public let contract: String
  /// What was expected.
  public let expected: String
  /// What was found instead.
  public let found: String

  init(caseName: String, contract: String, deviation: Deviation) {
    self.caseName = caseName
    self.contract = contract
    self.expected = deviation.expected
    self.found = deviation.found
  }
}

extension StoreFinding: CustomStringConvertible {
  /// The whole finding, in four lines.
  public var description: String {
    """
    \(self.caseName): not so
      contract: \(self.contract)
      expected: \(self.expected)
      found:    \(self.found)
    """
  }
}

/// What a case expected, and what it found instead.
struct Deviation: Error {
  let expected: String
  let found: String

  /// An error where something else was expected.
  init(expected: String, error: any Error) {
    self.init(expected: expected, found: "the error \"\(error)\"")
  }

  init(expected: String, found: String) {
    self.expected = expected
    self.found = found
  }

  /// The error itself if it is a deviation, otherwise one that tells of it.
  init(_ error: any Error) {
    self =
      error as? Deviation
      ?? Deviation(expected: "no error at this point of the case", error: error)
  }
}

/// Throws a deviation unless the two are equal.
func expect<Value: Equatable>(
  _ found: Value, is expected: Value, _ subject: String
) throws(Deviation) {
  guard found != expected else { return }
  throw Deviation(
    expected: "\(subject): \(described(expected))", found: "\(subject): \(described(found))")
}

/// A value for people: without the frame of an optional, `none` for `nil`.
func described<Value>(_ value: Value) -> String {
  guard let optional = value as? any Nullable else { return String(describing: value) }
  return optional.wrappedDescription ?? "none"
}

/// An optional of any type.
private protocol Nullable {
  var wrappedDescription: String? { get }
}

extension Optional: Nullable {
  fileprivate var wrappedDescription: String? { self.map { String(describing: $0) } }
}
