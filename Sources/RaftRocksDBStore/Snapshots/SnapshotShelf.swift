#if RocksDB
internal import Raft
internal import RaftCodec
internal import RaftConcurrency

/// Which snapshots there are.
struct SnapshotShelf: Sendable {
  /// The snapshots, the newest one last.
  private var snapshots: [RocksDBSnapshot] = []
  private var nextNumber: UInt64 = 1
  /// Why a snapshot cannot be read, if there is such a one.
  private(set) var damage: StorageError?

  /// An empty shelf.
  init() {}

  /// The snapshot that reaches furthest; of several, the one made last.
  var newest: RocksDBSnapshot? { self.snapshots.last }

  /// A number that no snapshot had before.
  mutating func takeNumber() -> UInt64 {
    defer { self.nextNumber += 1 }
    return self.nextNumber
  }

  /// Adds a snapshot that is durable.
  mutating func add(_ snapshot: RocksDBSnapshot) {
    let position = snapshot.meta.lastLogID
    let place = self.snapshots.lastIndex { $0.meta.lastLogID <= position }.map { $0 + 1 } ?? 0
    self.snapshots.insert(snapshot, at: place)
  }

  /// Takes all but the newest ones off the shelf; they go when nobody holds them.
  mutating func retire(keeping count: Int) -> [RocksDBSnapshot] {
    let superseded = Array(self.snapshots.dropLast(count))
    self.snapshots.removeFirst(superseded.count)
    for snapshot in superseded { snapshot.supersede() }
    return superseded
  }
}

extension SnapshotShelf {
  /// What lies in the database, without what is left of unfinished ones, which is removed; blocks.
  init(in database: Database, thread: WorkerThread) throws(StorageError) {
    var shelf = SnapshotShelf()
    var unfinished: [UInt64] = []
    let newest = try database.state(.snapshot) { (reader) throws(CodecError) in
      try reader.readUInt64("the number of the newest snapshot")
    }
    try database.scan(.snapshots) { (cursor) throws(StorageError) in
      var isAtRow = try cursor.seekToFirst()
      while isAtRow {
        let key = cursor.key
        guard let number = Row.number(in: key), number < .max else {
          throw .damaged(database.directory, "a snapshot has the key \(Row.text(key))")
        }
        shelf.nextNumber = number + 1
        if key.count == 8 {
          do throws(StorageError) {
            let description = try database.decode(
              cursor.value(), "the description of snapshot \(number)"
            ) { (reader) throws(CodecError) in try SnapshotDescriptionRow(from: &reader) }
            shelf.add(
              RocksDBSnapshot(description, number: number, in: database, thread: thread))
          } catch {
            shelf.damage = error
          }
        } else {
          unfinished.append(number)
        }
        isAtRow = try cursor.seek(to: SnapshotRow.description(of: number + 1))
      }
    }
    shelf.nextNumber = max(shelf.nextNumber, (newest ?? 0) + 1)
    if let newest, shelf.damage == nil, !shelf.snapshots.contains(where: { $0.number == newest }) {
      shelf.damage = .damaged(database.directory, "snapshot \(newest), the newest one, is missing")
    }
    if !unfinished.isEmpty {
      try database.write(.buffered) { rows in
        for number in unfinished { rows.removeSnapshot(number) }
      }
    }
    self = shelf
  }
}
#endif
