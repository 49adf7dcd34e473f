internal import Raft
internal import RaftCodec
internal import RaftFiles

/// The segments of a log as they lie in their directory, in order, their headers read.
struct SegmentRow {
  /// The segments that belong together, at least one.
  let segments: [SegmentFile]
  /// The paths of segments that lie before a gap: they were purged.
  let forgotten: [String]
  /// Reads the directory, removes what is unfinished or spare, and checks that the segments fit
  /// together.
  init(_ folder: SegmentFolder, _ identity: FolderIdentity) throws(StorageError) {
    let directory = folder.layout.log
    let names = try onDisk { () throws(FileError) in
      // Names that a process that ended left behind may not be durable yet.
      try folder.fileSystem.syncDirectory(directory)
      return try folder.fileSystem.names(in: directory)
    }
    // A spare of an earlier process may have lost its former name in vain: if the sync of that
    // failed, a power cut gives the name back, and none of its bytes may have changed by then.
    let leftovers = names.filter {
      FolderLayout.isUnfinished($0) || FolderLayout.isSpare($0)
    }
    try onDisk { () throws(FileError) in
      for name in leftovers { try folder.fileSystem.remove(FilePath.joining(directory, name)) }
    }
    let numbers = names.compactMap(FolderLayout.segmentNumber).sorted()
    guard !numbers.isEmpty else {
      throw .damaged(directory, "it holds no segment of the log, not even an empty one")
    }
    // A purged segment whose removal a power cut undid may lie before a gap. Whether the rest is
    // all there is to know, its first segment tells.
    let start = numbers.indices.last { $0 == 0 || numbers[$0 - 1] + 1 != numbers[$0] } ?? 0
    self.forgotten = numbers[..<start].map(folder.layout.segment)
    var segments: [SegmentFile] = []
    for number in numbers[start...] {
      segments.append(try Self.open(number, in: folder, identity))
    }
    for (segment, next) in zip(segments, segments.dropFirst()) {
      try Self.check(segment, before: next)
      segment.release()
    }
    self.segments = segments
  }

  private static func open(
    _ number: UInt64, in folder: SegmentFolder, _ identity: FolderIdentity
  ) throws(StorageError) -> SegmentFile {
    let path = folder.layout.segment(number)
    let file = try onDisk { () throws(FileError) in try folder.fileSystem.open(path, .readWrite) }
    let bytes = try onDisk { () throws(FileError) in
      try file.read(upTo: SegmentHeader.size, at: 0)
    }
    let header: SegmentHeader
    do throws(CodecError) {
      header = try SegmentHeader(decoding: bytes)
    } catch {
      throw StorageError(error, in: path)
    }
    guard header.number == number else {
      throw .damaged(path, "it is segment \(header.number) under another name")
    }
    guard header.node == identity.node, header.incarnation == identity.incarnation else {
      throw StorageError(
        .foreign,
        "\(path) belongs to node \(header.node) in its life \(header.incarnation), the directory to "
          + "node \(identity.node) in its life \(identity.incarnation): put the files back where "
          + "they came from")
    }
    return SegmentFile(header, file: file, path: path, fileSystem: folder.fileSystem)
  }

  /// Checks what can be known of a segment that another one follows without reading it.
  private static func check(
    _ segment: SegmentFile, before next: SegmentFile
  ) throws(StorageError) {
    guard let end = next.header.previousEnd else {
      throw .damaged(next.path, "it says that no segment precedes it")
    }
    let first = segment.header.firstPosition
    guard end.nextSequence >= first.nextSequence, end.offset >= first.offset else {
      throw .damaged(next.path, "it does not continue the segment before it")
    }
    let size = try onDisk { () throws(FileError) in try segment.file().size() }
    guard size >= end.offset else {
      let next = next.header.previousLogID.map { "entry \($0)" } ?? "no entry"
      throw .damaged(
        segment.path,
        "its records reach to byte \(end.offset) and through \(next), but it ends at byte \(size)")
    }
  }
}
