/// A small change that nobody thought of: another comparison, a condition that is dropped, one more
/// or less.
package struct MechanicalMutant: Equatable {
  /// A two-sided operator and what takes its place.
  package enum Operation: String, CaseIterable {
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case equal = "=="
    case unequal = "!="
    case and = "&&"
    case or = "||"
    case plusOne = "+ 1"
    case minusOne = "- 1"

    /// What a mutant does instead.
    package var replacement: String {
      switch self {
      case .less: "<="
      case .lessOrEqual: "<"
      case .greater: ">="
      case .greaterOrEqual: ">"
      case .equal: "!="
      case .unequal: "=="
      case .and: "||"
      case .or: "&&"
      case .plusOne: "+ 0"
      case .minusOne: "- 0"
      }
    }
  }

  package let file: String
  package let range: Range<Int>
  package let change: Graft.Change
  package let line: Int
  /// The line of the source, without indentation.
  package let lineText: String

  /// Which of the same changes of its line it is, from 1.
  package let ordinal: Int

  /// What is changed, in words.
  package var wording: String { Self.wording(of: self.change) }

  private static func wording(of change: Graft.Change) -> String {
    switch change {
    case .operation(_, let operation): "\(operation.rawValue) becomes \(operation.replacement)"
    case .dropped: "condition dropped"
    case .negated: "condition negated"
    case .expression, .statements: "replaced"
    }
  }

  /// Where it is and what it changes, as people and the list of explained survivors name it.
  package var title: String {
    let ordinal = self.ordinal > 1 ? " (\(self.ordinal).)" : ""
    return "\(self.file.split(separator: "/").last ?? "") "
      + "\(self.wording)\(ordinal): \(self.lineText)"
  }

  /// All changes that can be made in a file, in the order of their places.
  package static func all(in text: SourceText) -> [MechanicalMutant] {
    let code = CodeMask(text.bytes)
    let operations = code.operators().map { range, operation in
      (range, Graft.Change.operation(of: text[range], operation))
    }
    let conditions = code.conditions().flatMap { condition in
      condition.isGuard
        ? [(condition.range, Graft.Change.dropped), (condition.range, .negated)]
        : [(condition.range, Graft.Change.negated)]
    }
    var seen: [String: Int] = [:]
    return (operations + conditions)
      .sorted { ($0.0.lowerBound, $0.0.upperBound) < ($1.0.lowerBound, $1.0.upperBound) }
      .map { range, change in
        let line = text.line(of: range.lowerBound)
        let ordinal = seen["\(line) \(Self.wording(of: change))", default: 0] + 1
        seen["\(line) \(Self.wording(of: change))"] = ordinal
        return MechanicalMutant(
          file: text.path, range: range, change: change, line: line,
          lineText: text.lineText(at: range.lowerBound), ordinal: ordinal)
      }
  }

  /// Draws from the changes, each at most once.
  ///
  /// Each has its place in the line by its title and the seed alone, so that a change somewhere else
  /// in the sources does not draw others.
  package static func draw(
    _ count: Int, of candidates: [MechanicalMutant], seed: UInt64
  ) -> [MechanicalMutant] {
    let ranked = candidates.map { (rank: Self.rank(of: $0.title, seed: seed), mutant: $0) }
    let sorted = ranked.sorted { ($0.rank, $0.mutant.line) < ($1.rank, $1.mutant.line) }
    return sorted.prefix(count).map(\.mutant)
  }

  /// A number that is as good as random (FNV-1a, and the finish of SplitMix64).
  private static func rank(of title: String, seed: UInt64) -> UInt64 {
    var hash = 0xCBF2_9CE4_8422_2325 &+ seed &* 0x9E37_79B9_7F4A_7C15
    for byte in title.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
    hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
    return hash ^ (hash >> 31)
  }
}
