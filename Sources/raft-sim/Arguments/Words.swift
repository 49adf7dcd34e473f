/// The words behind a verb: operands, flags, and options with their values.
struct Words {
  private(set) var operands: [String] = []
  private var options: [(name: String, value: String)] = []
  private var flags: [String] = []

  /// Takes the words apart; an option has a value, a flag has none.
  init(
    _ words: some Sequence<String>, options known: [String], flags knownFlags: [String] = []
  ) throws(UsageError) {
    var rest = Array(words)[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("--") else {
        self.operands.append(word)
        continue
      }
      let parts = word.dropFirst(2).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard self.value(name) == nil, !self.has(name) else {
        throw UsageError("--\(name) is given twice")
      }
      if knownFlags.contains(name) {
        guard parts.count == 1 else { throw UsageError("--\(name) takes no value") }
        self.flags.append(name)
        continue
      }
      guard known.contains(name) else {
        let names = (known + knownFlags).map { "--\($0)" }.joined(separator: ", ")
        throw UsageError("unknown option --\(name); this verb knows \(names)")
      }
      guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
        throw UsageError("--\(name) needs a value")
      }
      self.options.append((name, value))
    }
  }

  func value(_ name: String) -> String? {
    self.options.first { $0.name == name }?.value
  }

  func has(_ flag: String) -> Bool { self.flags.contains(flag) }

  /// The option's value as a number in this range; `nil` if it is not there.
  func number(_ name: String, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
    guard let text = self.value(name) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      let last = range.upperBound == .max ? "upwards" : "to \(range.upperBound)"
      throw UsageError("--\(name) must be a number from \(range.lowerBound) \(last), not '\(text)'")
    }
    return number
  }

  /// The option's value as one of these words.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String, _ type: Choice.Type = Choice.self
  ) throws(UsageError) -> Choice? where Choice.RawValue == String {
    guard let text = self.value(name) else { return nil }
    guard let choice = Choice(rawValue: text) else {
      let all = Choice.allCases.map(\.rawValue).joined(separator: " or ")
      throw UsageError("--\(name) must be \(all), not '\(text)'")
    }
    return choice
  }
}
