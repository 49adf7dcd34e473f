/// Goes on with the data of one server when a majority of the voters is gone for good.
///
/// The server becomes the only voter of a cluster that begins with its log. Whatever the others
/// acknowledged without it is lost, and that is why this is unsafe: consensus cannot tell. It is done
/// on the stores of a node that does not run, once, on one server, and it is recorded.
///
/// ```swift
/// // `last` is what somebody chose who had looked at all servers that are left.
/// let store = try await FileStore.open(directory: "/var/lib/fleet/raft", node: 1)
/// let recovery: UnsafeRecovery
/// do {
///   recovery = try await UnsafeRecovery.examine(
///     1, logStore: store.log, snapshotStore: store.snapshots)
/// } catch {
///   await store.close()
///   throw error
/// }
/// try await recovery.perform(
///   acknowledging: .everythingAfterMayBeLost(last),
///   reason: "Ann: the hall with servers 2 and 3 burned down")
/// ```
///
/// The recovered cluster is of the next *generation*: its members and those that were left behind
/// refuse each other's messages, whatever comes back when. A server that was left behind joins again
/// with an empty folder.
public struct UnsafeRecovery: Sendable {
  /// What must be said to recover: nobody can who has not looked.
  @nonexhaustive
  public enum Acknowledgement: Hashable, Sendable {
    /// The log that is gone on with ends here, and whatever the others acknowledged behind that may
    /// be lost.
    case everythingAfterMayBeLost(LogID?)
  }

  /// The server whose data this is.
  public let node: NodeID
  /// The cluster that it belongs to.
  public let cluster: ClusterID
  /// The cluster that comes of it: of the next generation.
  public let successor: ClusterID
  /// The vote that it stands behind.
  public let vote: Vote
  /// The end of its log: everything up to here stays, and takes effect.
  public let lastLogID: LogID?
  /// The last position that it knows to be committed; nobody may have been told yet of what lies
  /// between here and ``lastLogID``.
  public let committed: LogID?
  /// The membership in force there.
  public let membership: Membership

  let logStore: any LogStore
  let incarnation: Incarnation
  let lastTimestamp: Timestamp

  /// Reads the stores of a node that does not run, and finds out whether it can be gone on with.
  ///
  /// Writes nothing but what a start of the node would mend. Close the log store if nothing follows.
  ///
  /// - Throws: ``UnsafeRecoveryError``, which says why not. Stores in a directory that a running
  ///   node has open are refused already when they are opened.
  public static func examine(
    _ node: NodeID, logStore: any LogStore, snapshotStore: any SnapshotStore
  ) async throws(UnsafeRecoveryError) -> UnsafeRecovery {
    let found: Recovery
    do throws(StorageError) {
      found = try await Recovery(logStore: logStore, snapshotStore: snapshotStore)
      try found.requireMemory()
    } catch {
      throw error == Recovery.otherRole(than: .replica) ? .witness(node) : .storage(error)
    }
    let state = found.engine
    guard let cluster = state.cluster, let membership = state.membership.effective.membership
    else { throw .noMembership(node) }
    guard let member = membership.member(node) else { throw .notMember(node, membership) }
    guard member.role == .replica else { throw .witness(node) }
    guard membership.names(found.incarnation, as: node) else { throw .replaced(node) }
    guard membership.voters != [node] else { throw .notNeeded(node) }
    guard cluster.generation < .max else { throw .tooOften(cluster) }
    return UnsafeRecovery(
      node: node, cluster: cluster,
      successor: ClusterID(
        high: cluster.high, low: cluster.low, generation: cluster.generation + 1),
      vote: state.vote ?? .initial, lastLogID: state.log.last, committed: state.committed,
      membership: membership, logStore: logStore, incarnation: found.incarnation,
      lastTimestamp: state.lastTimestamp)
  }

  /// The other members: they are left behind.
  public var leftBehind: [Member] { self.membership.members.filter { $0.id != self.node } }

  /// How many entries take effect that this node does not know to be committed.
  public var undecidedCount: Int {
    self.committed.nextIndex.distance(to: self.lastLogID.nextIndex)
  }
}

extension UnsafeRecovery: CustomStringConvertible {
  /// What is there, what it becomes, and what may be lost, in some lines for people.
  public var description: String {
    func text(_ logID: LogID?) -> String { logID.map(String.init(describing:)) ?? "nothing" }
    let others = self.leftBehind.map { "node \($0.id) (\($0.address))" }.joined(separator: ", ")
    return """
      node \(self.node) of cluster \(self.cluster), members \(self.membership)
      its log ends at \(text(self.lastLogID)); known to be committed: \(text(self.committed))
      it becomes the only voter of cluster \(self.successor)
      left behind: \(others)
      lost: whatever these acknowledged after \(text(self.lastLogID)) without node \(self.node)
      taking effect: \(self.undecidedCount) entries that may have been told to nobody
      """
  }
}
