internal import Raft
internal import RaftCodec
internal import RaftConcurrency
internal import RaftFiles

/// A segment of the log, which is opened when it is needed.
///
/// Whoever reads from it keeps it alive: a segment that was purged meanwhile has lost its name,
/// not its bytes.
final class SegmentFile: Sendable {
  /// What is at hand of a segment.
  private struct Content {
    var file: (any File)?
    var marks: SegmentMarks?
  }

  /// What the segment says of itself.
  let header: SegmentHeader
  /// The path under which it lies in the log.
  let path: String
  private let fileSystem: any FileSystem
  private let content: Monitor<Content>

  /// A segment that is open already.
  init(_ header: SegmentHeader, file: any File, path: String, fileSystem: any FileSystem) {
    self.header = header
    self.path = path
    self.fileSystem = fileSystem
    self.content = Monitor(Content(file: file))
  }

  /// The open file.
  func file() throws(FileError) -> any File {
    try self.content.withLock { (content) throws(FileError) in
      if let file = content.file { return file }
      let file = try self.fileSystem.open(self.path, .readOnly)
      content.file = file
      return file
    }
  }

  /// The marks of a segment that has an index, which begins at this offset.
  func marks(at offset: Int) throws(StorageError) -> SegmentMarks {
    if let marks = self.content.withLock({ $0.marks }) { return marks }
    let marks = try self.readIndex(at: offset).marks
    self.content.withLock { $0.marks = marks }
    return marks
  }

  /// Reads the index, the record that begins at this offset.
  ///
  /// - Parameter end: Where the segment ends, according to the one that follows.
  func readIndex(
    at offset: Int, before end: SegmentPosition? = nil
  ) throws(StorageError) -> SegmentIndex {
    var reader = RecordReader(self, lookahead: end.map { $0.offset - offset } ?? 1 << 14)
    let scanned = try reader.record(at: offset)
    do throws(CodecError) {
      guard case .index(let index) = try scanned.record(),
        end.map({ $0 == scanned.header.end }) ?? true
      else {
        throw CodecError(
          .invalid("it is not the record that the next segment means"), in: "a segment's index",
          at: offset)
      }
      return index
    } catch {
      throw StorageError(error, in: self.path)
    }
  }

  /// Lets go of what is at hand, until it is needed again; reads that go on are not disturbed.
  func release() {
    self.content.withLock { $0 = Content() }
  }
}
