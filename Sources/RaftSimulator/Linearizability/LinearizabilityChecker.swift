/// Decides whether what clients were told about a map of registers can be explained by a single
/// map that serves one operation after another, each between its invocation and its end.
///
/// Registers are independent, so each is examined alone (Herlihy and Wing's locality). An operation
/// of unknown outcome may take effect at any time after its invocation, or never; one that failed
/// must not. Every change gives a register a greater version than it had before.
///
/// The same history always gets the same verdict, with the same effort, in every process.
public struct LinearizabilityChecker: Sendable {
  /// How many operations may be looked at per register.
  public var effortMax: Int
  /// How many bytes the memory of one search may take.
  public var byteCountMax: Int

  /// A checker that gives up on a register at these limits.
  public init(effortMax: Int = 20_000_000, byteCountMax: Int = 256 << 20) {
    self.effortMax = effortMax
    self.byteCountMax = byteCountMax
  }

  /// Examines a history; the registers in the order of their numbers, up to the first violation.
  public func check(_ history: ClientHistory) -> LinearizabilityVerdict {
    var undecided: Int?
    let keys = Dictionary(grouping: history.operations, by: \.key)
    for (_, operations) in keys.sorted(by: { $0.key < $1.key }) {
      switch self.examine(operations, upTo: history.eventCount) {
      case .linearizable: continue
      case .undecided(let effort): undecided = (undecided ?? 0) + effort
      case .impossible: return .violation(self.evidence(for: operations))
      }
    }
    return undecided.map { .undecided(after: $0) } ?? .linearizable
  }

  private enum Finding {
    case linearizable
    case impossible
    case undecided(Int)
  }

  /// Examines the operations on one register up to an event.
  private func examine(_ operations: [ClientOperation], upTo eventCount: Int) -> Finding {
    let history = KeyHistory(of: operations, upTo: eventCount)
    let finder = ContradictionFinder(in: operations, upTo: eventCount, history: history)
    if finder.first() != nil { return .impossible }
    var search = LinearizationSearch(of: history)
    return switch search.run(effortMax: self.effortMax, byteCountMax: self.byteCountMax) {
    case .found: .linearizable
    case .impossible: .impossible
    case .undecided: .undecided(search.effort)
    }
  }

  /// Explains a violation by the shortest beginning of the history that is one.
  private func evidence(for operations: [ClientOperation]) -> LinearizabilityEvidence {
    let ended = operations.filter { $0.end != nil }.sorted { ($0.end ?? 0) < ($1.end ?? 0) }
    // Every beginning of an explicable history is explicable: the first bad event can be halved for.
    var good = 0
    var bad = ended.count
    while bad - good > 1 {
      let middle = (good + bad) / 2
      if case .impossible = self.examine(operations, upTo: (ended[middle - 1].end ?? 0) + 1) {
        bad = middle
      } else {
        good = middle
      }
    }
    let culprit = ended[bad - 1]
    let event = culprit.end ?? 0
    let history = KeyHistory(of: operations, upTo: event + 1)
    let before = KeyHistory(of: operations, upTo: event)
    var search = LinearizationSearch(of: before)
    _ = search.run(effortMax: self.effortMax, byteCountMax: self.byteCountMax)
    let byID = Dictionary(uniqueKeysWithValues: operations.map { ($0.id, $0) })
    return LinearizabilityEvidence(
      key: culprit.key, culprit: culprit,
      contradiction: ContradictionFinder(in: operations, upTo: event + 1, history: history).first(),
      prefix: search.order.compactMap { byID[before.steps[$0].id] }, state: search.register.state)
  }
}
