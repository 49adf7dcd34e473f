/// What a node knows of the replicas' states after aligned entries: its own newest digests, and on
/// a leader those that its peers state.
///
/// Committed entries are the same everywhere, so an index is enough to say after which entry a state
/// was digested. Memory is bounded by ``rowsMax``; what comes for older entries is not compared.
struct StateLedger: Sendable {
  /// What a step changed in what is known.
  enum Change: Hashable {
    case diverged(StateDivergence)
    case agrees(NodeID, at: LogIndex)
  }

  /// The digests after one entry.
  private struct Row {
    let index: LogIndex
    var digests: [(node: NodeID, value: UInt64)]

    func value(of node: NodeID) -> UInt64? { self.digests.first { $0.node == node }?.value }
  }

  /// How many aligned entries are remembered.
  static let rowsMax = 64

  private let id: NodeID
  private let interval: UInt64
  /// Sorted by index.
  private var rows: [Row] = []
  private var hasPeers = false
  /// This node's own newest digest, for its answers.
  private(set) var newest: StateDigest?
  /// Who differs, sorted by id.
  private(set) var divergences: [StateDivergence] = []

  init(of id: NodeID, aligningTo interval: UInt64) {
    self.id = id
    self.interval = interval
  }

  /// The machine here has this state.
  mutating func note(own digest: StateDigest) -> [Change] {
    // What the machine's worker found may come later than what the core found after it.
    if self.newest.map({ $0.index < digest.index }) ?? true { self.newest = digest }
    return self.note(digest, of: self.id)
  }

  /// A peer's machine had this state; aligned to another interval it says nothing.
  mutating func note(_ digest: StateDigest, of peer: NodeID) -> [Change] {
    guard self.interval > 0, digest.index.rawValue.isMultiple(of: self.interval),
      let place = self.row(at: digest.index), self.rows[place].value(of: peer) != digest.value
    else { return [] }
    self.hasPeers = self.hasPeers || peer != self.id
    self.rows[place].digests.removeAll { $0.node == peer }
    self.rows[place].digests.append((peer, digest.value))
    return self.judge(self.rows[place])
  }

  /// Whether the peer has said this before: answers repeat their newest digest until the next.
  func knows(_ digest: StateDigest, of peer: NodeID) -> Bool {
    self.rows.last { $0.index == digest.index }?.value(of: peer) == digest.value
  }

  /// The place of the row for this index, made if need be; `nil` if it is too old.
  private mutating func row(at index: LogIndex) -> Int? {
    var place = self.rows.count
    while place > 0, self.rows[place - 1].index >= index {
      place -= 1
      if self.rows[place].index == index { return place }
    }
    if self.rows.count == Self.rowsMax {
      guard place > 0 else { return nil }
      self.rows.removeFirst()
      place -= 1
    }
    self.rows.insert(Row(index: index, digests: []), at: place)
    return place
  }

  /// Only a leader compares: forgets what peers said.
  mutating func forgetPeers() {
    guard self.hasPeers else { return }
    self.hasPeers = false
    self.divergences = []
    for place in self.rows.indices { self.rows[place].digests.removeAll { $0.node != self.id } }
    self.rows.removeAll { $0.digests.isEmpty }
  }

  /// Forgets nodes that are no members any more.
  mutating func keep(where isMember: (NodeID) -> Bool) {
    guard !self.divergences.isEmpty else { return }
    self.divergences.removeAll { !isMember($0.node) }
    for place in self.rows.indices { self.rows[place].digests.removeAll { !isMember($0.node) } }
    self.rows.removeAll { $0.digests.isEmpty }
  }

  // MARK: Judging

  private mutating func judge(_ row: Row) -> [Change] {
    guard row.digests.count > 1 else { return [] }
    let right = row.digests.first { digest in
      2 * row.digests.count { $0.value == digest.value } > row.digests.count
    }?.value
    guard let right else { return self.doubt(row) }
    let majority = row.digests.filter { $0.value == right }.map(\.node).sorted()
    var changes: [Change] = []
    for (node, value) in row.digests.sorted(by: { $0.node < $1.node }) {
      if value == right {
        changes += self.agrees(node, at: row.index)
      } else {
        changes += self.found(
          StateDivergence(
            node: node, index: row.index, digest: value, expected: right,
            verdict: .outvoted(by: majority)))
      }
    }
    return changes
  }

  /// No majority tells who is right: every peer is held against this node.
  private mutating func doubt(_ row: Row) -> [Change] {
    guard let own = row.value(of: self.id), self.divergence(of: self.id) == nil else { return [] }
    return row.digests.sorted { $0.node < $1.node }.filter { $0.value != own }.flatMap {
      self.found(
        StateDivergence(
          node: $0.node, index: row.index, digest: $0.value, expected: own,
          verdict: .undecided(leader: self.id)))
    }
  }

  private func divergence(of node: NodeID) -> StateDivergence? {
    self.divergences.first { $0.node == node }
  }

  /// What was found first stays, unless more is known of it now.
  private mutating func found(_ divergence: StateDivergence) -> [Change] {
    if let known = self.divergence(of: divergence.node) {
      guard case .undecided = known.verdict, case .outvoted = divergence.verdict else {
        // Others that were heard later confirm the same finding.
        guard known.index == divergence.index, case .outvoted = divergence.verdict else {
          return []
        }
        self.replace(divergence)
        return []
      }
    }
    self.replace(divergence)
    return [.diverged(divergence)]
  }

  private mutating func replace(_ divergence: StateDivergence) {
    self.divergences.removeAll { $0.node == divergence.node }
    let place =
      self.divergences.firstIndex { $0.node > divergence.node } ?? self.divergences.count
    self.divergences.insert(divergence, at: place)
  }

  /// An older row than the one that told of the divergence proves nothing.
  private mutating func agrees(_ node: NodeID, at index: LogIndex) -> [Change] {
    guard let known = self.divergence(of: node), index >= known.index else { return [] }
    self.divergences.removeAll { $0.node == node }
    return [.agrees(node, at: index)]
  }
}
