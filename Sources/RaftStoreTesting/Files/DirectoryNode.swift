/// The names in one directory: as every process sees them, and as a power cut would leave them.
struct DirectoryNode {
  /// What look-ups find: the node of each name.
  private(set) var cached: [String: Int] = [:]
  /// What has reached the medium.
  private(set) var durable: [String: Int] = [:]
  /// The changes, in order, that the next sync of the directory brings to the medium.
  private(set) var unsynced: [Change] = []

  /// Names that change together: to a node, or to nothing.
  struct Change {
    var entries: [(name: String, node: Int?)]

    func apply(to names: inout [String: Int]) {
      for (name, node) in self.entries { names[name] = node }
    }
  }

  mutating func make(_ entries: [(name: String, node: Int?)]) {
    let change = Change(entries: entries)
    change.apply(to: &self.cached)
    self.unsynced.append(change)
  }

  mutating func sync() {
    for change in self.unsynced { change.apply(to: &self.durable) }
    self.unsynced = []
  }

  /// What a failed sync does: the changes stay visible, and no later sync knows of them.
  mutating func strand() {
    self.unsynced = []
  }

  /// Leaves what the mode leaves of the unsynced changes.
  mutating func crash(_ mode: CrashMode, _ chance: inout DiskChance) {
    let kept: Int
    switch mode {
    case .keepAll: return
    case .dropUnsynced: kept = 0
    case .torn, .scattered, .prefix, .sectors: kept = chance.below(self.unsynced.count + 1)
    }
    for change in self.unsynced.prefix(kept) { change.apply(to: &self.durable) }
    self.unsynced = []
    self.cached = self.durable
  }

  /// Every node that some view of this directory still leads to.
  var reachable: Set<Int> {
    Set(self.cached.values).union(self.durable.values)
      .union(self.unsynced.flatMap { $0.entries.compactMap(\.node) })
  }
}
