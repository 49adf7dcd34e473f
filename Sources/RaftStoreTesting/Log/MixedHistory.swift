internal import Raft

/// Writes of all kinds in an order that depends on the seed alone, as a node might make them.
struct MixedHistory {
  private var generator: SeededGenerator
  private var term: Term = 1
  /// Entries below this index are committed: purged at most, never cut off.
  private var committed: LogIndex = 0

  init(seed: UInt64) {
    self.generator = SeededGenerator(seed: seed)
  }

  /// Makes so many writes.
  mutating func write(_ count: Int, on bench: StoreBench) {
    for _ in 0..<count { self.write(on: bench) }
  }

  private mutating func write(on bench: StoreBench) {
    switch Int.random(in: 0..<20, using: &self.generator) {
    case 0..<9: self.append(on: bench)
    case 9: bench.append(.blank)
    case 10: bench.append(Memberships.joint)
    case 11..<14: self.commit(on: bench)
    case 14..<16: self.change(of: bench)
    case 16..<18: self.purge(on: bench)
    default: bench.save(Vote(leader: bench.leader, isCommitted: .random(using: &self.generator)))
    }
  }

  private mutating func append(on bench: StoreBench) {
    let count = Int.random(in: 1...20, using: &self.generator)
    let byteCounts = (0..<count).map { _ in Int.random(in: 0...120, using: &self.generator) }
    let chunk = EntryMaking.chunk(
      leader: bench.leader, first: bench.model.next, byteCounts: byteCounts)
    let kept = Int.random(in: 1...count, using: &self.generator)
    bench.append(EntrySlice(chunk, offsets: 0..<kept))
    guard kept < count, Bool.random(using: &self.generator) else { return }
    bench.append(EntrySlice(chunk, offsets: kept..<count))
  }

  /// The log is committed up to an entry further on.
  private mutating func commit(on bench: StoreBench) {
    guard self.committed < bench.model.next else { return }
    let index = self.index(in: self.committed..<bench.model.next)
    bench.note(committed: index)
    self.committed = index.next
  }

  /// Another leader cuts off some entries that are not committed.
  private mutating func change(of bench: StoreBench) {
    self.term = self.term.next
    bench.leader = LeaderID(
      term: self.term, node: NodeID(UInt64.random(in: 1...3, using: &self.generator)))
    bench.save(Vote(leader: bench.leader, isCommitted: true))
    let index = self.index(in: self.committed..<(bench.model.next.next))
    guard index < bench.model.next else { return }
    bench.truncate(after: index.previous)
    bench.append(.blank)
  }

  /// Purges committed entries, or now and then all there are and some more.
  private mutating func purge(on bench: StoreBench) {
    if Int.random(in: 0..<6, using: &self.generator) == 0 {
      let index = bench.model.next + Int.random(in: 0...30, using: &self.generator)
      bench.purge(throughPosition: LogID(leader: bench.leader, index: index))
      self.committed = index.next
    } else if bench.model.start < self.committed {
      bench.purge(through: self.index(in: bench.model.start..<self.committed))
    }
  }

  private mutating func index(in range: Range<LogIndex>) -> LogIndex {
    LogIndex(
      UInt64.random(
        in: range.lowerBound.rawValue..<range.upperBound.rawValue, using: &self.generator))
  }
}
