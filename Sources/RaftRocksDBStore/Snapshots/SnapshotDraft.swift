#if RocksDB
internal import Raft
internal import RaftCodec

/// A snapshot that is being written, under a number without a description; blocks.
struct SnapshotDraft: Sendable {
  let number: UInt64
  /// What the content is said to be.
  let announced: SnapshotMeta
  private let database: Database
  private var pieceCount: UInt64 = 0
  private var byteCount: UInt64 = 0
  private var hash = ContentHash()
  /// Content that waits until it makes a whole piece.
  private var content: [UInt8] = []

  /// Begins a snapshot.
  init(_ meta: SnapshotMeta, number: UInt64, in database: Database) {
    self.announced = meta
    self.number = number
    self.database = database
  }

  /// Whether there is enough content for the disk to be troubled.
  var isFull: Bool { self.content.count >= SnapshotRow.pieceSize }

  /// Takes content; does not block.
  mutating func add(_ bytes: [UInt8]) {
    self.content.append(contentsOf: bytes)
  }

  /// Writes the content that makes whole pieces.
  mutating func writePieces() throws(StorageError) {
    let whole = self.content.count / SnapshotRow.pieceSize * SnapshotRow.pieceSize
    try self.write(pieces: 0..<whole)
    self.content.removeFirst(whole)
  }

  /// Writes what is left and the description, durably; it is the store's newest snapshot if it
  /// reaches as far as this one.
  mutating func finish(behind newest: LogID?) throws(StorageError) -> SnapshotDescriptionRow {
    try self.writePieces()
    try self.write(pieces: 0..<self.content.count)
    self.content = []
    var meta = self.announced
    meta.byteCount = self.byteCount
    meta.contentHash = self.hash.value
    try meta.requireContent(announcedBy: self.announced)
    let description = SnapshotDescriptionRow(meta: meta, pieceCount: self.pieceCount)
    var writer = ByteWriter()
    description.write(to: &writer)
    let value = writer.takeBytes()
    let number = self.number
    try self.database.write(.synced) { rows in
      rows.put(value, under: SnapshotRow.description(of: number), in: .snapshots)
      guard newest.map({ $0 <= meta.lastLogID }) ?? true else { return }
      rows.put(.snapshot) { $0.write(number) }
    }
    return description
  }

  /// Removes what was written.
  func remove() {
    guard self.pieceCount > 0 else { return }
    // If it stays, the next opening removes it.
    try? self.database.write(.buffered) { $0.removeSnapshot(self.number) }
  }

  private mutating func write(pieces range: Range<Int>) throws(StorageError) {
    for start in stride(from: range.lowerBound, to: range.upperBound, by: SnapshotRow.pieceSize) {
      let piece = Array(
        self.content[start..<min(start + SnapshotRow.pieceSize, range.upperBound)])
      let key = SnapshotRow.piece(self.pieceCount, of: self.number)
      self.pieceCount += 1
      try self.database.write(.buffered) { rows in rows.put(piece, under: key, in: .snapshots) }
      self.byteCount += UInt64(piece.count)
      self.hash.update(with: piece)
    }
  }
}
#endif
