/// A bug that some implementation had, as an exchange of text in the sources.
package struct KnownMutant: Equatable {
  /// How a replacement takes its place behind the switch.
  package enum Form: String {
    /// Both texts are expressions of one type.
    case expression
    /// Both texts are statements that declare nothing for what follows; the replacement may be
    /// empty.
    case statements
  }

  /// One exchange of text.
  package struct Edit: Equatable {
    /// The file, from the root of the repository.
    package var file: String
    /// The place is the first one behind this text, which stands in the file once; without it, the
    /// original itself stands in the file once.
    package var anchor: String?
    package var form: Form
    package var original: String
    package var replacement: String
  }

  package let name: String
  /// Who had the bug.
  package let origin: String
  /// What goes wrong, in a sentence.
  package let wrong: String
  package let edits: [Edit]

  /// Reads a file such as `Known/commit-without-quorum.mutant`.
  package init(name: String, text: String) throws(MutantError) {
    var reader = Reader(name: name, text: text)
    let head = try reader.fields(until: "file")
    self.name = name
    self.origin = try reader.field("origin", of: head)
    self.wrong = try reader.field("wrong", of: head)
    var edits: [Edit] = []
    while !reader.isAtEnd { edits.append(try reader.edit()) }
    guard !edits.isEmpty else { throw MutantError("\(name): it changes nothing") }
    self.edits = edits
  }
}

/// Goes through the lines of a description.
private struct Reader {
  let name: String
  var lines: ArraySlice<Substring>

  init(name: String, text: String) {
    self.name = name
    self.lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
  }

  /// Whether nothing but empty lines is left.
  var isAtEnd: Bool { self.lines.allSatisfy { $0.allSatisfy(\.isWhitespace) } }

  /// Reads lines such as `origin: Raft §5.4.2`, up to one of this key or one that is none.
  mutating func fields(until key: String) throws(MutantError) -> [String: String] {
    var fields: [String: String] = [:]
    while let line = self.lines.first, !line.hasPrefix("\(key):"), !line.hasPrefix("---") {
      self.lines.removeFirst()
      guard line.contains(where: { !$0.isWhitespace }) else { continue }
      guard let colon = line.firstIndex(of: ":") else {
        throw MutantError("\(self.name): '\(line)' is no line such as 'origin: ...'")
      }
      let value = line[line.index(after: colon)...].drop(while: \.isWhitespace)
      fields[String(line[..<colon])] = String(value)
    }
    return fields
  }

  func field(_ key: String, of fields: [String: String]) throws(MutantError) -> String {
    guard let value = fields[key] else {
      throw MutantError("\(self.name): the line '\(key): ...' is missing")
    }
    return value
  }

  /// Reads one exchange: where, and the two texts.
  mutating func edit() throws(MutantError) -> KnownMutant.Edit {
    let fields = try self.fields(until: "---")
    let word = fields["form"] ?? "expression"
    guard let form = KnownMutant.Form(rawValue: word) else {
      throw MutantError("\(self.name): the form is 'expression' or 'statements', not '\(word)'")
    }
    let file = try self.field("file", of: fields)
    let original = try self.block("--- original", until: "--- mutant")
    let replacement = try self.block("--- mutant", until: "---")
    if self.lines.first == "---" { self.lines.removeFirst() }
    return .init(
      file: file, anchor: fields["after"], form: form, original: original,
      replacement: replacement)
  }

  private mutating func block(_ head: String, until end: String) throws(MutantError) -> String {
    guard self.lines.popFirst() == head[...] else {
      throw MutantError("\(self.name): the line '\(head)' is missing")
    }
    let block = self.lines.prefix { $0 != end }
    self.lines.removeFirst(block.count)
    guard self.lines.first == end[...] else {
      throw MutantError("\(self.name): the line '\(end)' is missing")
    }
    return block.joined(separator: "\n")
  }
}
