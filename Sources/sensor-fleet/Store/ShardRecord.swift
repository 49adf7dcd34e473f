import SensorFleetModel

/// One record of a shard's log: a batch of readings, or the beginning of a primary's tenure.
struct ShardRecord: Equatable, Sendable {
  /// Its place.
  let point: LogPoint
  /// The readings; empty where a tenure begins.
  let payload: [UInt8]

  /// How many bytes stand before a record's payload in a file.
  static let headBytes = 28

  /// How many bytes it takes in a file.
  var fileBytes: Int { Self.headBytes + self.payload.count }

  /// Writes the length, the hash of all that follows, the place and the payload.
  func write(to writer: inout ByteWriter) {
    var body = ByteWriter(capacity: 16 + self.payload.count)
    body.write(self.point.sequence)
    body.write(self.point.epoch.rawValue)
    body.write(self.payload)
    writer.write(UInt32(self.payload.count))
    writer.write(body.bytes.withUnsafeBytes { ContentHash.of($0) })
    writer.write(body.bytes)
  }

  /// The record that begins at this offset of a file's bytes; `nil` if none stands there whole.
  static func read(_ bytes: [UInt8], at offset: Int) -> ShardRecord? {
    guard bytes.count - offset >= Self.headBytes else { return nil }
    return bytes.withUnsafeBytes { buffer -> ShardRecord? in
      let count = Int(buffer.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
      guard bytes.count - offset - Self.headBytes >= count else { return nil }
      let hash = buffer.loadUnaligned(fromByteOffset: offset + 4, as: UInt64.self)
      let body = UnsafeRawBufferPointer(
        rebasing: buffer[(offset + 12)..<(offset + Self.headBytes + count)])
      guard ContentHash.of(body) == hash else { return nil }
      let point = LogPoint(
        sequence: body.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
        epoch: Epoch(body.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
      return ShardRecord(point: point, payload: Array(body.dropFirst(16)))
    }
  }
}
