import RaftEngine
import TestPace
import Testing

/// ``LogIDList`` against a list of all positions: whatever happens, they answer the same.
@Suite("The shape of a log and its plain twin", .longRun)
struct LogIDListTwinTests {
  private static let leaders = [
    LeaderID(term: 1, node: 1), LeaderID(term: 1, node: 2), LeaderID(term: 2, node: 1),
  ]

  @Test("They agree after every sequence of changes that a small log can see")
  func exhaustive() throws {
    var seen: Set<NaiveLog> = []
    var open: [(LogIDList, NaiveLog)] = [(LogIDList(), NaiveLog())]
    while let (log, twin) = open.popLast() {
      guard seen.insert(twin).inserted else { continue }
      try Self.requireAgreement(log, twin, through: 6)
      for change in Self.changes(of: twin, upTo: 5) {
        var (log, twin) = (log, twin)
        change.apply(to: &log, and: &twin)
        open.append((log, twin))
      }
    }
    // That many logs exist: 56 ascending sequences of up to five of the three leaderships, and 120
    // that begin with a purged entry at one of the five places.
    #expect(seen.count == 56 + 120)
  }

  @Test("They agree along long random histories", arguments: 0..<8)
  func random(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var log = LogIDList()
    var twin = NaiveLog()
    var term: UInt64 = 1
    for _ in 0..<200 {
      let change: Change
      let end = twin.last.nextIndex
      switch UInt64.random(in: 0..<10, using: &generator) {
      case 0..<6:
        term += UInt64.random(in: 0...1, using: &generator)
        let leader = max(
          LeaderID(term: Term(term), node: NodeID(.random(in: 1...3, using: &generator))),
          twin.last?.leader ?? LeaderID(term: 0, node: 0))
        change = .append(leader, through: end + .random(in: 0..<5, using: &generator))
      case 6..<8:
        let known = twin.known.suffix(12)
        change = .truncate(after: known.randomElement(using: &generator)?.index)
      case 8:
        guard let known = twin.known.prefix(8).randomElement(using: &generator) else { continue }
        change = .purge(through: known)
      default:
        guard UInt64.random(in: 0..<8, using: &generator) == 0 else { continue }
        let leader = LeaderID(term: Term(term), node: 1)
        change = .purge(through: LogID(leader: leader, index: end + 3))
      }
      change.apply(to: &log, and: &twin)
      try Self.requireAgreement(log, twin, through: twin.last.nextIndex + 1)
    }
  }

  private static func changes(of twin: NaiveLog, upTo end: LogIndex) -> [Change] {
    var changes: [Change] = [.truncate(after: nil)]
    let first = twin.last.nextIndex
    if first < end {
      for leader in self.leaders where twin.last.map({ $0.leader <= leader }) ?? true {
        changes.append(.append(leader, through: first))
        changes.append(.append(leader, through: LogIndex(end.rawValue - 1)))
      }
      for leader in self.leaders {
        changes.append(.purge(through: LogID(leader: leader, index: first)))
      }
    }
    for known in twin.known {
      changes.append(.truncate(after: known.index))
      changes.append(.purge(through: known))
    }
    return changes
  }

  private static func requireAgreement(
    _ log: LogIDList, _ twin: NaiveLog, through end: LogIndex
  ) throws {
    try #require(log.purged == twin.purged && log.last == twin.last, "\(log), \(twin)")
    try #require(log.first == twin.purged.nextIndex, "\(log)")
    try #require(log.isEmpty == twin.entries.isEmpty, "\(log)")
    try #require(log.runs == twin.runs, "\(log)")
    try #require(
      log == LogIDList(purged: twin.purged, last: twin.last, runs: twin.runs), "\(log)")
    for index in LogIndex(end.rawValue - min(30, end.rawValue))...end {
      let expected = twin.logID(at: index)
      let agree =
        log.logID(at: index) == expected && log.leader(at: index) == expected?.leader
        && log.runEnd(at: index) == twin.runEnd(at: index)
      try #require(agree, "\(log) at \(index)")
      for leader in self.leaders + twin.runs.suffix(4).map(\.leader) {
        let id = LogID(leader: leader, index: index)
        let hint = log.lastLogID(notAfter: index, ledAtMost: leader)
        let agree =
          log.contains(id) == (expected == id)
          && hint == twin.lastLogID(notAfter: index, ledAtMost: leader)
        try #require(agree, "\(log) at \(id)")
      }
    }
  }
}

/// One change of a log.
private enum Change {
  case append(LeaderID, through: LogIndex)
  case truncate(after: LogIndex?)
  case purge(through: LogID)

  func apply(to log: inout LogIDList, and twin: inout NaiveLog) {
    switch self {
    case .append(let leader, let last):
      log.append(leader, from: log.last.nextIndex, through: last)
      twin.append(leader, from: twin.last.nextIndex, through: last)
    case .truncate(let index):
      log.truncate(after: index)
      twin.truncate(after: index)
    case .purge(let id):
      log.purge(through: id)
      twin.purge(through: id)
    }
  }
}
