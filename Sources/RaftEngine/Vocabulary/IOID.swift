/// One write to the log's store: its number, the vote it was issued under, and where the log ends.
///
/// All writes of a node, votes and entries, go down one ordered path; when the store reports a
/// write as durable, all writes with smaller numbers are durable too. The number makes a late
/// completion harmless: the same ``LogID`` may be appended, cut off and appended again, but never
/// under the same number (etcd's ABA hazard, CRDB#124440).
public struct IOID: Hashable, Sendable {
  /// The write's number; every write of a process has a larger one than all before it.
  public let sequence: UInt64
  /// The vote that the node held when it issued the write.
  public let vote: Vote
  /// The last entry of the log, this write included.
  public let logID: LogID?

  /// Names a write.
  public init(sequence: UInt64, vote: Vote, logID: LogID?) {
    self.sequence = sequence
    self.vote = vote
    self.logID = logID
  }
}

extension IOID: CustomStringConvertible {
  /// `#7 T3-N1* T3-N1.42` for the seventh write, under that vote, ending at that entry.
  public var description: String {
    "#\(self.sequence) \(self.vote) \(self.logID.map(String.init(describing:)) ?? "-")"
  }
}
