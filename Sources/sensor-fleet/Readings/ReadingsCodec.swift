/// Readings as the bytes of a record.
enum ReadingsCodec {
  static func encode(_ readings: some Collection<Reading>) -> [UInt8] {
    var writer = ByteWriter(capacity: 4 + readings.count * 48)
    writer.write(UInt32(readings.count))
    for reading in readings {
      writer.write(reading.device)
      writer.write(reading.time)
      writer.write(UInt8(reading.values.count))
      for value in reading.values {
        writer.write(value.name)
        writer.write(value.value)
      }
    }
    return writer.bytes
  }

  static func decode(_ bytes: [UInt8]) throws(MalformedBytes) -> [Reading] {
    var reader = ByteReader(bytes)
    let count = try reader.number(UInt32.self)
    var readings: [Reading] = []
    for _ in 0..<count {
      let device = try reader.text()
      let time = try reader.number(Int64.self)
      var values: [Reading.Value] = []
      for _ in 0..<(try reader.number(UInt8.self)) {
        let name = try reader.text()
        values.append(.init(name: name, value: try reader.double()))
      }
      readings.append(Reading(device: device, time: time, values: values))
    }
    guard reader.isAtEnd else { throw MalformedBytes(offset: reader.offset) }
    return readings
  }

  /// How many readings the bytes hold; 0 if they cannot be read.
  static func count(_ bytes: [UInt8]) -> Int {
    var reader = ByteReader(bytes)
    return (try? reader.number(UInt32.self)).map(Int.init) ?? 0
  }
}
