internal import Raft
internal import RaftCodec
internal import RaftFiles

/// An open segment of the log.
///
/// Whoever reads from it keeps it alive: a segment that was purged meanwhile has lost its name,
/// not its bytes.
final class SegmentFile: Sendable {
  /// What the segment says of itself.
  let header: SegmentHeader
  /// The open file.
  let file: any File
  /// The path under which it lies in the log.
  let path: String

  init(_ header: SegmentHeader, file: any File, path: String) {
    self.header = header
    self.file = file
    self.path = path
  }
}

/// Where a record of entries lies.
struct RecordPlace: Sendable {
  /// In which segment.
  let segment: SegmentFile
  /// Where the record begins in it, and where it ends.
  let range: Range<Int>
}
