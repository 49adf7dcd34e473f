/// A text in a file that gets an alternative behind a switch.
package struct Graft: Equatable {
  /// What becomes of the text.
  package enum Change: Equatable {
    /// Another expression.
    case expression(String)
    /// Other statements.
    case statements(String)
    /// A condition that always holds.
    case dropped
    /// A condition that holds when it would not.
    case negated
    /// Another operator; what it does is generated beside the sources.
    case operation(of: String, MechanicalMutant.Operation)
  }

  /// The number by which the mutant is switched on.
  package let number: Int
  package let range: Range<Int>
  package let change: Change

  package init(number: Int, range: Range<Int>, change: Change) {
    self.number = number
    self.range = range
    self.change = change
  }

  /// The text with its alternative.
  func woven(_ original: String) -> String {
    let isOn = "Mutation.active == \(self.number)"
    switch self.change {
    case .expression(let other):
      return "(\(isOn) ? (\(other)) : (\(original)))"
    case .statements(let other):
      return "if \(isOn) {\n\(other)\n} else {\n\(original)\n}"
    case .dropped:
      return "(\(isOn) || (\(original)))"
    case .negated:
      return "((\(isOn)) != (\(original)))"
    case .operation:
      return Self.operatorName(self.number)
    }
  }

  /// An operator that no other mutant has: the number in two digits of two signs.
  static func operatorName(_ number: Int) -> String {
    "^" + String(number, radix: 2).map { $0 == "0" ? "~" : "^" }.joined() + "~"
  }
}

/// Weaves alternatives into a file; they may contain one another, and not overlap otherwise.
package enum Loom {
  /// The grafts that find room: those that neither contain nor leave alone an earlier one are left
  /// out.
  package static func fitting(_ grafts: [Graft], beside taken: [Graft]) -> [Graft] {
    var fitting: [Graft] = []
    for graft in grafts
    where (taken + fitting).allSatisfy({ Self.areCompatible(graft.range, $0.range) }) {
      fitting.append(graft)
    }
    return fitting
  }

  private static func areCompatible(_ one: Range<Int>, _ other: Range<Int>) -> Bool {
    !one.overlaps(other) || Self.contains(one, other) || Self.contains(other, one)
  }

  private static func contains(_ outer: Range<Int>, _ inner: Range<Int>) -> Bool {
    outer.lowerBound <= inner.lowerBound && inner.upperBound <= outer.upperBound
  }

  /// The file with all alternatives.
  package static func weave(_ grafts: [Graft], into text: SourceText) throws(MutantError) -> String
  {
    let sorted = grafts.sorted {
      ($0.range.lowerBound, -$0.range.upperBound, $0.number)
        < ($1.range.lowerBound, -$1.range.upperBound, $1.number)
    }
    return try Self.weave(sorted[...], into: text, 0..<text.bytes.count)
  }

  /// What stands in a range; all grafts lie within it.
  private static func weave(
    _ grafts: ArraySlice<Graft>, into text: SourceText, _ range: Range<Int>
  ) throws(MutantError) -> String {
    var woven = ""
    var place = range.lowerBound
    var rest = grafts
    while let graft = rest.popFirst() {
      let inner = rest.prefix { $0.range.lowerBound < graft.range.upperBound }
      guard inner.allSatisfy({ Self.contains(graft.range, $0.range) }) else {
        throw MutantError(
          "\(text.path), line \(text.line(of: graft.range.lowerBound)): "
            + "two mutants change overlapping texts; make one of them contain the other")
      }
      rest = rest.dropFirst(inner.count)
      woven += text[place..<graft.range.lowerBound]
      woven += graft.woven(try Self.weave(inner, into: text, graft.range))
      place = graft.range.upperBound
    }
    return woven + text[place..<range.upperBound]
  }
}
