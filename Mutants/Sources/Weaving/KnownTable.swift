/// The table of known mutants in a document: a row for each, with its origin and what was measured.
///
/// A row begins with the mutant's name in backquotes, as in
/// ``| `learner-counts` | NuRaft#553 | 1 | committed never lost |``.
package struct KnownTable {
  private struct Row {
    let name: String
    let cells: [String]
  }

  private var rows: [Row] = []

  package init(document: String) {
    for line in document.split(separator: "\n") where line.hasPrefix("| `") {
      let cells = line.split(separator: "|").map(Self.trimmed)
      self.rows.append(
        Row(name: String(cells[0].drop { $0 == "`" }.prefix { $0 != "`" }), cells: cells))
    }
  }

  private static func trimmed(_ cell: Substring) -> String {
    var cell = cell.drop(while: \.isWhitespace)
    while let last = cell.last, last.isWhitespace { cell.removeLast() }
    return String(cell)
  }

  /// What keeps the table from naming each of these mutants once, with its origin, after how many
  /// seeds it is found, and by whom; empty if nothing does.
  package func faults(beside known: [KnownMutant]) -> [String] {
    var faults: [String] = []
    for mutant in known where !self.rows.contains(where: { $0.name == mutant.name }) {
      faults.append("`\(mutant.name)` has no row")
    }
    var seen: Set<String> = []
    for row in self.rows {
      guard seen.insert(row.name).inserted else {
        faults.append("`\(row.name)` has two rows")
        continue
      }
      guard let mutant = known.first(where: { $0.name == row.name }) else {
        faults.append("`\(row.name)` has a row, and there is no Mutants/Known/\(row.name).mutant")
        continue
      }
      guard row.cells.count == 4, Int(row.cells[2]) != nil, !row.cells[3].isEmpty else {
        faults.append("the row of `\(row.name)` lacks its origin, its seeds, or who finds it")
        continue
      }
      if row.cells[1] != mutant.origin {
        faults.append("`\(row.name)` comes from '\(mutant.origin)', not from '\(row.cells[1])'")
      }
    }
    return faults
  }
}
