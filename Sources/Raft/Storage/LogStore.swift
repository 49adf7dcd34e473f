/// Where a node keeps its log and its vote.
///
/// The core makes its writes one after the other, and reads beside them. **All writes form one
/// ordered sequence**: what a call wrote may become durable only together with, or after, everything
/// written before it. A write is *readable* as soon as the call returns, and *durable* once nothing
/// that the store is to survive can take it back: on a disk, when the sync that covers it has returned.
/// The store says so, and never before: by returning ``Durability/flushed``, or later through the
/// ``IOCompletion``. A store may report only the newest of several finished writes; that covers those before it.
///
/// A write must return quickly. A store with a disk hands the work to a thread of its own.
///
/// A store that fails to write or sync reports the failure through the completion and must not
/// accept anything afterwards: the node stops. It must never retry a failed sync and then report
/// success (fsyncgate, Rebello et al. ATC'20).
///
/// Terms and indices stay below 2^62: the engine refuses messages with larger ones. The bytes of
/// `RaftStoreCoding` have room for those below 2^63, and the checks of `RaftStoreTesting` ask for that.
///
/// `RaftStoreTesting` checks an implementation against this contract.
public protocol LogStore: AnyObject, Sendable {
  /// What the store holds; called once, before anything else.
  ///
  /// - Throws: ``StorageError``; the node does not start. Of kind ``StorageError/Kind/corrupted`` if
  ///   anything was changed that had been durable.
  func load() async throws(StorageError) -> StoredLog

  /// Binds the store to a cluster, for good; a later generation of the same cluster takes the place
  /// of the earlier one.
  ///
  /// A node offers no other cluster than the one that ``load()`` named.
  func adopt(_ cluster: ClusterID, completion: IOCompletion) -> Durability

  /// Stores the vote in place of the earlier one.
  func save(_ vote: Vote, completion: IOCompletion) -> Durability

  /// Adds entries; their first index follows the last one in the store.
  func append(_ entries: EntrySlice, completion: IOCompletion) -> Durability

  /// Removes all entries after this position, which is kept; with `nil`, all there are.
  ///
  /// Only uncommitted entries are ever removed so. There is no completion: an append or a purge follows.
  /// A position beyond the end removes nothing.
  func truncate(after last: LogID?)

  /// Removes all entries through this position; it may lie beyond the end of the log.
  ///
  /// Afterwards ``StoredLog/purged`` is this position. If it lies beyond the end, the log is
  /// empty and continues behind it.
  func purge(through logID: LogID)

  /// Notes how far the log is committed.
  ///
  /// A hint for the next start: it needs no sync of its own, and may be written with the next
  /// batch; it is durable when a write that came after it is.
  func note(committed: LogID)

  /// Why no entries should come at the moment, such as a disk that is nearly full; `nil` if they may.
  ///
  /// A leader refuses writes meanwhile and hands over if another node takes over, a follower refuses
  /// messages with commands; nothing happened to them, and they may come again. Votes, truncations,
  /// purges and the few entries that leaders write of their own accord come as ever, and so do
  /// commands that were on their way: this is a warning in time. A node asks in each turn, so it must
  /// be quick.
  var shortage: StorageError? { get }

  /// Reads entries, from the first index on.
  ///
  /// May return fewer than asked for, but at least one; stops after about `byteLimit` bytes of
  /// payload. A range that ends before it begins gives nothing.
  ///
  /// - Throws: ``StorageError`` with kind ``StorageError/Kind/missing`` if the first entry is
  ///   purged or was never there.
  func entries(
    from first: LogIndex, through last: LogIndex, byteLimit: Int
  ) async throws(StorageError) -> [EntrySlice]

  /// What a start must know of the entries of a range, which the store has; asked once a start.
  ///
  /// A store that implements nothing reads them all. One that knows where leaderships and memberships
  /// begin spares the node that: the time that a start takes depends on this.
  ///
  /// - Throws: as ``entries(from:through:byteLimit:)`` does.
  func outline(
    from first: LogIndex, through last: LogIndex
  ) async throws(StorageError) -> LogOutline

  /// Finishes all writes and lets go of the store's resources; called once, after everything else.
  func close() async
}

extension LogStore {
  /// Nothing: entries may come for as long as they can be written.
  public var shortage: StorageError? { nil }
}

/// Whether a write was durable when the call returned.
public enum Durability: Hashable, Sendable {
  /// It was; the completion will not be called.
  case flushed
  /// It was not; the completion is called once the write, or a later one, is durable.
  case pending
}

/// What a log store held when it was opened.
public struct StoredLog: Hashable, Sendable {
  /// The life of the node's data.
  public var incarnation: Incarnation
  /// The cluster that the store is bound to.
  public var cluster: ClusterID?
  /// The last vote saved; `nil` if none ever was.
  public var vote: Vote?
  /// The last position purged.
  public var purged: LogID?
  /// The last position in the log; the same as `purged` if no entry is left.
  public var last: LogID?
  /// The last position noted as committed; may lag, and be behind `purged`.
  public var committed: LogID?

  /// States what a store held.
  public init(
    incarnation: Incarnation, cluster: ClusterID? = nil, vote: Vote? = nil, purged: LogID? = nil,
    last: LogID? = nil, committed: LogID? = nil
  ) {
    self.incarnation = incarnation
    self.cluster = cluster
    self.vote = vote
    self.purged = purged
    self.last = last
    self.committed = committed
  }
}
