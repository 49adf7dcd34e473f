/// Rows of cells as lines of text.
package enum TextTable {
  /// The rows with each column as wide as its widest cell, two spaces apart.
  ///
  /// - Parameters:
  ///   - rows: The cells; later rows may be shorter than the first one.
  ///   - left: How many columns stand to the left; the others, such as numbers, to the right.
  package static func aligned(_ rows: [[String]], left: Int) -> String {
    let widths = (rows.first ?? []).indices.map { column in
      rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return column < left ? cell + padding : padding + cell
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
    }.joined()
  }
}
