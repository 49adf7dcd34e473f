public import RaftEngine

/// What the first 128 bytes of a file of the write-ahead log say.
public struct SegmentHeader: Hashable, Sendable {
  /// How many bytes the header takes; the first record follows it.
  public static let size = 128

  /// Whose log.
  public var node: NodeID
  /// Which life of the node's data.
  public var incarnation: Incarnation
  /// The version of the format that the segment is written in.
  public internal(set) var version: UInt8
  /// The cluster that the log was bound to when the segment began; `nil` before that.
  public var cluster: ClusterID?
  /// The segment's place in the row of all segments; each has the number after the one before it.
  public var number: UInt64
  /// Random bits of this use of the file, which enter the checksum of each of its records.
  ///
  /// A recycled file still holds the records of its former use, whole and in place; the other
  /// salt is what tells them apart.
  public var salt: UInt64
  /// The last log position before the segment, in group 0; `nil` if the log was empty.
  public var previousLogID: LogID?
  /// Where the preceding segment ends, all of it known to be synced; `nil` for the first one.
  ///
  /// Its ``SegmentPosition/nextSequence`` is the sequence number of this segment's first record.
  public var previousEnd: SegmentPosition?
  /// Where in the preceding segment its index begins, its last record; `nil` if there is none.
  public var previousIndexOffset: Int?

  /// States what a segment is.
  public init(
    node: NodeID, incarnation: Incarnation, cluster: ClusterID?, number: UInt64, salt: UInt64,
    previousLogID: LogID?, previousEnd: SegmentPosition?, previousIndexOffset: Int? = nil
  ) {
    self.version = UInt8(SegmentFormat.newestVersion)
    self.node = node
    self.incarnation = incarnation
    self.cluster = cluster
    self.number = number
    self.salt = salt
    self.previousLogID = previousLogID
    self.previousEnd = previousEnd
    self.previousIndexOffset = previousIndexOffset
  }
}
