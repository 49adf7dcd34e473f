import Raft
import RaftCommandLine
import RaftFileStore

/// The verb that shows snapshots.
struct SnapshotVerb {
  let options: FolderOptions

  /// Shows what they say of themselves, or reads them whole.
  func inspect(_ content: ContentCheck) throws(Failure) -> Report {
    let view = try self.options.open()
    defer { view.close() }
    let snapshots = try self.options.reading { () throws(StorageError) in
      try view.snapshots(content == .checked ? .everything : .summary)
    }
    let output =
      switch self.options.format {
      case .table: SnapshotText.table(snapshots, content)
      case .json: SnapshotText.json(snapshots, content)
      }
    let isSound = snapshots.allSatisfy { $0.damage == nil }
    return Report(output: output, code: isSound ? .done : .failed)
  }
}
