import Raft
import RaftHTTPTransport
import RaftJSON

/// One entry of a log, as it is printed.
struct EntryLine {
  /// The heading of the table's columns.
  static let heading = Self.columns("log id", "kind", "bytes", "payload")

  let logID: LogID
  let kind: EntryKind
  let timestamp: Timestamp
  let membership: Membership?
  let payload: ArraySlice<UInt8>

  /// The entry of this index.
  init(_ slice: EntrySlice, _ index: LogIndex) {
    let run = slice.chunk.run
    self.logID = LogID(leader: run.leader, index: index)
    self.kind = run.kind
    self.timestamp = run.timestamp
    self.membership = run.membership
    self.payload = slice.payload(at: index)
  }

  /// The entry in a table; with the first so many bytes of its payload.
  func row(showing byteLimit: Int) -> String {
    let content = self.membership.map { "\($0)" } ?? self.preview(byteLimit)
    return Self.columns("\(self.logID)", "\(self.kind)", "\(self.payload.count)", content)
  }

  /// The entry as JSON on one line; with the first so many bytes of its payload.
  func json(showing byteLimit: Int) -> String {
    let shown = self.payload.prefix(byteLimit)
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("log_id", self.logID)
      writer.member("kind", "\(self.kind)")
      writer.member("timestamp", self.timestamp.nanoseconds)
      writer.member("bytes", UInt64(self.payload.count))
      if let membership = self.membership { writer.member("membership", membership) }
      if let text = String(validating: shown, as: UTF8.self) {
        writer.member("text", text)
      } else {
        writer.member("hex", Self.hexadecimal(shown))
      }
    }
    return String(decoding: writer.finish(), as: UTF8.self) + "\n"
  }

  /// The payload's beginning: text in quotes if it is text, or hexadecimal digits.
  private func preview(_ byteLimit: Int) -> String {
    guard !self.payload.isEmpty else { return "" }
    let shown = self.payload.prefix(byteLimit)
    let dots = shown.count < self.payload.count ? "…" : ""
    // A cut may lie within a character.
    for cut in 0..<min(4, max(1, shown.count)) {
      guard cut == 0 || !dots.isEmpty,
        let text = String(validating: shown.dropLast(cut), as: UTF8.self),
        text.unicodeScalars.allSatisfy(Self.isPrintable)
      else { continue }
      return "\"\(text)\"\(dots)"
    }
    return Self.hexadecimal(shown) + dots
  }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator:
      false
    default: true
    }
  }

  private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func columns(
    _ logID: String, _ kind: String, _ bytes: String, _ payload: String
  ) -> String {
    func fill(_ text: String, to width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count))
    }
    let start =
      logID + fill(logID, to: 18) + "  " + kind + fill(kind, to: 10) + "  "
      + fill(bytes, to: 9) + bytes
    return payload.isEmpty ? start + "\n" : "\(start)  \(payload)\n"
  }
}
