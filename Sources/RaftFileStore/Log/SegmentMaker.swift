internal import Raft
internal import RaftCodec
internal import RaftFiles

/// Makes the files that the log goes on in.
///
/// A segment is written under another name first, with its header and the log's state; it gets its
/// name when that is synced. So a segment that has its name has its beginning too, or is damaged;
/// and since every segment repeats the state, those before it can go once their entries are purged.
struct SegmentMaker: Sendable {
  let layout: FolderLayout
  let fileSystem: any FileSystem
  let node: NodeID
  let incarnation: Incarnation

  /// Makes the segment of this number, in place of one that may have it, durably with its name.
  ///
  /// - Parameters:
  ///   - state: What all records before the segment add up to.
  ///   - previousEnd: Where the segment before it ends, all of it synced; `nil` for the first one.
  func make(
    _ number: UInt64, state: LogState, previousEnd: SegmentPosition?
  ) throws(FileError) -> (SegmentFile, SegmentEncoder) {
    let header = SegmentHeader(
      node: self.node, incarnation: self.incarnation, cluster: state.cluster, number: number,
      salt: .random(in: .min ... .max), previousLogID: state.last, previousEnd: previousEnd)
    var encoder = SegmentEncoder(header)
    let prelude = Self.prelude(header, state: state, &encoder)
    let path = self.layout.segment(number)
    let unfinished = FolderLayout.unfinished(path)
    let file = try self.fileSystem.open(unfinished, .createIfMissing)
    try file.truncate(to: 0)
    try file.write(prelude, at: 0)
    try file.sync()
    try self.fileSystem.rename(unfinished, to: path)
    try self.fileSystem.syncDirectory(self.layout.log)
    encoder.noteSynced(through: encoder.position)
    return (SegmentFile(header, file: file, path: path), encoder)
  }

  /// The header, the state, and a seal that vouches for both.
  ///
  /// The seal speaks of a sync that is still to come; but nobody sees it before, for the segment
  /// has no name until then.
  private static func prelude(
    _ header: SegmentHeader, state: LogState, _ encoder: inout SegmentEncoder
  ) -> [UInt8] {
    var writer = ByteWriter(reserving: 1024)
    writer.write(bytes: header.encoded)
    for record in state.prelude { encoder.encode(record, into: &writer) }
    encoder.noteSynced(through: encoder.position)
    encoder.encode(.seal, into: &writer)
    return writer.takeBytes()
  }
}
