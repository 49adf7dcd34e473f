extension UnsafeRecovery {
  /// The record of an unsafe recovery.
  ///
  /// It stands in the membership, in the metadata of the member that was gone on with, under
  /// ``key``: so all members have it, and no snapshot or purge takes it away. That there was one also
  /// shows in the cluster's id for ever: its generation is not 0.
  public struct Record: Hashable, Sendable {
    /// The key in the member's metadata.
    public static let key = "raft.unsafe-recovery"

    static let reasonBytesMax = 1000

    /// The server whose data was gone on with.
    public let node: NodeID
    /// The generation of the cluster that came of it.
    public let generation: UInt32
    /// When it was done.
    public let at: Timestamp
    /// Where its log ended; `nil` if it was empty.
    public let last: LogIndex?
    /// The members that were left behind.
    public let leftBehind: [NodeID]
    /// Who decided on it and why.
    public let reason: String
  }
}

extension UnsafeRecovery.Record {
  /// `1 1700000000000000000 42 2,3 reason`: generation, nanoseconds, last index, ids, reason.
  var text: String {
    let last = self.last.map { String($0.rawValue) } ?? "-"
    let ids = self.leftBehind.map { String($0.rawValue) }.joined(separator: ",")
    return "\(self.generation) \(self.at.nanoseconds) \(last) \(ids) \(self.reason)"
  }

  /// Reads what ``text`` writes; `nil` for anything else.
  init?(_ text: String, of node: NodeID) {
    let parts = text.split(separator: " ", maxSplits: 4, omittingEmptySubsequences: false)
    guard parts.count == 5, let generation = UInt32(parts[0]), let nanoseconds = UInt64(parts[1])
    else { return nil }
    let last = UInt64(parts[2])
    let ids = parts[3].split(separator: ",").map { UInt64($0) }
    guard last != nil || parts[2] == "-", !ids.contains(nil) else { return nil }
    self.init(
      node: node, generation: generation, at: Timestamp(nanoseconds: nanoseconds),
      last: last.map { LogIndex($0) }, leftBehind: ids.compactMap { $0.map { NodeID($0) } },
      reason: String(parts[4]))
  }
}

extension UnsafeRecovery.Record: CustomStringConvertible {
  /// One line for people.
  public var description: String {
    let others = self.leftBehind.map(String.init(describing:)).joined(separator: ", ")
    return """
      unsafe recovery \(self.generation) at \(self.at) with the data of node \(self.node) through \
      entry \(self.last.map(String.init(describing:)) ?? "none"), without nodes \(others): \
      \(self.reason)
      """
  }
}

extension Membership {
  /// The last unsafe recovery that the cluster went through; `nil` if there was none, or the member
  /// that was gone on with is no member any more.
  public var unsafeRecovery: UnsafeRecovery.Record? {
    self.members.compactMap { member in
      member.metadata[UnsafeRecovery.Record.key].flatMap {
        UnsafeRecovery.Record($0, of: member.id)
      }
    }.max { $0.generation < $1.generation }
  }
}

extension Metrics {
  /// The last unsafe recovery that the cluster went through, if the membership still tells of one;
  /// its generation, in ``cluster``, does so for ever.
  public var unsafeRecovery: UnsafeRecovery.Record? {
    self.effectiveMembership.membership?.unsafeRecovery
  }
}
