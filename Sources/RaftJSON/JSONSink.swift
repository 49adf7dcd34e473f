/// Whoever listens to what a scanner meets.
protocol JSONSink {
  /// Whether numbers that come right now need not be reported.
  var ignoresNumbers: Bool { get }

  /// A number, string or literal that fills `range`.
  mutating func scalar(_ kind: JSONEntry.Kind, _ range: Range<Int>)

  /// The opening of an array or object at `start`.
  mutating func open(_ kind: JSONEntry.Kind, at start: Int)

  /// The closing of the innermost array or object, whose last byte is before `end`.
  mutating func close(at end: Int) throws(JSONFault)

  /// The name of a member, quotes included; the answer says how to go through its value.
  mutating func name(_ kind: JSONEntry.Kind, _ range: Range<Int>) -> JSONMemberReading

  /// An array or object that was only checked, not reported in parts.
  mutating func sealed(_ kind: JSONEntry.Kind, _ range: Range<Int>)
}

/// How the value of a member is gone through.
enum JSONMemberReading {
  /// Every part is reported.
  case inParts

  /// An array or object is checked and reported as one.
  case sealed
}

/// The sink for which being well-formed is all that counts.
struct JSONSilence: JSONSink {
  var ignoresNumbers: Bool { true }
  mutating func scalar(_ kind: JSONEntry.Kind, _ range: Range<Int>) {}
  mutating func open(_ kind: JSONEntry.Kind, at start: Int) {}
  mutating func close(at end: Int) throws(JSONFault) {}
  mutating func sealed(_ kind: JSONEntry.Kind, _ range: Range<Int>) {}

  mutating func name(_ kind: JSONEntry.Kind, _ range: Range<Int>) -> JSONMemberReading {
    .inParts
  }
}
