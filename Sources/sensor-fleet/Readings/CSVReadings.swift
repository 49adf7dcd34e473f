/// Readings as rows of a table with a head: a device, a time, and a value in each other column.
struct CSVReadings {
  /// The columns that have a meaning of their own.
  struct Columns: Equatable, Sendable {
    var device = "device"
    var time = "time"
  }

  private let names: [String]
  private let device: Int
  private let time: Int

  /// Reads the head.
  ///
  /// - Throws: ``FieldError`` if a column is missing.
  init(head: Substring, _ columns: Columns) throws(FieldError) {
    let names = Self.cells(of: head)
    guard let device = names.firstIndex(of: columns.device) else {
      throw FieldError(
        columns.device, "the head has no such column; it has \(names.joined(separator: ", "))")
    }
    guard let time = names.firstIndex(of: columns.time) else {
      throw FieldError(
        columns.time, "the head has no such column; it has \(names.joined(separator: ", "))")
    }
    self.names = names
    self.device = device
    self.time = time
  }

  /// Reads a row; empty cells are no values.
  func reading(_ row: Substring, now: Int64) throws(FieldError) -> Reading {
    let cells = Self.cells(of: row)
    guard cells.count == self.names.count else {
      throw FieldError(
        "row", "it has \(cells.count) cells, and the head has \(self.names.count)")
    }
    var values: [Reading.Value] = []
    for (place, cell) in cells.enumerated() where place != self.device && place != self.time {
      guard !cell.isEmpty else { continue }
      guard let value = Double(cell) else {
        throw FieldError(self.names[place], "'\(cell)' is no number")
      }
      values.append(.init(name: self.names[place], value: value))
    }
    guard let time = Self.milliseconds(cells[self.time]) else {
      throw FieldError(
        self.names[self.time],
        "'\(cells[self.time])' is no time; expected are milliseconds since 1970, or "
          + "2026-11-21T07:30:00Z")
    }
    return try Reading(device: cells[self.device], time: time, values: values, now: now)
  }

  /// The cells of a row; quotes may surround one, and two of them within stand for one.
  private static func cells(of row: Substring) -> [String] {
    var cells: [String] = []
    var cell: [UInt8] = []
    var isQuoted = false
    var bytes = row.utf8.makeIterator()
    var pending = bytes.next()
    while let byte = pending {
      pending = bytes.next()
      switch byte {
      case UInt8(ascii: "\"") where isQuoted && pending == UInt8(ascii: "\""):
        cell.append(byte)
        pending = bytes.next()
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: ",") where !isQuoted:
        cells.append(String(decoding: cell, as: UTF8.self))
        cell = []
      case UInt8(ascii: "\r") where pending == nil: break
      default: cell.append(byte)
      }
    }
    return cells + [String(decoding: cell, as: UTF8.self)]
  }

  /// The time that a text names: milliseconds since 1970, or a date and a time of day in UTC.
  static func milliseconds(_ text: String) -> Int64? {
    if let number = Int64(text) { return number }
    let parts = text.split { "-T :Zz".contains($0) }
    guard parts.count == 6 || parts.count == 3, text.contains("-"),
      let year = Int64(parts[0]), let month = Int64(parts[1]), let day = Int64(parts[2]),
      (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    var seconds = 0.0
    if parts.count == 6 {
      guard let hour = Int64(parts[3]), let minute = Int64(parts[4]), let second = Double(parts[5]),
        (0..<24).contains(hour), (0..<60).contains(minute), second >= 0, second < 61
      else { return nil }
      seconds = Double(hour * 3600 + minute * 60) + second
    }
    // Days since 1970 in the Gregorian calendar, whose years begin with March here.
    let shifted = month > 2 ? year : year - 1
    let days =
      365 * shifted + shifted / 4 - shifted / 100 + shifted / 400
      + (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 719_469
    return days * 86_400_000 + Int64((seconds * 1000).rounded())
  }
}
