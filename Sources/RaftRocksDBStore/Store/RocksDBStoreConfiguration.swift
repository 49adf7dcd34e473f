#if RocksDB
public import Raft

/// How a RocksDB store uses its disk and its memory.
public struct RocksDBStoreConfiguration: Hashable, Sendable {
  /// How many bytes of changes RocksDB gathers in memory, for each of its four tables, before it
  /// writes them out sorted; 32 MiB unless set.
  ///
  /// A start reads up to twice as much again.
  public var writeBufferSize: Int
  /// How many bytes of what was read stay in memory; 32 MiB unless set.
  public var cacheSize: Int
  /// How many bytes of the newest entries stay in memory; 32 MiB unless set.
  ///
  /// Reading them needs no disk. What is not yet durable stays in memory in any case.
  public var tailSize: Int
  /// How many snapshots are kept, the newest ones; 2 unless set, at least 1.
  public var snapshotCount: Int
  /// The incarnation of a database that is made; drawn at random with `nil`.
  ///
  /// An existing one keeps its own. Only tests have a reason to set it: two lives of a node must
  /// never have the same number.
  public var newIncarnation: Incarnation?

  /// States how a RocksDB store works.
  ///
  /// - Precondition: the sizes and the count are positive.
  public init(
    writeBufferSize: Int = 32 << 20, cacheSize: Int = 32 << 20, tailSize: Int = 32 << 20,
    snapshotCount: Int = 2, newIncarnation: Incarnation? = nil
  ) {
    precondition(
      writeBufferSize > 0 && cacheSize > 0 && tailSize > 0 && snapshotCount > 0,
      "buffers of \(writeBufferSize), a cache of \(cacheSize), a tail of \(tailSize), "
        + "\(snapshotCount) snapshots")
    self.writeBufferSize = writeBufferSize
    self.cacheSize = cacheSize
    self.tailSize = tailSize
    self.snapshotCount = snapshotCount
    self.newIncarnation = newIncarnation
  }
}
#endif
