import RaftJSON

/// Readings as JSON: `[{"device":"…","time":MS,"values":{"…":NUMBER}},…]`, also as the member
/// `readings` of an object; without a time it is now.
enum JSONReadings {
  /// Reads all elements; each is a row.
  ///
  /// - Throws: ``JSONError`` if the whole is no such array.
  static func parse(_ bytes: [UInt8], now: Int64) throws(JSONError) -> ParsedRows {
    let root = try JSONDocument(bytes).root
    let list = root.kind == .object ? try root["readings"] : root
    var rows = ParsedRows()
    var number = 0
    for element in try list.elements() {
      number += 1
      rows.take(number) { () throws(FieldError) in try Self.reading(element, now: now) }
    }
    return rows
  }

  private static func reading(_ node: JSONNode, now: Int64) throws(FieldError) -> Reading {
    let device = try Self.field("device") { () throws(JSONError) in try node["device"].string() }
    let time = try Self.field("time") { () throws(JSONError) in
      try node.optional("time")?.int64() ?? now
    }
    var values: [Reading.Value] = []
    var members = try Self.field("values") { () throws(JSONError) in
      try node["values"].members()
    }
    while let (name, value) = members.next() {
      let number = try Self.field(name) { () throws(JSONError) in try value.double() }
      values.append(.init(name: name, value: number))
    }
    return try Reading(device: device, time: time, values: values, now: now)
  }

  private static func field<Value>(
    _ name: String, _ body: () throws(JSONError) -> Value
  ) throws(FieldError) -> Value {
    do throws(JSONError) {
      return try body()
    } catch {
      throw FieldError(name, "\(error)")
    }
  }
}
