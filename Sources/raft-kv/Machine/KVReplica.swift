import Raft

#if RocksDB
import RaftRocksDBStore
#endif

/// The map of one server: in memory, or kept in RocksDB.
///
/// Both hold the same map, in snapshots of the same form, so a cluster may have servers of both kinds.
struct KVReplica: SynchronousStateMachine {
  static let mediaType = KVMachine.mediaType

  private var memory = KVMachine()
  #if RocksDB
  /// In place of the one in memory, which stays empty.
  private var kept: KeptMap?
  #endif

  /// A map in memory.
  init() {}

  #if RocksDB
  /// A map that is kept in this table.
  init(keptIn table: RocksDBMachineTable) {
    self.kept = KeptMap(table)
  }
  #endif

  var digest: UInt64? {
    #if RocksDB
    if let kept = self.kept { return kept.digest }
    #endif
    return self.memory.digest
  }

  /// What the key holds; or why it cannot be read.
  func read(_ key: Key) -> Result<KVResponse, StorageError> {
    #if RocksDB
    if let kept = self.kept {
      return Result { () throws(StorageError) in KVResponse(value: try kept.value(of: key)) }
    }
    #endif
    return .success(self.memory.read(key))
  }

  static func encode(_ command: KVCommand, into writer: inout PayloadWriter) {
    KVMachine.encode(command, into: &writer)
  }

  static func decode(_ payload: PayloadReader) throws -> KVCommand {
    try KVMachine.decode(payload)
  }

  mutating func recover() throws -> LogID? {
    #if RocksDB
    if self.kept != nil { return try self.kept?.recover() }
    #endif
    return nil
  }

  mutating func apply(_ command: KVCommand, in context: ApplyContext) throws -> KVReceipt {
    #if RocksDB
    if let receipt = try self.kept?.apply(command, in: context) { return receipt }
    #endif
    return self.memory.apply(command, in: context)
  }

  func freeze() throws -> any FrozenState {
    #if RocksDB
    if let kept = self.kept { return try kept.freeze() }
    #endif
    return self.memory.freeze()
  }

  mutating func restore(
    from snapshot: SnapshotMeta, reading content: any SnapshotReader
  ) async throws {
    #if RocksDB
    if var kept = self.kept {
      try await kept.restore(from: snapshot, reading: content)
      self.kept = kept
      return
    }
    #endif
    try await self.memory.restore(from: snapshot, reading: content)
  }
}
