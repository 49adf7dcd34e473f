/// What can be asked of the program.
enum Verb: String, CaseIterable, Sendable {
  case serve
  case put
  case get
  case cas
  case status
  case join
  case leave
  case transfer
  case refill
  case recover
  case trigger
  case `switch`
  case metrics
  case load
  case demo
}

/// What a verb accepts and what its help says.
struct Guide: Sendable {
  /// An option: `--name` alone, or with a value behind it.
  struct Option: Sendable {
    /// The name without the dashes.
    let name: String
    /// What stands for the value in the help; `nil` if the option has none.
    let value: String?
    /// What it does and its default.
    let text: String
    /// The heading under which the help lists it; `nil` for the first ones, which have none.
    let group: String?

    init(_ name: String, _ value: String?, _ text: String, group: String? = nil) {
      self.name = name
      self.value = value
      self.text = text
      self.group = group
    }
  }

  /// One line.
  let summary: String
  /// The words without dashes that must be there, in order.
  let operands: [String]
  /// The options, in the order in which the help lists them.
  let options: [Option]
  /// What the reader should know beyond the options.
  let text: String
  /// Command lines to try.
  let examples: [String]

  /// The option with this name.
  func option(_ name: String) -> Option? {
    self.options.first { $0.name == name }
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
  /// The whole help of a verb.
  func help(for verb: Verb) -> String {
    let words = ["raft-kv", verb.rawValue] + self.operands + ["[options]"]
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

  /// The help of the whole program.
  static var overview: String {
    let width = Verb.allCases.map(\.rawValue.count).max() ?? 0
    let verbs = Verb.allCases.map { verb in
      let padding = String(repeating: " ", count: width - verb.rawValue.count)
      return "  \(verb.rawValue)\(padding)  \(verb.guide.summary)\n"
    }
    return """
      A key-value store on a cluster of servers that agree through Raft.

      Usage: raft-kv VERB [options]

      Verbs:
      \(verbs.joined())
      Begin with 'raft-kv demo'. 'raft-kv VERB --help' tells more, with examples.

      Exit status:
        0    done
        1    failed; standard error says why
        2    an address, port, folder or file that was given cannot be used
        3    get: no such key; cas: the key has another version
        4    the outcome of a write is unknown
        64   the command line cannot be understood
        130  ended by Ctrl-C, 143 by SIGTERM (serve stops gracefully then, and exits with 0)

      """
  }
}
