/// A place between two records of a segment, and what the record after it must refer to.
public struct SegmentPosition: Hashable, Sendable {
  /// The place, in bytes from the beginning of the file.
  public var offset: Int
  /// The sequence number of the record that stands or will stand there.
  public var nextSequence: UInt64
  /// The checksum in the header before this place: the preceding record's, or the segment's own.
  public var checksum: UInt32

  /// Names a place between two records.
  public init(offset: Int, nextSequence: UInt64, checksum: UInt32) {
    self.offset = offset
    self.nextSequence = nextSequence
    self.checksum = checksum
  }
}

extension SegmentPosition: CustomStringConvertible {
  /// `#7 at byte 4096` for the place of the record with number 7.
  public var description: String { "#\(self.nextSequence) at byte \(self.offset)" }
}
