internal import Raft
internal import RaftConcurrency
internal import RaftFiles

/// Reads a snapshot's content from its file, each piece checked.
final class FileSnapshotReader: SnapshotReader {
  private let scan: Monitor<SnapshotScan>
  private let thread: DiskThread

  init(_ scan: SnapshotScan, thread: DiskThread) {
    self.scan = Monitor(scan)
    self.thread = thread
  }

  func next() async throws(StorageError) -> [UInt8]? {
    let scan = self.scan
    return try await self.thread.run { () throws(StorageError) in
      try scan.withLock { (scan) throws(StorageError) in try scan.nextPiece() }
    }
  }
}
