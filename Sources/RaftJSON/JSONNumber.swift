/// A number by its exact text, so that nothing is lost of an integer above 2^53 or of a long
/// fraction.
///
/// Equality is that of the text: `1`, `1.0` and `1e0` are three numbers.
public struct JSONNumber: Hashable, Sendable {
  /// The number's text in JSON.
  public let text: String

  /// An integer.
  public init(_ value: some BinaryInteger) {
    self.text = String(value)
  }

  /// A floating-point number, written with the fewest digits that read back as the same value;
  /// `nil` for infinities and NaN, which JSON has no text for.
  public init?(_ value: Double) {
    guard value.isFinite else { return nil }
    self.text = value.description
  }

  /// A number by its text; `nil` if that is no number in JSON.
  public init?(text: String) {
    var copy = text
    let isNumber = copy.withUTF8 { bytes in
      var scanner = JSONScanner(bytes)
      return (try? scanner.number()) != nil && scanner.isAtEnd
    }
    guard isNumber else { return nil }
    self.text = copy
  }

  /// A text that a document has checked.
  init(checked text: String) {
    self.text = text
  }

  /// The number as an integer; `nil` if it has a fraction or an exponent, or does not fit.
  public func integer<Value: FixedWidthInteger>(as type: Value.Type) -> Value? {
    guard case .value(let value) = JSONText.integer(Array(self.text.utf8)[...], as: type) else {
      return nil
    }
    return value
  }

  /// The nearest `Double`; `nil` if the number is too large for one.
  public var double: Double? {
    guard let value = Double(self.text), value.isFinite else { return nil }
    return value
  }
}

extension JSONNumber: CustomStringConvertible {
  /// The number's text.
  public var description: String { self.text }
}
