public import Raft
internal import RaftCodec
public import RaftFiles

/// A directory of files as the content of a snapshot, for machines that keep their state in files.
///
/// ```swift
/// let files = DirectorySnapshot()
/// try await files.pack("/var/lib/fleet/checkpoint", into: sink)
/// try await files.unpack(content, as: "/var/lib/fleet/state-42")
/// ```
///
/// Files are packed in the order of their paths, each with its path, its length and a hash, so equal
/// directories have equal contents. Directories without files are left out; so are owners, modes and
/// times. All calls hold some hundred kilobytes of memory at most, and block their thread while the
/// disk answers: a machine calls them from its snapshot's task or from `restore`, where that is meant
/// to happen.
public struct DirectorySnapshot: Sendable {
  /// How many bytes are read or written at once.
  static let pieceSize = 1 << 18

  let fileSystem: any FileSystem

  /// For directories of this file system; the machine's own unless set.
  public init(fileSystem: any FileSystem = SystemFileSystem()) {
    self.fileSystem = fileSystem
  }

  /// Writes all files of a directory, and of those below it, into a snapshot.
  ///
  /// The files must not change meanwhile: pack a checkpoint, or a directory of links.
  ///
  /// - Throws: `StorageError` if a file cannot be read, has changed, or is neither file nor directory;
  ///   and what the sink throws.
  public func pack(
    _ directory: String, into sink: SnapshotSink
  ) async throws(StorageError) {
    try await sink.write(DirectoryFrame.mark)
    let paths = try self.paths(in: directory)
    for path in paths {
      let full = FilePath.joining(directory, path)
      let file = try onDisk { () throws(FileError) in
        try self.fileSystem.open(full, .readOnly)
      }
      defer { file.close() }
      let size = try onDisk { () throws(FileError) in try file.size() }
      try await sink.write(DirectoryFrame.head(of: path, byteCount: size))
      var hash = ContentHash()
      for offset in stride(from: 0, to: size, by: Self.pieceSize) {
        let piece = try onDisk { () throws(FileError) in
          try file.read(exactly: min(Self.pieceSize, size - offset), at: offset)
        }
        hash.update(with: piece)
        try await sink.write(piece)
      }
      guard try onDisk({ () throws(FileError) in try file.size() }) == size else {
        throw StorageError(.application, "\(full) changed while it was packed into a snapshot")
      }
      try await sink.write(Self.bytes(of: hash))
    }
    try await sink.write(DirectoryFrame.end(fileCount: paths.count))
  }

  /// Makes a directory of the files in a snapshot, which must not be there yet.
  ///
  /// They are written into a directory beside it, whose name ends in ".new", and which gets its own
  /// by one rename when all of them are right and durable. So the directory is there as a whole or not
  /// at all, also after a power cut; what an earlier attempt left beside it is removed.
  ///
  /// - Throws: `StorageError` with kind `StorageError.Kind.corrupted` if the content is no directory,
  ///   is damaged, or names a file outside of it; nothing is there then.
  public func unpack(
    _ content: any SnapshotReader, as directory: String
  ) async throws(StorageError) {
    let unfinished = directory + ".new"
    try onDisk { () throws(FileError) in
      guard try self.fileSystem.status(of: directory) == nil else {
        throw FileError(.createDirectory, directory, .alreadyExists)
      }
      try self.removeAll(unfinished)
      try self.fileSystem.createDirectoryDurably(FilePath.parent(of: directory))
    }
    do throws(StorageError) {
      var unpacking = DirectoryUnpacking(content, into: unfinished, self.fileSystem)
      try await unpacking.run()
      try onDisk { () throws(FileError) in
        try self.fileSystem.renameDirectory(unfinished, to: directory)
        try self.fileSystem.syncDirectory(FilePath.parent(of: directory))
      }
    } catch {
      try? self.removeAll(unfinished)
      throw error
    }
  }

  /// The paths of all files in a directory, relative to it, in their order.
  private func paths(in directory: String) throws(StorageError) -> [String] {
    var found: [String] = []
    var waiting = [""]
    while let folder = waiting.popLast() {
      let full = folder.isEmpty ? directory : FilePath.joining(directory, folder)
      for name in try onDisk({ () throws(FileError) in try self.fileSystem.names(in: full) }) {
        let path = FilePath.joining(folder, name)
        let status = try onDisk { () throws(FileError) in
          try self.fileSystem.status(of: FilePath.joining(directory, path))
        }
        switch status?.kind {
        case .file: found.append(path)
        case .directory: waiting.append(path)
        case .other, nil:
          throw StorageError(
            .application,
            "\(full)/\(name) is neither a file nor a directory: a snapshot has neither")
        }
      }
    }
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Removes a directory with everything in it, if it is there.
  private func removeAll(_ path: String) throws(FileError) {
    guard try self.fileSystem.status(of: path) != nil else { return }
    for name in try self.fileSystem.names(in: path) {
      let inner = FilePath.joining(path, name)
      if try self.fileSystem.status(of: inner)?.kind == .directory {
        try self.removeAll(inner)
      } else {
        try self.fileSystem.remove(inner)
      }
    }
    try self.fileSystem.removeDirectory(path)
  }

  /// A hash as it stands behind a file's bytes.
  static func bytes(of hash: ContentHash) -> [UInt8] {
    var writer = ByteWriter(reserving: DirectoryFrame.hashSize)
    writer.write(hash.value)
    return writer.takeBytes()
  }
}
