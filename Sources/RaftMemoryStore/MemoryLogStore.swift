public import Raft
import RaftConcurrency

/// A log and a vote in memory, gone with the process.
///
/// Every write is durable, as far as memory can be, when the call returns, so no completion is
/// ever called for a write that succeeded. Entries keep the chunks in which they came; nothing
/// copies a payload.
///
/// A node over this store is another `Incarnation` at each start of its process. Within one
/// process the object outlives its node: after ``close()``, ``load()`` opens it again with all
/// that it held, which lets a test stop a node and start it anew.
///
/// All methods may be called from any thread.
public final class MemoryLogStore: LogStore {
  private struct State: Sendable {
    var stored: StoredLog
    var entries = KeptEntries()
    var isClosed = false

    /// Where the log ends.
    var last: LogID? { self.entries.last ?? self.stored.purged }
  }

  private let state: Guarded<State>

  /// An empty store; its incarnation is drawn at random unless it is given.
  public init(incarnation: Incarnation? = nil) {
    let life = incarnation ?? Incarnation(.random(in: .min ... .max))
    self.state = Guarded(State(stored: StoredLog(incarnation: life)))
  }

  /// What the store holds; opens it again if it was closed.
  public func load() async throws(StorageError) -> StoredLog {
    self.state.withLock { state in
      state.isClosed = false
      var stored = state.stored
      stored.last = state.last
      return stored
    }
  }

  /// Binds the store to a cluster; durable on return.
  public func adopt(_ cluster: ClusterID, completion: IOCompletion) -> Durability {
    self.write(completion) { $0.stored.cluster = cluster }
  }

  /// Stores the vote in place of the earlier one; durable on return.
  public func save(_ vote: Vote, completion: IOCompletion) -> Durability {
    self.write(completion) { $0.stored.vote = vote }
  }

  /// Adds entries; durable on return.
  ///
  /// - Precondition: the first entry follows the last one in the store.
  public func append(_ entries: EntrySlice, completion: IOCompletion) -> Durability {
    self.write(completion) { state in
      let last = state.last
      precondition(
        entries.first == last.nextIndex,
        "append of \(entries) to a log that ends at \(last.map { "\($0)" } ?? "nothing")")
      state.entries.append(entries)
    }
  }

  /// Removes all entries after this position; with `nil`, all there are.
  ///
  /// - Precondition: the position is not purged, and the entry at its index, if there is one, is
  ///   the one it names.
  public func truncate(after last: LogID?) {
    self.change { state in
      guard let last else {
        state.entries.removeAll()
        return
      }
      if let purged = state.stored.purged {
        precondition(last.index >= purged.index, "truncation after \(last), purged to \(purged)")
      }
      if let leader = state.entries.leader(at: last.index) {
        precondition(
          leader == last.leader, "truncation after \(last), where \(leader) wrote the entry")
      }
      state.entries.removeAll(after: last.index)
    }
  }

  /// Removes all entries through this position, which may lie beyond the end.
  ///
  /// Does nothing if the log is purged that far already.
  public func purge(through logID: LogID) {
    self.change { state in
      if let purged = state.stored.purged, purged.index >= logID.index { return }
      state.entries.removeAll(through: logID.index)
      state.stored.purged = logID
    }
  }

  /// Notes how far the log is committed.
  public func note(committed: LogID) {
    self.change { $0.stored.committed = committed }
  }

  /// Reads entries, from the first index on.
  ///
  /// Ends before the entry that would exceed `byteLimit`, but returns at least one, unless the
  /// range itself is empty.
  ///
  /// - Throws: `StorageError` with kind `StorageError.Kind.missing` if the first entry is
  ///   purged or was never there, and `StorageError.Kind.closed` if the store is closed.
  public func entries(
    from first: LogIndex, through last: LogIndex, byteLimit: Int
  ) async throws(StorageError) -> [EntrySlice] {
    guard first <= last else { return [] }
    return try self.state.withLock { state throws(StorageError) in
      guard !state.isClosed else { throw Self.closed }
      if let slices = state.entries.slices(from: first, through: last, byteLimit: byteLimit) {
        return slices
      }
      let start = state.stored.purged.nextIndex
      let extent =
        state.entries.last.map { "the log holds entries \(start) to \($0.index)" }
        ?? "the log is empty and continues at \(start)"
      throw StorageError(.missing, "entry \(first) is not in the log: \(extent)")
    }
  }

  /// Refuses everything from now on, until ``load()`` opens the store again.
  public func close() async {
    self.state.withLock { $0.isClosed = true }
  }

  private static let closed = StorageError(
    .closed, "the memory log store is closed: load it before it is used again")

  /// A write that reports; refused through the completion if the store is closed.
  private func write(_ completion: IOCompletion, _ body: (inout State) -> Void) -> Durability {
    let isAccepted = self.state.withLock { state in
      guard !state.isClosed else { return false }
      body(&state)
      return true
    }
    guard !isAccepted else { return .flushed }
    completion.failed(Self.closed)
    return .pending
  }

  /// A write that reports nothing; passed over if the store is closed.
  private func change(_ body: (inout State) -> Void) {
    self.state.withLock { state in
      guard !state.isClosed else { return }
      body(&state)
    }
  }
}
