import Raft
import RaftMemoryStore

/// A snapshot store over a simulated disk, for one life of a node.
///
/// A snapshot that was committed is durable; a crash before loses it as a whole.
final class SimulatedSnapshotStore: SnapshotStore, @unchecked Sendable {
  private let base: MemorySnapshotStore
  fileprivate unowned let station: NodeStation
  fileprivate var isClosed = false

  init(_ station: NodeStation) {
    self.station = station
    self.base = station.snapshots
  }

  /// The power is gone.
  func crash() {
    self.isClosed = true
  }

  func latest() async throws(StorageError) -> (any StoredSnapshot)? {
    try await self.work()
    guard let newest = try await self.base.latest() else { return nil }
    return Stored(meta: newest.meta, base: newest, store: self)
  }

  func begin(_ meta: SnapshotMeta) async throws(StorageError) -> any SnapshotWriter {
    try await self.work()
    return Writer(base: try await self.base.begin(meta), store: self)
  }

  /// Takes the time of a call, and refuses it if the power is gone.
  fileprivate func work() async throws(StorageError) {
    let world = self.station.world
    let latency = self.station.disk.latency
    if latency.upperBound > 0 { await world.sleep(for: world.draw(latency)) }
    await self.station.untilAwake()
    if self.isClosed { throw StorageError(.closed, "injected: the power is gone") }
  }

  private struct Stored: StoredSnapshot {
    let meta: SnapshotMeta
    let base: any StoredSnapshot
    let store: SimulatedSnapshotStore

    func read() async throws(StorageError) -> any SnapshotReader {
      try await self.store.work()
      return Reader(base: try await self.base.read(), store: self.store)
    }
  }

  private final class Reader: SnapshotReader {
    let base: any SnapshotReader
    let store: SimulatedSnapshotStore

    init(base: any SnapshotReader, store: SimulatedSnapshotStore) {
      self.base = base
      self.store = store
    }

    func next() async throws(StorageError) -> [UInt8]? {
      try await self.store.work()
      return try await self.base.next()
    }
  }

  private final class Writer: SnapshotWriter {
    let base: any SnapshotWriter
    let store: SimulatedSnapshotStore

    init(base: any SnapshotWriter, store: SimulatedSnapshotStore) {
      self.base = base
      self.store = store
    }

    func write(_ bytes: [UInt8]) async throws(StorageError) {
      try await self.store.work()
      try await self.base.write(bytes)
    }

    func commit() async throws(StorageError) -> any StoredSnapshot {
      try await self.store.work()
      let station = self.store.station
      if station.disk.failsNextSnapshot {
        station.disk.failsNextSnapshot = false
        throw StorageError(.full, "injected: no space is left")
      }
      let stored = try await self.base.commit()
      station.world.coverage.snapshotsBuilt += 1
      station.world.note(
        .input, station.id, "snapshot stored (through \(stored.meta.lastLogID))")
      return Stored(meta: stored.meta, base: stored, store: self.store)
    }

    func abandon() async {
      await self.base.abandon()
    }
  }
}
