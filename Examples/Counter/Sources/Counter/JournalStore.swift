import Dispatch
import Raft
import Synchronization

/// A log store over a ``Journal``, for one life of a node.
///
/// Calls change the log in memory and return; a queue writes what arrived meanwhile to the journal,
/// in order, and reports the newest write of each batch, which covers those before it.
public final class JournalStore: LogStore {
  private struct State: Sendable {
    var log: JournaledLog
    /// Written, readable, and not durable yet.
    var waiting: [Journal.Record] = []
    /// Who hears of the newest of them.
    var completion: IOCompletion?
    var isClosed = false
  }

  private let journal: Journal
  private let state: Mutex<State>
  private let queue = DispatchQueue(label: "journal")

  /// A store that goes on from what is in the journal.
  public init(over journal: Journal) {
    self.journal = journal
    self.state = Mutex(State(log: journal.replay()))
  }

  /// What the journal left.
  public func load() async throws(StorageError) -> StoredLog {
    self.state.withLock { $0.log.summary }
  }

  /// Binds the store to a cluster.
  public func adopt(_ cluster: ClusterID, completion: IOCompletion) -> Durability {
    self.write(.adopted(cluster), completion)
  }

  /// Stores the vote in place of the earlier one.
  public func save(_ vote: Vote, completion: IOCompletion) -> Durability {
    self.write(.voted(vote), completion)
  }

  /// Adds entries behind the last one.
  public func append(_ entries: EntrySlice, completion: IOCompletion) -> Durability {
    self.write(.appended(entries), completion)
  }

  /// Removes all entries after this position; durable with the write that follows.
  public func truncate(after last: LogID?) {
    _ = self.write(.truncated(after: last), nil)
  }

  /// Removes all entries through this position; durable with the write that follows.
  public func purge(through logID: LogID) {
    _ = self.write(.purged(through: logID), nil)
  }

  /// Notes how far the log is committed; durable with the write that follows.
  public func note(committed: LogID) {
    _ = self.write(.noted(committed: committed), nil)
  }

  /// Reads entries, from the first index on.
  public func entries(
    from first: LogIndex, through last: LogIndex, byteLimit: Int
  ) async throws(StorageError) -> [EntrySlice] {
    try self.state.withLock { state throws(StorageError) in
      try state.log.read(from: first, through: last, byteLimit: byteLimit)
    }
  }

  /// Makes durable what waits, and takes nothing more.
  public func close() async {
    self.state.withLock { $0.isClosed = true }
    await withCheckedContinuation { continuation in
      self.queue.async {
        self.flush()
        continuation.resume()
      }
    }
  }

  private func write(_ record: Journal.Record, _ completion: IOCompletion?) -> Durability {
    let isAccepted = self.state.withLock { state in
      guard !state.isClosed else { return false }
      state.log.take(record)
      state.waiting.append(record)
      if let completion { state.completion = completion }
      return true
    }
    guard isAccepted else {
      completion?.failed(StorageError(.closed, "the journal store is closed: make another one"))
      return .pending
    }
    // What reports nothing goes along with the write that follows, or with the closing.
    if completion != nil { self.queue.async { self.flush() } }
    return .pending
  }

  /// Makes durable what waits; runs on the queue.
  private func flush() {
    let (batch, completion) = self.state.withLock { state in
      defer {
        state.waiting = []
        state.completion = nil
      }
      return (state.waiting, state.completion)
    }
    self.journal.write(batch)
    completion?.flushed()
  }
}
