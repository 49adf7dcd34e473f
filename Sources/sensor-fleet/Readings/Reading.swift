/// What a device measured at one moment.
struct Reading: Equatable, Sendable {
  /// A measured value.
  struct Value: Equatable, Sendable {
    let name: String
    let value: Double
  }

  /// How far in the future a reading may lie, in milliseconds: a day.
  static let futureMax: Int64 = 86_400_000
  /// How long a name may be, in bytes.
  static let nameMax = 64
  /// How many values a reading may have.
  static let valuesMax = 64

  /// Who measured.
  let device: String
  /// When, in milliseconds since 1970.
  let time: Int64
  /// What, one value at least.
  let values: [Value]

  /// A reading that may be stored.
  ///
  /// - Throws: ``FieldError`` with the field that is wrong.
  init(device: String, time: Int64, values: [Value], now: Int64) throws(FieldError) {
    try Self.check(name: device, of: "device")
    guard time >= 0 else {
      throw FieldError("time", "\(time) lies before 1970; milliseconds since then are expected")
    }
    guard time <= now + Self.futureMax else {
      throw FieldError(
        "time", "\(time) lies more than a day in the future; milliseconds since 1970 are expected")
    }
    guard !values.isEmpty else { throw FieldError("values", "there is none") }
    guard values.count <= Self.valuesMax else {
      throw FieldError("values", "\(values.count) are more than \(Self.valuesMax)")
    }
    for value in values {
      try Self.check(name: value.name, of: "values")
      guard value.value.isFinite else {
        throw FieldError(value.name, "\(value.value) is no finite number")
      }
    }
    self.init(device: device, time: time, values: values)
  }

  /// A reading that was checked before.
  init(device: String, time: Int64, values: [Value]) {
    self.device = device
    self.time = time
    self.values = values
  }

  /// Names are short and have no letters that mean something elsewhere.
  static func check(name: String, of field: String) throws(FieldError) {
    guard !name.isEmpty else { throw FieldError(field, "a name is empty") }
    guard name.utf8.count <= Self.nameMax else {
      throw FieldError(field, "a name has more than \(Self.nameMax) bytes")
    }
    for byte in name.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
        UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "/"), 0x80...:
        continue
      default:
        throw FieldError(
          field,
          "'\(name)' has a letter that names must not have; allowed are letters, digits "
            + "and _ - . : /")
      }
    }
  }
}

/// What is wrong with a field of a reading.
struct FieldError: Error, Equatable, CustomStringConvertible {
  let field: String
  let problem: String

  init(_ field: String, _ problem: String) {
    self.field = field
    self.problem = problem
  }

  var description: String { "\(self.field): \(self.problem)" }
}

/// A row that was not taken, by its number from 1 on.
struct RowError: Error, Equatable, Sendable, CustomStringConvertible {
  let row: Int
  let field: String
  let problem: String

  init(row: Int, _ error: FieldError) {
    self.row = row
    self.field = error.field
    self.problem = error.problem
  }

  var description: String { "row \(self.row), \(self.field): \(self.problem)" }
}

/// Rows that somebody sent, those that can be stored and those that cannot.
struct ParsedRows: Equatable, Sendable {
  /// Readings with the number of their row, from 1 on.
  var readings: [(row: Int, reading: Reading)] = []
  /// What was wrong with the others.
  var rejected: [RowError] = []

  static func == (left: ParsedRows, right: ParsedRows) -> Bool {
    left.rejected == right.rejected
      && left.readings.elementsEqual(right.readings) {
        $0.row == $1.row && $0.reading == $1.reading
      }
  }

  /// Takes a row, or notes what is wrong with it.
  mutating func take(_ row: Int, _ body: () throws(FieldError) -> Reading) {
    do throws(FieldError) {
      self.readings.append((row, try body()))
    } catch {
      self.rejected.append(RowError(row: row, error))
    }
  }
}
