import Raft
import RaftCommandLine
import RaftFileStore

/// The verbs that show what a log holds, and what is wrong with it.
struct LogVerb {
  let options: FolderOptions

  /// Shows a summary.
  func inspect() throws(Failure) -> Report {
    let view = try self.options.open()
    defer { view.close() }
    let snapshot = try self.options.reading { () throws(StorageError) in
      try view.snapshots().compactMap(\.meta).max { $0.lastLogID < $1.lastLogID }
    }
    let output =
      switch self.options.format {
      case .table: view.log.table(startingAt: snapshot?.lastLogID)
      case .json: view.log.json(startingAt: snapshot?.lastLogID)
      }
    return Report(output: output, code: view.log.damage.isEmpty ? .done : .failed)
  }

  /// Reads everything, and shows what is wrong.
  func verify() throws(Failure) -> Report {
    let view = try self.options.open()
    defer { view.close() }
    let log = try self.options.reading { () throws(StorageError) in try view.verifyLog() }
    let output =
      switch self.options.format {
      case .table: log.verdict
      case .json: log.json(startingAt: nil)
      }
    return Report(output: output, code: log.damage.isEmpty ? .done : .failed)
  }
}

extension FolderOptions {
  /// Opens the folder.
  ///
  /// - Throws: ``Failure`` if it cannot be used; the message says why.
  func open() throws(Failure) -> FileStoreView {
    do throws(StorageError) {
      return try FileStoreView.open(directory: self.folder)
    } catch {
      throw Failure(error.kind == .io ? .failed : .unusable, error.message)
    }
  }

  /// Runs the body, which reads.
  func reading<Value>(
    _ body: () throws(StorageError) -> Value
  ) throws(Failure) -> Value {
    do throws(StorageError) {
      return try body()
    } catch {
      throw Failure(error.kind == .foreign ? .unusable : .failed, error.message)
    }
  }
}
