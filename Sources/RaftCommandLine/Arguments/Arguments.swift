/// The words behind a verb, taken apart: operands, and options with and without a value.
package struct Arguments {
  /// The verb, for whoever is told of a mistake; `nil` where the program's help tells everything.
  package let verb: String?
  /// The words without dashes.
  package private(set) var operands: [String] = []
  private let known: [Guide.Option]
  private var values: [String: String] = [:]

  /// How many options a mistake is answered with, at most.
  private static let namedMax = 12

  /// Takes the words apart by what a verb's guide allows; `nil` if they ask for help.
  ///
  /// - Throws: ``UsageError`` for an unknown or repeated option, a missing value, or operands that
  ///   are missing or too many.
  package init?(
    _ words: some Sequence<String>, for verb: String, _ guide: Guide
  ) throws(UsageError) {
    self.verb = verb
    self.known = guide.options
    guard try self.take(words, help: ["--help", "-h"]) else { return nil }
    let names = guide.operands
    guard self.operands.count >= names.count else {
      throw self.error("\(names[self.operands.count]) is missing")
    }
    guard self.operands.count == names.count else {
      throw self.error("'\(self.operands[names.count])' is one word too many")
    }
  }

  /// Takes the words apart; an option has a value, a flag has none, operands are as many as come.
  ///
  /// - Throws: ``UsageError`` for an unknown or repeated option, or a missing value.
  package init(
    _ words: some Sequence<String>, options: [String], flags: [String] = []
  ) throws(UsageError) {
    self.verb = nil
    self.known = options.map { Guide.Option($0, "", "") } + flags.map { Guide.Option($0, nil, "") }
    _ = try self.take(words, help: [])
  }

  /// Takes all words; `false` if one asks for help.
  private mutating func take(
    _ words: some Sequence<String>, help: [String]
  ) throws(UsageError) -> Bool {
    var rest = Array(words)[...]
    var isBehindOptions = false
    while let word = rest.popFirst() {
      if isBehindOptions {
        self.operands.append(word)
      } else if word == "--" {
        isBehindOptions = true
      } else if help.contains(word) {
        return false
      } else if word.hasPrefix("--") {
        try self.takeOption(word.dropFirst(2), &rest)
      } else {
        self.operands.append(word)
      }
    }
    return true
  }

  private mutating func takeOption(
    _ text: Substring, _ rest: inout ArraySlice<String>
  ) throws(UsageError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    guard let option = self.known.first(where: { $0.name == name }) else {
      throw self.error("unknown option --\(name)\(self.hint(for: name))")
    }
    guard self.values[name] == nil else { throw self.error("--\(name) is given twice") }
    switch (option.value, parts.count) {
    case (nil, 1):
      self.values[name] = ""
    case (nil, _):
      throw self.error("--\(name) takes no value")
    case (_, 2):
      self.values[name] = String(parts[1])
    case (let placeholder?, _):
      guard let value = rest.popFirst() else {
        let form = placeholder.isEmpty ? "" : ": --\(name) \(placeholder)"
        throw self.error("--\(name) needs a value\(form)")
      }
      self.values[name] = value
    }
  }

  private func hint(for name: String) -> String {
    let names = self.known.map(\.name)
    if let meant = likelyMeant(name, among: names) { return "; did you mean --\(meant)?" }
    guard (1...Self.namedMax).contains(names.count) else { return "" }
    return "; this verb knows \(names.map { "--\($0)" }.joined(separator: ", "))"
  }

  /// A usage error that points to this verb's help.
  package func error(_ problem: String, code: ExitCode = .usage) -> UsageError {
    UsageError(problem, verb: self.verb, code: code)
  }

  /// Whether the option is there.
  package func has(_ name: String) -> Bool {
    self.values[name] != nil
  }

  /// The option's value; `nil` if it is not there.
  package func value(_ name: String) -> String? {
    self.values[name]
  }

  /// The value of an option that must be there.
  package func required(_ name: String) throws(UsageError) -> String {
    guard let value = self.values[name] else { throw self.error("--\(name) is missing") }
    return value
  }

  /// The option's value as a number in this range; `nil` if it is not there.
  package func number<Number: FixedWidthInteger>(
    _ name: String, in range: ClosedRange<Number>
  ) throws(UsageError) -> Number? {
    guard let text = self.values[name] else { return nil }
    guard let number = Number(text), range.contains(number) else {
      let last = range.upperBound == .max ? "upwards" : "to \(range.upperBound)"
      throw self.error("--\(name) must be a number from \(range.lowerBound) \(last), not '\(text)'")
    }
    return number
  }

  /// The option's value as a number with or without a suffix, as in `20k`; `nil` if it is not
  /// there.
  package func magnitude(_ name: String, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
    guard let text = self.values[name] else { return nil }
    do throws(UsageError) {
      return try Magnitude.number(text, of: "--\(name)", in: range)
    } catch {
      throw self.error(error.problem)
    }
  }

  /// The option's value as one of these words; `nil` if it is not there.
  package func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String, of type: Choice.Type = Choice.self
  ) throws(UsageError) -> Choice? where Choice.RawValue == String {
    guard let text = self.values[name] else { return nil }
    guard let choice = Choice(rawValue: text) else {
      let words = Choice.allCases.map(\.rawValue).joined(separator: " or ")
      throw self.error("--\(name) must be \(words), not '\(text)'")
    }
    return choice
  }
}
