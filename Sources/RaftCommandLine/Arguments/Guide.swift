/// What a verb accepts and what its help says.
package struct Guide: Sendable {
  /// An option: `--name` alone, or with a value behind it.
  package struct Option: Sendable {
    /// The name without the dashes.
    package let name: String
    /// What stands for the value in the help; `nil` if the option has none.
    package let value: String?
    /// What it does and its default.
    package let text: String
    /// The heading under which the help lists it; `nil` for the first ones, which have none.
    package let group: String?

    /// An option.
    package init(_ name: String, _ value: String?, _ text: String, group: String? = nil) {
      self.name = name
      self.value = value
      self.text = text
      self.group = group
    }
  }

  /// One line.
  package let summary: String
  /// The words without dashes that must be there, in order.
  package let operands: [String]
  /// The options, in the order in which the help lists them.
  package let options: [Option]
  /// What the reader should know beyond the options.
  package let text: String
  /// Command lines to try.
  package let examples: [String]

  /// A verb's guide.
  package init(
    summary: String, operands: [String], options: [Option], text: String, examples: [String]
  ) {
    self.summary = summary
    self.operands = operands
    self.options = options
    self.text = text
    self.examples = examples
  }
}

extension Guide.Option {
  /// The name and what stands for the value.
  fileprivate var form: String { self.name + (self.value.map { " \($0)" } ?? "") }

  /// Its lines in the help, with so many letters for the form.
  fileprivate func row(width: Int) -> String {
    let indent = String(repeating: " ", count: width + 6)
    let padding = String(repeating: " ", count: width - self.form.count)
    let lines = self.text.split(separator: "\n").flatMap { Self.wrapped($0, to: 94 - width) }
    return "  --\(self.form)\(padding)  \(lines.joined(separator: "\n" + indent))\n"
  }

  /// The line in parts that are no longer than this, cut between words.
  private static func wrapped(_ line: Substring, to width: Int) -> [String] {
    var lines: [String] = []
    for word in line.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}

extension Guide {
  /// The whole help of a verb of this program.
  package func help(for verb: String, of program: String) -> String {
    let words = [program, verb] + self.operands + ["[options]"]
    var help = "\(self.summary)\n\nUsage: \(words.joined(separator: " "))\n\nOptions:\n"
    let width = (["help"] + self.options.map(\.form)).map(\.count).max() ?? 0
    let rest = Option("help", nil, "This text.")
    for option in self.options.filter({ $0.group == nil }) + [rest] {
      help += option.row(width: width)
    }
    var group: String?
    for option in self.options {
      guard let own = option.group else { continue }
      if own != group { help += "\n\(own):\n" }
      group = own
      help += option.row(width: width)
    }
    if !self.text.isEmpty { help += "\n\(self.text)\n" }
    help += "\nExamples:\n" + self.examples.map { "  \($0)\n" }.joined()
    return help
  }

  /// A line for each verb, with its summary.
  package static func list(of verbs: [(name: String, guide: Guide)]) -> String {
    let width = verbs.map(\.name.count).max() ?? 0
    return verbs.map { name, guide in
      "  \(name)\(String(repeating: " ", count: width - name.count))  \(guide.summary)\n"
    }.joined()
  }
}
