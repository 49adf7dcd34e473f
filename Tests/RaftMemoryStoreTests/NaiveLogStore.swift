import Raft
import RaftConcurrency
import RaftMemoryStore

/// A log store that reports every write later, from other threads and in no order, and that can
/// be made with a fault.
final class NaiveLogStore: LogStore {
  private struct Reporting: Sendable {
    var isFailing = false
    var tasks: [Task<Void, Never>] = []
  }

  private let fault: LogFault?
  private let disk: Guarded<NaiveLogDisk>
  private let reporting = Guarded(Reporting())

  init(_ disk: Guarded<NaiveLogDisk>) {
    self.fault = disk.withLock { $0.fault }
    self.disk = disk
  }

  func load() async throws(StorageError) -> StoredLog {
    self.disk.withLock { $0.load() }
  }

  func adopt(_ cluster: ClusterID, completion: IOCompletion) -> Durability {
    self.disk.withLock { $0.stored.cluster = cluster }
    return self.fault == .adoptionIsNeverReported ? .pending : self.report(completion)
  }

  func save(_ vote: Vote, completion: IOCompletion) -> Durability {
    self.disk.withLock { disk in
      guard self.fault != .keepsFirstVote || disk.stored.vote == nil else { return }
      disk.stored.vote = vote
    }
    return self.fault == .votesAreNeverReported ? .pending : self.report(completion)
  }

  func append(_ entries: EntrySlice, completion: IOCompletion) -> Durability {
    self.disk.withLock { $0.append(entries) }
    return self.report(completion)
  }

  func truncate(after last: LogID?) {
    self.disk.withLock { $0.truncate(after: last) }
    self.reporting.withLock { $0.isFailing = self.fault == .failsAfterTruncation }
  }

  func purge(through logID: LogID) {
    self.disk.withLock { $0.purge(through: logID) }
  }

  func note(committed: LogID) {
    self.disk.withLock { $0.stored.committed = committed }
  }

  func entries(
    from first: LogIndex, through last: LogIndex, byteLimit: Int
  ) async throws(StorageError) -> [EntrySlice] {
    try self.disk.withLock { disk throws(StorageError) in
      try disk.entries(from: first, through: last, byteLimit: byteLimit)
    }
  }

  func close() async {
    let tasks = self.reporting.withLock { reporting in
      defer { reporting.tasks = [] }
      return reporting.tasks
    }
    for task in tasks { await task.value }
  }

  private func report(_ completion: IOCompletion) -> Durability {
    switch self.fault {
    case .nothingIsEverReported:
      return .pending
    case .reportsWhatItReturned:
      completion.flushed()
      return .flushed
    default:
      break
    }
    let isTwice = self.fault == .reportsTwice
    self.reporting.withLock { reporting in
      let isFailing = reporting.isFailing
      reporting.tasks.append(
        Task {
          guard !isFailing else {
            completion.failed(StorageError(.io, "the device is gone"))
            return
          }
          completion.flushed()
          if isTwice { completion.flushed() }
        })
    }
    return .pending
  }
}
