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
      return SegmentNames(try folder.fileSystem.names(in: directory))
    }
    // A spare of an earlier process may have lost its former name in vain: if the sync of that
    // failed, a power cut gives the name back, and none of its bytes may have changed by then.
    try onDisk { () throws(FileError) in
      for name in names.unfinished + names.spares {
        try folder.fileSystem.remove(FilePath.joining(directory, name))
      }
    }
    guard !names.row.isEmpty else { throw .damaged(directory, Self.isEmpty) }
    self.forgotten = names.forgotten.map(folder.layout.segment)
    var segments: [SegmentFile] = []
    for number in names.row {
      segments.append(
        try Self.open(number, .readWrite, in: folder.layout, folder.fileSystem, identity))
    }
    for (segment, next) in zip(segments, segments.dropFirst()) {
      if let damage = try Self.damage(of: segment, before: next) { throw StorageError(damage) }
      segment.release()
    }
    self.segments = segments
  }

  /// What is said of a log without files.
  static let isEmpty = "it holds no segment of the log, not even an empty one"

  /// Opens the segment of this number and reads its header.
  ///
  /// - Throws: `StorageError` with kind `StorageError.Kind.corrupted` if that is damaged, and with
  ///   kind `StorageError.Kind.foreign` if it is another node's, or another life's.
  static func open(
    _ number: UInt64, _ mode: FileMode, in layout: FolderLayout, _ fileSystem: any FileSystem,
    _ owner: FolderIdentity?
  ) throws(StorageError) -> SegmentFile {
    let path = layout.segment(number)
    let file = try onDisk { () throws(FileError) in try fileSystem.open(path, mode) }
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
    if let owner, header.node != owner.node || header.incarnation != owner.incarnation {
      throw StorageError(
        .foreign,
        "\(path) belongs to node \(header.node) in its life \(header.incarnation), the directory to "
          + "node \(owner.node) in its life \(owner.incarnation): put the files back where they "
          + "came from")
    }
    return SegmentFile(header, file: file, path: path, fileSystem: fileSystem)
  }

  /// What can be known to be wrong with a segment that another one follows, without reading it.
  static func damage(
    of segment: SegmentFile, before next: SegmentFile
  ) throws(StorageError) -> StoreDamage? {
    guard let end = next.header.previousEnd else {
      return StoreDamage(next.path, at: 0, "it says that no segment precedes it")
    }
    let first = segment.header.firstPosition
    guard end.nextSequence >= first.nextSequence, end.offset >= first.offset else {
      return StoreDamage(next.path, at: 0, "it does not continue the segment before it")
    }
    let size = try onDisk { () throws(FileError) in try segment.file().size() }
    guard size < end.offset else { return nil }
    let last = next.header.previousLogID.map { "entry \($0)" } ?? "no entry"
    return StoreDamage(
      segment.path, at: size,
      "its records reach to byte \(end.offset) and through \(last), but it ends at byte \(size)")
  }

  /// What is said of a segment that begins elsewhere than the one before it ends.
  static let isDisconnected = "it does not continue the log where the last segment ends it"
}
