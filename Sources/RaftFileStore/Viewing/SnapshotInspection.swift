public import Raft
internal import RaftCodec
internal import RaftFiles

/// One file in the snapshots' directory.
public struct SnapshotInspection: Hashable, Sendable {
  /// The file.
  public let path: String
  /// How many bytes the file has.
  public let byteCount: Int
  /// What the snapshot stands for; `nil` if it was never finished, or if that cannot be read.
  public internal(set) var meta: SnapshotMeta?
  /// What is wrong with it; `nil` for a sound one, and for one that was never finished.
  public internal(set) var damage: StoreDamage?
}

extension SnapshotInspection {
  /// Looks at all files of snapshots, in the order they were made; blocks.
  static func all(
    in layout: FolderLayout, _ fileSystem: any FileSystem, _ depth: InspectionDepth
  ) throws(StorageError) -> [SnapshotInspection] {
    let names = try onDisk { () throws(FileError) in
      try fileSystem.status(of: layout.snapshots) == nil
        ? [] : try fileSystem.names(in: layout.snapshots)
    }
    var found: [SnapshotInspection] = []
    for name in names {
      let path = FilePath.joining(layout.snapshots, name)
      if FolderLayout.isUnfinished(name) {
        let size = try onDisk { () throws(FileError) in try fileSystem.status(of: path)?.size }
        found.append(SnapshotInspection(path: path, byteCount: size ?? 0))
      } else if FolderLayout.snapshotNumber(name) != nil {
        found.append(try Self.look(path, fileSystem, depth))
      }
    }
    return found
  }

  private static func look(
    _ path: String, _ fileSystem: any FileSystem, _ depth: InspectionDepth
  ) throws(StorageError) -> SnapshotInspection {
    let file = try onDisk { () throws(FileError) in try fileSystem.open(path, .readOnly) }
    defer { file.close() }
    let size = try onDisk { () throws(FileError) in try file.size() }
    var inspection = SnapshotInspection(path: path, byteCount: size)
    var scan = SnapshotScan(file: file, path: path)
    do throws(StorageError) {
      inspection.meta = try scan.readMeta()
      guard depth == .everything else { return inspection }
      file.dropCache()
      scan = SnapshotScan(file: file, path: path)
      while try scan.nextPiece() != nil {}
    } catch {
      guard error.kind == .corrupted else { throw error }
      inspection.damage = StoreDamage(
        path, at: scan.failure?.offset, scan.failure?.description ?? error.reason(of: path))
    }
    return inspection
  }
}
