public import Raft

/// How a file store uses its disk and its memory.
public struct FileStoreConfiguration: Hashable, Sendable {
  /// The size in bytes from which on the log goes on in a new file; 48 MiB unless set.
  ///
  /// Space of purged entries is given back in whole files. What is written together is in one
  /// file, so a file may be larger. At a start no more than one file is read whole.
  public var segmentSize: Int
  /// How the space of the log's files is set aside; ``SegmentAllocation/prewritten`` unless set.
  public var segmentAllocation: SegmentAllocation
  /// How many bytes of the disk are set aside for the time when it is full; 8 MiB unless set, none
  /// with 0.
  ///
  /// When no more than this is left beside them, ``FileLogStore/shortage`` says so, and a node takes no
  /// entries until there is space again. What was accepted before, votes, truncations and purges are
  /// written, if need be where the reserve was.
  public var reserveSize: Int
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
  /// How many bytes a second of the log's complete files and the newest snapshot are read again to
  /// find damage; 1 MiB unless set, none with `nil`.
  ///
  /// See ``FileLogStore/reportDamage(to:)``.
  public var scrubRate: Int?
  /// The incarnation of a directory that is made; drawn at random with `nil`.
  ///
  /// An existing directory keeps its own. Only tests have a reason to set it: two lives of a node
  /// must never have the same number.
  public var newIncarnation: Incarnation?

  /// States how a file store works.
  ///
  /// - Precondition: the sizes, the count and the rate are positive; the reserve may be 0.
  public init(
    segmentSize: Int = 48 << 20, segmentAllocation: SegmentAllocation = .prewritten,
    reserveSize: Int = 8 << 20, tailSize: Int = 32 << 20, snapshotCount: Int = 2,
    sealDelay: Duration? = .milliseconds(100),
    scrubRate: Int? = 1 << 20, newIncarnation: Incarnation? = nil
  ) {
    precondition(
      segmentSize > 0 && reserveSize >= 0 && tailSize > 0 && snapshotCount > 0
        && scrubRate.map { $0 > 0 } ?? true,
      "segments of \(segmentSize), a reserve of \(reserveSize), a tail of \(tailSize), "
        + "\(snapshotCount) snapshots, scrubbing at \(scrubRate ?? 0)")
    self.segmentSize = segmentSize
    self.segmentAllocation = segmentAllocation
    self.reserveSize = reserveSize
    self.tailSize = tailSize
    self.snapshotCount = snapshotCount
    self.sealDelay = sealDelay
    self.scrubRate = scrubRate
    self.newIncarnation = newIncarnation
  }
}

/// How the space of the log's files is set aside.
public enum SegmentAllocation: Hashable, Sendable {
  /// Zeros are written some way ahead of the log, and up to two files of purged entries are kept
  /// and written over.
  ///
  /// Syncs cost a fraction of what they cost while a file grows, and the disk is found to be full
  /// before a write, not within one.
  case prewritten
  /// A file grows as it is written, and is removed when its entries are purged.
  ///
  /// For file systems that never write a block twice, where preparing it is wasted.
  case asWritten
}
