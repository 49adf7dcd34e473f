import Raft
import RaftStoreTesting

/// A log store that marks each of its reports in the journal of the disk below it.
final class NotingLogStore: LogStore {
  private let base: any LogStore
  private let disk: SimulatedFileSystem

  init(_ base: any LogStore, on disk: SimulatedFileSystem) {
    self.base = base
    self.disk = disk
  }

  static func mark(_ sequence: UInt64) -> String { "flushed #\(sequence)" }

  private func noting(_ completion: IOCompletion) -> IOCompletion {
    IOCompletion(io: completion.io) { [disk] io, error in
      guard let error else {
        disk.note(Self.mark(io.sequence))
        completion.flushed()
        return
      }
      completion.failed(error)
    }
  }

  func load() async throws(StorageError) -> StoredLog { try await self.base.load() }

  func adopt(_ cluster: ClusterID, completion: IOCompletion) -> Durability {
    self.base.adopt(cluster, completion: self.noting(completion))
  }

  func save(_ vote: Vote, completion: IOCompletion) -> Durability {
    self.base.save(vote, completion: self.noting(completion))
  }

  func append(_ entries: EntrySlice, completion: IOCompletion) -> Durability {
    self.base.append(entries, completion: self.noting(completion))
  }

  func truncate(after last: LogID?) { self.base.truncate(after: last) }

  func purge(through logID: LogID) { self.base.purge(through: logID) }

  func note(committed: LogID) { self.base.note(committed: committed) }

  func entries(
    from first: LogIndex, through last: LogIndex, byteLimit: Int
  ) async throws(StorageError) -> [EntrySlice] {
    try await self.base.entries(from: first, through: last, byteLimit: byteLimit)
  }

  func close() async { await self.base.close() }
}

extension FileJournal {
  /// The first write to a log file that was not durable when the store made this report.
  ///
  /// The store's one thread writes, syncs and reports, in this order: at a report everything that
  /// it had written must be durable.
  func firstUncovered(at report: Int) -> FileEvent? {
    var ends: [String: Int] = [:]
    for event in self.events where event.sequence < report {
      switch event.action {
      case .wrote(let path, let range) where path.hasSuffix(".log"):
        ends[path] = max(ends[path] ?? 0, range.upperBound)
      case .removed(let path): ends[path] = nil
      default: break
      }
    }
    for (path, end) in ends.sorted(by: { $0.key < $1.key }) {
      if case .uncovered(let event) = self.coverage(of: 0..<end, in: path, before: report) {
        return event
      }
    }
    return nil
  }
}
