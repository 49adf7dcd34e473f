/// The words behind a verb: operands and options with their values.
struct Words {
  private(set) var operands: [String] = []
  private var options: [(name: String, value: String)] = []

  /// Takes the words apart; every option has a value.
  init(_ words: some Sequence<String>, options known: [String]) throws(UsageError) {
    var rest = Array(words)[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("--") else {
        self.operands.append(word)
        continue
      }
      let parts = word.dropFirst(2).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard known.contains(name) else {
        let names = known.map { "--\($0)" }.joined(separator: ", ")
        throw UsageError("unknown option --\(name); this verb knows \(names)")
      }
      guard self.value(name) == nil else { throw UsageError("--\(name) is given twice") }
      guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
        throw UsageError("--\(name) needs a value")
      }
      self.options.append((name, value))
    }
  }

  func value(_ name: String) -> String? {
    self.options.first { $0.name == name }?.value
  }

  /// The option's value as a number in this range; `nil` if it is not there.
  func number(_ name: String, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
    guard let text = self.value(name) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw UsageError(
        "--\(name) must be a number from \(range.lowerBound) to \(range.upperBound), not '\(text)'")
    }
    return number
  }
}
