/// A row of a table in the documentation that says where something is found in this package.
struct RecordRow: CustomStringConvertible {
  /// What a row names to show that something is there.
  enum Evidence: Hashable {
    /// A symbol, `Type.member`.
    case symbol(String)
    /// The title of a test or of a rule of a conformance suite.
    case title(String)
    /// An option of `raft-kv serve`, without its dashes.
    case option(String)
    /// A page of the documentation, or of the package's root.
    case page(String)
    /// A file or folder, from the root on.
    case path(String)
  }

  /// The heading above the table.
  let section: String
  /// The cells, without what surrounds them.
  let cells: [String]

  var description: String { "\(self.section): \(self.cells.joined(separator: " | "))" }

  /// The text of a cell that is a name alone.
  func name(in cell: Int) -> String { self.cells[cell].filter { $0 != "`" } }

  /// What a cell names: names in back quotes, titles in quotation marks.
  func evidence(in cell: Int) -> [Evidence] {
    var evidence: [Evidence] = []
    var rest = self.cells[cell][...]
    while let start = rest.firstIndex(where: { $0 == "`" || $0 == "\"" }) {
      let quote = rest[start]
      let text = rest[rest.index(after: start)...].prefix { $0 != quote }
      rest = rest[text.endIndex...].dropFirst()
      evidence.append(quote == "\"" ? .title(String(text)) : Self.evidence(String(text)))
    }
    return evidence
  }

  private static func evidence(_ name: String) -> Evidence {
    if name.hasPrefix("--") { return .option(String(name.dropFirst(2))) }
    if name.contains("/") { return .path(name) }
    return name.hasSuffix(".md") ? .page(name) : .symbol(name)
  }
}

/// The tables of the parity record and of the features.
enum RecordTable {
  static let folder = "Sources/Raft/Raft.docc"
  /// The pages that hold the parity record.
  static let parity = ["ParityRecord", "ParityOfTheInterface", "ParityOfSettings", "ParityOfTests"]

  /// The rows of all tables of a page, without their heads.
  static func rows(of page: String) throws -> [RecordRow] {
    var rows: [RecordRow] = []
    var section = ""
    var isBelowHead = false
    for line in try SourceTree.text(of: "\(self.folder)/\(page).md").split(separator: "\n") {
      if line.hasPrefix("## ") { section = String(line.dropFirst(3)) }
      guard line.hasPrefix("| ") else {
        isBelowHead = line.hasPrefix("|---")
        continue
      }
      guard isBelowHead else { continue }
      let cells = line.split(separator: "|", omittingEmptySubsequences: false)
        .dropFirst().dropLast().map { $0.drop { $0 == " " } }
      rows.append(
        RecordRow(
          section: section,
          cells: cells.map { cell in
            String(cell.reversed().drop { $0 == " " }.reversed())
          }))
    }
    return rows
  }

  /// The lines of a list of names, without headings and blank ones.
  static func names(in fixture: String) throws -> [String] {
    try SourceTree.text(of: "Tests/RaftEngineTests/Parity/Fixtures/\(fixture)")
      .split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
  }
}
