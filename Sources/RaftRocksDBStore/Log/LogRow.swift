#if RocksDB
internal import Raft
internal import RaftCodec

/// The form of the rows of a log: some consecutive entries each, under the index of the last one.
///
/// So the row that holds an entry, if there is one, is the first one at or behind the entry's index,
/// and a purge removes just the rows up to its own index.
enum LogRow {
  /// A key behind all entries.
  static let end = Row.key(.max)

  /// The key of a row that ends with this entry.
  static func key(_ last: LogIndex) -> [UInt8] { Row.key(last.rawValue) }

  /// What a row keeps of entries.
  static func value(_ slice: EntrySlice) -> [UInt8] {
    let block = EntryBlock(
      run: slice.run, bytes: slice.chunk.bytes, ends: slice.chunk.ends, offsets: slice.offsets)
    var writer = ByteWriter(reserving: 64 + 4 * slice.count + slice.byteCount)
    writer.write(block)
    return writer.takeBytes()
  }

  /// The entries of the row where the cursor stands.
  static func block(
    at cursor: borrowing Cursor, of database: Database
  ) throws(StorageError) -> EntryBlock {
    let key = cursor.key
    let block = try database.decode(cursor.value(), "the log's row \(Row.text(key))") {
      (reader) throws(CodecError) in try reader.readEntryBlock()
    }
    guard Row.number(in: key) == block.run.last.rawValue, key.count == 8 else {
      throw .damaged(
        database.directory, "entries \(block.run) lie in the log's row \(Row.text(key))")
    }
    return block
  }
}

extension EntrySlice {
  /// The entries of a row, in a chunk of their own.
  init(_ block: EntryBlock) {
    self.init(EntryChunk(run: block.run, bytes: block.bytes, ends: block.ends))
  }
}
#endif
