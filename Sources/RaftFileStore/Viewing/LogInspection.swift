public import Raft

/// How much of a file store's files is read to find damage.
public enum InspectionDepth: Hashable, Sendable {
  /// The newest file of the log, and of the others what they say of themselves; of snapshots, the
  /// beginning and the end.
  case summary
  /// All there is.
  case everything
}

/// What the log in a directory holds, and what is wrong with it.
///
/// If something is damaged, the values are those of what can be read.
public struct LogInspection: Hashable, Sendable {
  /// The directory of the store.
  public let directory: String
  /// How much was read.
  public let depth: InspectionDepth
  /// The node whose log it is; `nil` if that cannot be read.
  public internal(set) var node: NodeID?
  /// The life of the node's data.
  public internal(set) var incarnation: Incarnation?
  /// The cluster that the log is bound to; `nil` if it is bound to none.
  public internal(set) var cluster: ClusterID?
  /// The last vote saved; `nil` if none ever was.
  public internal(set) var vote: Vote?
  /// The last position purged.
  public internal(set) var purged: LogID?
  /// The last position in the log; the same as `purged` if no entry is left.
  public internal(set) var last: LogID?
  /// The last position noted as committed; may lag.
  public internal(set) var committed: LogID?
  /// The newest membership in the log, committed or not; `nil` if no entry has one.
  public internal(set) var membership: LoggedMembership?
  /// The files of the log, in the order of their numbers.
  public internal(set) var segments: [SegmentInspection] = []
  /// What is wrong.
  public internal(set) var damage: [StoreDamage] = []

  init(directory: String, depth: InspectionDepth) {
    self.directory = directory
    self.depth = depth
  }

  /// The entries that are left: those behind `purged`, through `last`; `nil` if there is none.
  public var entries: ClosedRange<LogIndex>? {
    guard let last = self.last?.index, case let first = self.purged.nextIndex, first <= last else {
      return nil
    }
    return first...last
  }
}

/// One file in the log's directory.
public struct SegmentInspection: Hashable, Sendable {
  /// What a file is there for.
  public enum Use: String, Hashable, Sendable, CaseIterable {
    /// Another one follows it; it is never written again.
    case sealed
    /// It is the newest one.
    case active
    /// All its entries are purged; it stays to be written over.
    case spare
    /// It was never finished; the next start removes it.
    case unfinished
    /// It was purged, and a power cut undid its removal; the next start removes it.
    case forgotten
  }

  /// The file.
  public let path: String
  /// What it is there for.
  public let use: Use
  /// How many bytes the file has.
  public let byteCount: Int
  /// The version of the format that it is written in; `nil` if that is not known, or does not matter.
  public internal(set) var version: Int?
  /// How many bytes of it are records; what is behind them means nothing.
  public internal(set) var recordsEnd: Int?
  /// Its entries that are part of the log, purged ones included; `nil` if there is none.
  public internal(set) var entries: ClosedRange<LogIndex>?
  /// Up to where a write reaches that was never finished, behind the records; `nil` if there is none.
  ///
  /// Nobody was told that it is durable. The next start cuts it off.
  public internal(set) var unfinishedEnd: Int?

  init(_ path: String, _ use: Use, byteCount: Int) {
    self.path = path
    self.use = use
    self.byteCount = byteCount
  }
}
