#if RocksDB
internal import Raft
internal import RaftCodec

/// The form of a row: the value, and behind it a checksum of key and value.
///
/// RocksDB has checksums of its own for what lies on the disk. These ones go with a row all the way
/// to who reads it, and tell a value that came to lie under another key.
enum Row {
  private static let checksumSize = 4

  /// What lies in the database for a value.
  static func framed(_ value: [UInt8], under key: [UInt8]) -> [UInt8] {
    var writer = ByteWriter(reserving: value.count + Self.checksumSize)
    writer.write(bytes: value)
    writer.write(CRC32C.checksum(of: value, after: CRC32C.checksum(of: key)))
    return writer.takeBytes()
  }

  /// The value in what lies in the database.
  ///
  /// - Throws: `StorageError` of kind `corrupted` if it contradicts its checksum.
  static func value(
    in row: UnsafeRawBufferPointer, under key: [UInt8], of table: Table, _ directory: String
  ) throws(StorageError) -> [UInt8] {
    let size = row.count - Self.checksumSize
    guard size >= 0 else {
      throw .damaged(
        directory, "the row \(Self.text(key)) of table '\(table.name)' has \(row.count) bytes")
    }
    let value = UnsafeRawBufferPointer(rebasing: row[..<size])
    let stated = UInt32(
      littleEndian: row.loadUnaligned(fromByteOffset: size, as: UInt32.self))
    let computed = CRC32C.checksum(of: value, after: CRC32C.checksum(of: key))
    guard stated == computed else {
      throw .damaged(
        directory,
        "the row \(Self.text(key)) of table '\(table.name)' has the checksum \(computed) and states "
          + "\(stated)")
    }
    return [UInt8](value)
  }

  /// A key for people: as text where it is one, otherwise its bytes.
  static func text(_ key: [UInt8]) -> String {
    guard key.allSatisfy({ $0 > 32 && $0 < 127 }) else {
      return key.map { byte in
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
      }.joined()
    }
    return "'\(String(decoding: key, as: UTF8.self))'"
  }

  /// A number as a key: greater numbers come later.
  static func key(_ number: UInt64) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { [UInt8]($0) }
  }

  /// The number that a key, or a part of one, begins with; `nil` if it is too short.
  static func number(at offset: Int = 0, in key: [UInt8]) -> UInt64? {
    guard key.count >= offset + 8 else { return nil }
    return key[offset..<(offset + 8)].reduce(0) { $0 << 8 | UInt64($1) }
  }
}
#endif
