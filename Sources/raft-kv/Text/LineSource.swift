import RaftCommandLine
import RaftConcurrency

/// One line of a text, and the key that names it.
struct Line: Equatable, Sendable {
  /// The file and the number of the line, counted from 1: `Sources/Main.swift:3`.
  let key: String
  /// The line without its end.
  let text: String
}

/// All lines of all text files under a path, handed out one by one to whoever asks.
final class LineSource: Sendable {
  /// What was found and what was passed over.
  struct Census: Equatable, Sendable {
    /// Text files.
    var files = 0
    /// Lines in them that are handed out.
    var lines = 0
    /// Files that are no UTF-8 text, or too large, or not readable.
    var otherFiles = 0
    /// Lines that are longer than ``LineSource/lineMax``.
    var longLines = 0
  }

  /// The longest line that is handed out, in bytes.
  static let lineMax = 128 << 10

  private struct State {
    var files: ArraySlice<String>
    var lines: ArraySlice<Line> = []
  }

  /// What there is.
  let census: Census
  private let path: String
  private let state: Guarded<State>

  /// Looks through everything under a path once, to count it.
  ///
  /// - Throws: ``Failure`` if the path cannot be read.
  init(path: String) throws(Failure) {
    self.path = path
    var census = Census()
    var texts: [String] = []
    for file in try TextTree.files(under: path) {
      guard let lines = Self.lines(of: file, under: path) else {
        census.otherFiles += 1
        continue
      }
      census.files += 1
      census.lines += lines.fit.count
      census.longLines += lines.longCount
      texts.append(file)
    }
    self.census = census
    self.state = Guarded(State(files: texts[...]))
  }

  /// The next line; `nil` when there are no more.
  func next() -> Line? {
    self.state.withLock { state in
      while true {
        if let line = state.lines.popFirst() { return line }
        guard let file = state.files.popFirst() else { return nil }
        state.lines = Self.lines(of: file, under: self.path)?.fit[...] ?? []
      }
    }
  }

  /// The lines of a file that are not too long; `nil` if it is no text.
  private static func lines(
    of file: String, under path: String
  ) -> (fit: [Line], longCount: Int)? {
    guard let content = FileContent.bytes(of: file), !content.contains(0),
      String(validating: content, as: UTF8.self) != nil
    else { return nil }
    let label = TextTree.label(of: file, under: path)
    var rows = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // The end of the last line begins no other one.
    if rows.last?.isEmpty == true { rows.removeLast() }
    var lines: [Line] = []
    for (number, row) in rows.enumerated() where row.count <= Self.lineMax {
      lines.append(
        Line(key: "\(label):\(number + 1)", text: String(decoding: row, as: UTF8.self)))
    }
    return (lines, rows.count - lines.count)
  }
}
