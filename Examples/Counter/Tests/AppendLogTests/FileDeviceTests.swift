import AppendLog
import Glibc
import Raft
import RaftMemoryStore
import RaftStoreTesting
import Testing

/// The same store over a true file; a cut is the death of the process.
struct Folder: Sendable {
  let path: String
  let snapshots: MemorySnapshotStore
}

struct FileStores: StoreFactory {
  let retention = StoreRetention.acrossReopening
  func makePlace() -> Folder {
    let path = "/tmp/append-log-\(UInt64.random(in: .min ... .max))"
    mkdir(path, 0o755)
    return Folder(path: path, snapshots: MemorySnapshotStore())
  }
  func openStores(at place: Folder) throws -> StorePair {
    StorePair(
      log: AppendLog(on: try FileDevice(directory: place.path)), snapshots: place.snapshots)
  }
  func removePlace(_ place: Folder) {
    unlink(place.path + "/counter.log")
    rmdir(place.path)
  }
}

@Test(arguments: StoreTestSuite.cases(for: FileStores()))
func fileConforms(_ rule: StoreCase) async throws { try await rule.run(against: FileStores()) }
