#if RocksDB
/// The tables of a store's database: column families, which one write can change together.
enum Table: Int, CaseIterable, Sendable {
  /// What there is one of: whose data it is, vote, positions.
  case state
  /// The entries of the log.
  case log
  /// Snapshots, in pieces.
  case snapshots
  /// What the state machine keeps.
  case machine

  /// The name of the column family.
  var name: String {
    switch self {
    // Every database has one of this name.
    case .state: "default"
    case .log: "log"
    case .snapshots: "snapshots"
    case .machine: "machine"
    }
  }
}
#endif
