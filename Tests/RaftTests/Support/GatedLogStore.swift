import Raft
import RaftConcurrency
import RaftMemoryStore

/// A log store whose disk a test can hold up and let fail.
///
/// While it is held, writes are readable and nothing becomes durable.
final class GatedLogStore: LogStore {
  private struct State {
    var isHeld = false
    var waiting: [IOCompletion] = []
    var loadError: StorageError?
    var readError: StorageError?
    var shortage: StorageError?
    var closeCount = 0
  }

  private let base: MemoryLogStore
  private let state = Guarded(State())

  init(_ base: MemoryLogStore = MemoryLogStore()) {
    self.base = base
  }

  /// How many writes wait to be reported.
  var heldCount: Int { self.state.withLock { $0.waiting.count } }

  /// How often the store was closed.
  var closeCount: Int { self.state.withLock { $0.closeCount } }

  var shortage: StorageError? { self.state.withLock { $0.shortage } }

  /// The disk is nearly full; with `nil`, it has space again.
  func setShortage(_ shortage: StorageError?) {
    self.state.withLock { $0.shortage = shortage }
  }

  func hold() {
    self.state.withLock { $0.isHeld = true }
  }

  /// Everything written is durable, and so is what will be written; one report for all.
  func release() {
    self.stopHolding().last?.flushed()
  }

  /// Everything that waits has failed.
  func fail(_ error: StorageError) {
    for completion in self.stopHolding() { completion.failed(error) }
  }

  func failLoading(with error: StorageError) {
    self.state.withLock { $0.loadError = error }
  }

  /// No entry can be read any more.
  func failReading(with error: StorageError) {
    self.state.withLock { $0.readError = error }
  }

  private func stopHolding() -> [IOCompletion] {
    self.state.withLock { state in
      state.isHeld = false
      defer { state.waiting = [] }
      return state.waiting
    }
  }

  private func write(
    _ completion: IOCompletion, _ body: (IOCompletion) -> Durability
  ) -> Durability {
    let durability = body(completion)
    return self.state.withLock { state in
      guard durability == .flushed, state.isHeld else { return durability }
      state.waiting.append(completion)
      return .pending
    }
  }

  func load() async throws(StorageError) -> StoredLog {
    if let error = self.state.withLock({ $0.loadError }) { throw error }
    return try await self.base.load()
  }

  func adopt(_ cluster: ClusterID, completion: IOCompletion) -> Durability {
    self.write(completion) { self.base.adopt(cluster, completion: $0) }
  }

  func save(_ vote: Vote, completion: IOCompletion) -> Durability {
    self.write(completion) { self.base.save(vote, completion: $0) }
  }

  func append(_ entries: EntrySlice, completion: IOCompletion) -> Durability {
    self.write(completion) { self.base.append(entries, completion: $0) }
  }

  func truncate(after last: LogID?) { self.base.truncate(after: last) }

  func purge(through logID: LogID) { self.base.purge(through: logID) }

  func note(committed: LogID) { self.base.note(committed: committed) }

  func entries(
    from first: LogIndex, through last: LogIndex, byteLimit: Int
  ) async throws(StorageError) -> [EntrySlice] {
    if let error = self.state.withLock({ $0.readError }) { throw error }
    return try await self.base.entries(from: first, through: last, byteLimit: byteLimit)
  }

  func close() async {
    self.state.withLock { $0.closeCount += 1 }
    await self.base.close()
  }
}
