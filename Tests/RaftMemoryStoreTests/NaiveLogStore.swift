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
  private let power: Guarded<NaivePower>
  private let reporting = Guarded(Reporting())

  init(_ disk: Guarded<NaiveLogDisk>, _ power: Guarded<NaivePower>) {
    self.fault = disk.withLock { $0.fault }
    self.disk = disk
    self.power = power
  }

  func load() async throws(StorageError) -> StoredLog {
    try self.disk.withLock { disk throws(StorageError) in
      if disk.damage != nil { try disk.openDamaged() }
      return disk.load()
    }
  }

  func adopt(_ cluster: ClusterID, completion: IOCompletion) -> Durability {
    self.disk.withLock { disk in
      guard self.fault != .keepsFirstCluster || disk.stored.cluster == nil else { return }
      disk.stored.cluster = cluster
    }
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
    if self.fault == .failsAfterTruncation { self.reporting.withLock { $0.isFailing = true } }
    self.failUnheard(.failuresOfTruncationsAreForgotten)
  }

  func purge(through logID: LogID) {
    self.disk.withLock { $0.purge(through: logID) }
    self.failUnheard(.failuresOfPurgesAreForgotten)
  }

  /// Faults: tries a write that nobody waits for at once, and keeps its failure to itself.
  private func failUnheard(_ fault: LogFault) {
    guard self.fault == fault else { return }
    self.power.withLock { $0.isBroken = false }
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
    let written = self.disk.withLock { $0 }
    let isBroken = self.power.withLock { power in
      power.wrote(written)
      return power.isBroken
    }
    self.reporting.withLock { reporting in
      if isBroken, self.fault != .failuresAreReportedAsDone { reporting.isFailing = true }
      let isFailing = reporting.isFailing
      if self.fault == .goesOnAfterFailures { reporting.isFailing = false }
      reporting.tasks.append(
        Task {
          // What a power cut takes along must not be durable before the cut behind this call.
          if let fault = self.fault, LogFault.showingAtPowerCuts.contains(fault) {
            try? await ContinuousClock().sleep(for: .milliseconds(2))
          }
          self.finish(completion, written, isFailing)
        })
    }
    return .pending
  }

  /// Makes a write durable, or lets it fail, and says so.
  private func finish(_ completion: IOCompletion, _ written: NaiveLogDisk, _ isFailing: Bool) {
    guard !isFailing else {
      if self.fault == .failuresAreNotReported { return }
      completion.failed(StorageError(.io, "the device is gone"))
      return
    }
    if self.fault == .reportsBeforeDurable { completion.flushed() }
    self.power.withLock { $0.keep(written, after: completion.io.sequence) }
    if self.fault != .reportsBeforeDurable { completion.flushed() }
    if self.fault == .reportsTwice { completion.flushed() }
  }
}
