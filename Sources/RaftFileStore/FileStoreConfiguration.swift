public import Raft

/// How a file store uses its disk and its memory.
public struct FileStoreConfiguration: Hashable, Sendable {
  /// The size in bytes from which on the log goes on in a new file; 64 MiB unless set.
  ///
  /// Space of purged entries is given back in whole files. A file grows beyond this by what is
  /// written together.
  public var segmentSize: Int
  /// How many bytes of the newest entries stay in memory; 32 MiB unless set.
  ///
  /// Reading them needs no disk. What is not yet durable stays in memory in any case.
  public var tailSize: Int
  /// How many snapshots are kept, the newest ones; 2 unless set, at least 1.
  public var snapshotCount: Int
  /// After how long without a write a mark is put behind the last one; 100 ms unless set, never
  /// with `nil`.
  ///
  /// By the mark, damage to the last write can be told from an unfinished one.
  public var sealDelay: Duration?
  /// The incarnation of a directory that is made; drawn at random with `nil`.
  ///
  /// An existing directory keeps its own. Only tests have a reason to set it: two lives of a node
  /// must never have the same number.
  public var newIncarnation: Incarnation?

  /// States how a file store works.
  ///
  /// - Precondition: the sizes and the count are positive.
  public init(
    segmentSize: Int = 64 << 20, tailSize: Int = 32 << 20, snapshotCount: Int = 2,
    sealDelay: Duration? = .milliseconds(100), newIncarnation: Incarnation? = nil
  ) {
    precondition(
      segmentSize > 0 && tailSize > 0 && snapshotCount > 0,
      "segments of \(segmentSize), a tail of \(tailSize), \(snapshotCount) snapshots")
    self.segmentSize = segmentSize
    self.tailSize = tailSize
    self.snapshotCount = snapshotCount
    self.sealDelay = sealDelay
    self.newIncarnation = newIncarnation
  }
}
