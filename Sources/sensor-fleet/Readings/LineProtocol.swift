/// Readings as lines: `DEVICE NAME=NUMBER[,NAME=NUMBER…] [TIME]`.
///
/// The time is in milliseconds since 1970; without it, it is now. Empty lines and lines that begin
/// with `#` are passed over.
enum LineProtocol {
  /// Reads all lines; each is a row.
  static func parse(_ text: String, now: Int64) -> ParsedRows {
    var rows = ParsedRows()
    var number = 0
    for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      var line = Substring(line)
      if line.utf8.last == UInt8(ascii: "\r") { line.unicodeScalars.removeLast() }
      guard let first = line.utf8.first, first != UInt8(ascii: "#") else { continue }
      rows.take(number) { () throws(FieldError) in try Self.reading(line, now: now) }
    }
    return rows
  }

  private static func reading(_ line: Substring, now: Int64) throws(FieldError) -> Reading {
    let words = line.utf8.split(separator: UInt8(ascii: " ")).map { Substring($0) }
    guard let device = words.first else { throw FieldError("device", "it is missing") }
    guard words.count > 1 else {
      throw FieldError("values", "they are missing; a line is DEVICE NAME=NUMBER,… [TIME]")
    }
    guard words.count <= 3 else {
      throw FieldError("line", "it has more than three parts: '\(words[3])'")
    }
    var values: [Reading.Value] = []
    for part in words[1].utf8.split(
      separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    {
      let sides = Substring(part).utf8.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2 else {
        throw FieldError("values", "'\(Substring(part))' is not of the form NAME=NUMBER")
      }
      let name = String(Substring(sides[0]))
      guard let value = Double(Substring(sides[1])) else {
        throw FieldError(name.isEmpty ? "values" : name, "'\(Substring(sides[1]))' is no number")
      }
      values.append(.init(name: name, value: value))
    }
    var time = now
    if words.count == 3 {
      guard let given = Int64(words[2]) else {
        throw FieldError("time", "'\(words[2])' is no number of milliseconds since 1970")
      }
      time = given
    }
    return try Reading(device: String(device), time: time, values: values, now: now)
  }
}
