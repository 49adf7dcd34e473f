/// The words behind a verb, taken apart by what the verb's guide allows.
struct Arguments {
  let verb: Verb
  /// The words without dashes, exactly as many as the guide names.
  private(set) var operands: [String] = []
  private var values: [String: String] = [:]

  /// Takes the words apart; `nil` if they ask for help.
  ///
  /// - Throws: ``UsageError`` for an unknown or repeated option, a missing value, or operands that
  ///   are missing or too many.
  init?(_ words: some Sequence<String>, for verb: Verb) throws(UsageError) {
    self.verb = verb
    var rest = Array(words)[...]
    var isBehindOptions = false
    while let word = rest.popFirst() {
      if isBehindOptions {
        self.operands.append(word)
      } else if word == "--" {
        isBehindOptions = true
      } else if word == "--help" || word == "-h" {
        return nil
      } else if word.hasPrefix("--") {
        try self.takeOption(word.dropFirst(2), &rest)
      } else {
        self.operands.append(word)
      }
    }
    let names = verb.guide.operands
    guard self.operands.count >= names.count else {
      throw self.error("\(names[self.operands.count]) is missing")
    }
    guard self.operands.count == names.count else {
      throw self.error("'\(self.operands[names.count])' is one word too many")
    }
  }

  private mutating func takeOption(
    _ text: Substring, _ rest: inout ArraySlice<String>
  ) throws(UsageError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    guard let option = self.verb.guide.option(name) else {
      let names = self.verb.guide.options.map(\.name)
      let hint = likelyMeant(name, among: names).map { "; did you mean --\($0)?" } ?? ""
      throw self.error("unknown option --\(name)\(hint)")
    }
    guard self.values[name] == nil else { throw self.error("--\(name) is given twice") }
    switch (option.value, parts.count) {
    case (nil, 1):
      self.values[name] = ""
    case (nil, _):
      throw self.error("--\(name) has no value")
    case (_, 2):
      self.values[name] = String(parts[1])
    case (let placeholder?, _):
      guard let value = rest.popFirst() else {
        throw self.error("--\(name) needs a value: --\(name) \(placeholder)")
      }
      self.values[name] = value
    }
  }

  /// A usage error that points to this verb's help.
  func error(_ problem: String) -> UsageError {
    UsageError(verb: self.verb, problem: problem)
  }

  /// Whether the option is there.
  func has(_ name: String) -> Bool {
    self.values[name] != nil
  }

  /// The option's value; `nil` if it is not there.
  func value(_ name: String) -> String? {
    self.values[name]
  }

  /// The value of an option that must be there.
  func required(_ name: String) throws(UsageError) -> String {
    guard let value = self.values[name] else { throw self.error("--\(name) is missing") }
    return value
  }

  /// The option's value as a number in this range; `nil` if it is not there.
  func number<Number: FixedWidthInteger>(
    _ name: String, in range: ClosedRange<Number>
  ) throws(UsageError) -> Number? {
    guard let text = self.values[name] else { return nil }
    guard let number = Number(text), range.contains(number) else {
      throw self.error(
        "--\(name) must be a number from \(range.lowerBound) to \(range.upperBound), "
          + "not '\(text)'")
    }
    return number
  }

  /// The option's value as one of these words; `nil` if it is not there.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String, of type: Choice.Type
  ) throws(UsageError) -> Choice? where Choice.RawValue == String {
    guard let text = self.values[name] else { return nil }
    guard let choice = Choice(rawValue: text) else {
      let words = Choice.allCases.map(\.rawValue).joined(separator: " or ")
      throw self.error("--\(name) must be \(words), not '\(text)'")
    }
    return choice
  }
}
