import Raft

/// A log store that says and holds whatever a test wants, also what no store could hold.
final class StatedLogStore: LogStore {
  private let stored: StoredLog
  private let slices: [EntrySlice]

  init(_ stored: StoredLog, _ slices: [EntrySlice]) {
    self.stored = stored
    self.slices = slices
  }

  func load() async throws(StorageError) -> StoredLog { self.stored }

  func entries(
    from first: LogIndex, through last: LogIndex, byteLimit: Int
  ) async throws(StorageError) -> [EntrySlice] {
    self.slices.filter { $0.first >= first && $0.last <= last }
  }

  func adopt(_ cluster: ClusterID, completion: IOCompletion) -> Durability { .flushed }
  func save(_ vote: Vote, completion: IOCompletion) -> Durability { .flushed }
  func append(_ entries: EntrySlice, completion: IOCompletion) -> Durability { .flushed }
  func truncate(after last: LogID?) {}
  func purge(through logID: LogID) {}
  func note(committed: LogID) {}
  func close() async {}
}
