import Testing

/// The tables of the documentation that claim that something is there, held to what there is.
@Suite("The records name what there is")
struct ParityTests {
  private static let declared = Result { try DeclaredNames() }

  /// What of the evidence is not there.
  private static func missing(
    _ row: RecordRow, in cell: Int, insideToo isInside: Bool = false
  ) throws -> [RecordRow.Evidence] {
    let declared = try self.declared.get()
    return try row.evidence(in: cell).filter { evidence in
      switch evidence {
      case .symbol(let name):
        !declared.visible.contains(name) && !(isInside && declared.types.contains(name))
      case .title(let title): !declared.titles.contains(title)
      case .page(let name):
        !SourceTree.exists("\(RecordTable.folder)/\(name)") && !SourceTree.exists(name)
      case .path(let path): !SourceTree.exists(path)
      case .option(let name): try !self.options.get().contains(name)
      }
    }
  }

  /// The options of the example server, as its sources name its fields; `raft-kv`'s own tests hold
  /// them to its help.
  private static let options = Result { () throws -> Set<String> in
    var options: Set<String> = []
    for lines in try DeclaredNames.files(in: "Sources/raft-kv/Arguments") {
      for line in lines {
        let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
        guard parts.count >= 3 else { continue }
        options.insert(Self.optionName(of: String(parts[1])))
      }
    }
    return options
  }

  private static func optionName(of field: String) -> String {
    var name = field[...]
    if name.hasPrefix("is"), name.hasSuffix("Enabled") { name = name.dropFirst(2).dropLast(7) }
    var words = ""
    for letter in name {
      if letter.isUppercase, !words.isEmpty { words += "-" }
      words += letter.lowercased()
    }
    return words
  }

  private static func parityRows() throws -> [RecordRow] {
    try RecordTable.parity.flatMap(RecordTable.rows)
  }

  @Test("Each of openraft's names has one row in the parity record, and each row is about one")
  func names() throws {
    let names = try RecordTable.names(in: "openraft-names.txt")
    #expect(names.count == 674)
    #expect(Set(names).count == names.count)
    let rows = try Self.parityRows().map { $0.name(in: 0) }
    #expect(Set(rows).count == rows.count)
    #expect(Set(names).subtracting(rows).sorted() == [])
    #expect(Set(rows).subtracting(names).sorted() == [])
  }

  @Test("Each case of the matrix of membership changes is one of the test that the record names")
  func matrix() throws {
    let mark = "membership::t21_change_membership_cases/"
    let cases = try RecordTable.names(in: "openraft-names.txt").filter { $0.hasPrefix(mark) }
    #expect(cases.count == 16)
    let test = try SourceTree.text(of: "Tests/RaftTests/Membership/ChangeMatrixTests.swift")
    for name in cases { #expect(test.contains("\"\(name.dropFirst(mark.count))\""), "\(name)") }
  }

  @Test("What a row of the parity record names is there, as a public symbol, a test or a page")
  func evidence() throws {
    for row in try Self.parityRows() {
      let isInside = row.section == "The architecture page"
      #expect(try Self.missing(row, in: 1, insideToo: isInside) == [], "\(row)")
      #expect(row.cells[1] == "—" || !row.evidence(in: 1).isEmpty, "\(row)")
    }
  }

  @Test("At most one row in twenty names nothing, and each of these has a reason of its own")
  func reasons() throws {
    let rows = try Self.parityRows()
    let missing = rows.filter { $0.cells[1] == "—" }
    #expect(missing.count * 20 <= rows.count)
    for row in missing { #expect(row.cells[2].count > 30, "\(row)") }
    #expect(Set(missing.map { $0.cells[2] }).count == missing.count)
  }

  @Test("Every section of the thesis has a feature, and every feature its tests and its page")
  func features() throws {
    let sections = try RecordTable.names(in: "thesis-sections.txt")
    #expect(sections.count == 32)
    let rows = try RecordTable.rows(of: "FeaturesAndTests")
    let found = rows.map { $0.cells[1] }.filter { $0 != "—" }
    #expect(found.sorted() == sections.map { "§\($0)" }.sorted())
    #expect(Set(rows.map { $0.cells[0] }).count == rows.count)
    for row in rows {
      #expect(try Self.missing(row, in: 2) == [], "\(row)")
      #expect(try Self.missing(row, in: 3) == [], "\(row)")
      #expect(!row.evidence(in: 2).isEmpty && !row.evidence(in: 3).isEmpty, "\(row)")
    }
  }

  @Test("A name, a title, an option or a page that is not there is found missing")
  func bites() throws {
    let row = RecordRow(
      section: "The architecture page",
      cells: ["`x`", "`RaftNode.fly`, `CoreLoop`, `--wings`, `Wings.md`, \"It flies\", `a/b`"])
    let all = row.evidence(in: 1)
    #expect(all.count == 6)
    #expect(try Self.missing(row, in: 1) == all)
    #expect(
      try Self.missing(row, in: 1, insideToo: true) == all.filter { $0 != .symbol("CoreLoop") })
    let sound = RecordRow(
      section: "", cells: ["`RaftNode.write`, `--pre-vote`, `Writing.md`, `Measure.Gauge.term`"])
    #expect(try Self.missing(sound, in: 0) == [])
  }
}
