/// Where in the history: the leadership that wrote an entry, and the entry's place in the log.
///
/// Two entries with the same `LogID` are the same entry, and so is everything before them (log
/// matching, thesis §3.5); this holds because a process never leads twice under one ``LeaderID``.
public struct LogID: Hashable, Sendable {
  /// The leadership that wrote the entry.
  public let leader: LeaderID
  /// The entry's place in the log.
  public let index: LogIndex

  /// Names the entry that this leadership wrote at this place.
  public init(leader: LeaderID, index: LogIndex) {
    self.leader = leader
    self.index = index
  }

  /// Names the entry that this node wrote in this round at this place.
  public init(term: Term, node: NodeID, index: LogIndex) {
    self.init(leader: LeaderID(term: term, node: node), index: index)
  }
}

extension LogID: Comparable {
  /// Orders entries by how recent they are: first by leadership, then by place (thesis §3.6.1).
  public static func < (left: LogID, right: LogID) -> Bool {
    left.leader != right.leader ? left.leader < right.leader : left.index < right.index
  }
}

extension LogID: CustomStringConvertible {
  /// `T3-N1.42` for entry 42, written by node 1 in round 3.
  public var description: String { "\(self.leader).\(self.index)" }
}

/// A log position that may be before everything: `nil` comes first.
///
/// Named functions instead of operators: an overloaded `>=` on an optional is one typing slip
/// away from calling itself for ever.
extension LogID? {
  /// Whether this position is the same as the other or more recent.
  package func isAtLeast(_ other: LogID?) -> Bool {
    guard let other else { return true }
    guard let self else { return false }
    return self >= other
  }

  /// Whether this position is more recent than the other.
  package func isAfter(_ other: LogID?) -> Bool {
    !other.isAtLeast(self)
  }

  /// The index that follows this position; 0 after nothing.
  package var nextIndex: LogIndex {
    self?.index.next ?? 0
  }
}
