import Raft

/// A log store that does what the one below does, but for one planted difference.
final class WrappedLogStore: LogStore {
  /// When a write counts as durable.
  enum Reporting {
    case asBelow
    case tooEarly
  }

  private let base: any LogStore
  private let reporting: Reporting
  private let beforeLoad: @Sendable () async -> Void

  init(
    _ base: any LogStore, reporting: Reporting = .asBelow,
    beforeLoad: @escaping @Sendable () async -> Void = {}
  ) {
    self.base = base
    self.reporting = reporting
    self.beforeLoad = beforeLoad
  }

  func load() async throws(StorageError) -> StoredLog {
    await self.beforeLoad()
    return try await self.base.load()
  }

  func adopt(_ cluster: ClusterID, completion: IOCompletion) -> Durability {
    self.base.adopt(cluster, completion: completion)
  }

  func save(_ vote: Vote, completion: IOCompletion) -> Durability {
    self.base.save(vote, completion: completion)
  }

  func append(_ entries: EntrySlice, completion: IOCompletion) -> Durability {
    guard case .tooEarly = self.reporting else {
      return self.base.append(entries, completion: completion)
    }
    _ = self.base.append(entries, completion: IOCompletion(io: completion.io) { _, _ in })
    return .flushed
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
