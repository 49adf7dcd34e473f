#if RocksDB
internal import Raft
internal import RaftCodec

/// Rows in the form in which a snapshot keeps them: a version, then each with the lengths of key and
/// value before it.
///
/// Reads them from pieces that are cut anywhere.
struct FrozenRows {
  static let version: UInt32 = 1

  private var rest: [UInt8] = []
  private var isBegun = false

  /// Nothing yet.
  init() {}

  /// Writes one row.
  static func write(_ row: MachineRow, to writer: inout ByteWriter) {
    writer.write(UInt32(row.key.count))
    writer.write(UInt32(row.value.count))
    writer.write(bytes: row.key)
    writer.write(bytes: row.value)
  }

  /// The rows that are complete with this piece.
  mutating func take(_ piece: [UInt8]) throws(StorageError) -> [MachineRow] {
    self.rest += piece
    var rows: [MachineRow] = []
    do throws(CodecError) {
      var reader = ByteReader(self.rest)
      if !self.isBegun {
        guard self.rest.count >= 4 else { return [] }
        let version = try reader.readUInt32("the version")
        guard version == Self.version else {
          throw CodecError(
            .unsupportedVersion(version, newestKnown: Self.version), in: "a machine's rows", at: 0)
        }
        self.isBegun = true
      }
      while reader.remaining >= 8 {
        var row = reader
        let keySize = Int(try row.readUInt32("the length of a key"))
        let valueSize = Int(try row.readUInt32("the length of a value"))
        guard row.remaining >= keySize + valueSize else { break }
        rows.append(
          MachineRow(
            key: try row.readBytes(keySize, "a key"),
            value: try row.readBytes(valueSize, "a value")))
        reader = row
      }
      self.rest = Array(self.rest.suffix(reader.remaining))
    } catch {
      throw StorageError(
        error.isFromNewerFormat ? .foreign : .corrupted,
        "the snapshot has no rows of a machine: \(error.description)")
    }
    return rows
  }

  /// Checks that nothing was cut off.
  func expectEnd() throws(StorageError) {
    guard self.isBegun, self.rest.isEmpty else {
      throw StorageError(
        .corrupted, "the snapshot ends within a row: \(self.rest.count) bytes are left over")
    }
  }
}
#endif
