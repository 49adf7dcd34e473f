import Testing

@testable import Raft

@Suite("The end of the log in memory")
struct LogTailTests {
  @Test("It does what a plain list does, for 300 seeds", arguments: [0, 100, 200] as [UInt64])
  func twin(seed: UInt64) {
    for seed in seed..<(seed + 100) {
      var twin = TailTwin(seed: seed)
      for _ in 0..<200 { twin.step() }
    }
  }

  @Test("What the machine has is let go of beyond the limit, and its memory at once")
  func memory() {
    var tail = LogTail(end: 0, unapplied: 0, bytesMax: 1000)
    weak var first: EntryChunk?
    for index in 0..<20 as Range<UInt64> {
      let slice = ScriptedLeader.entries(from: LogIndex(index), count: 1, bytes: 400)
      if index == 0 { first = slice.chunk }
      tail.append(slice, writers: [])
    }
    #expect(tail.first == 0 && tail.unappliedBytes == 8640)
    #expect(tail.handOver(through: 9).count == 10)
    #expect(tail.first == 10 && tail.unappliedBytes == 4320)
    #expect(first == nil)
    #expect(tail.handOver(through: 19).count == 10)
    #expect(tail.first == 18 && tail.unappliedBytes == 0)
  }

  @Test("What is purged is let go of at once, however little it is")
  func purge() {
    var tail = LogTail(end: 0, unapplied: 0, bytesMax: 1000)
    weak var last: EntryChunk?
    for index in 0..<20 as Range<UInt64> {
      let slice = ScriptedLeader.entries(from: LogIndex(index), count: 1, bytes: 0)
      if index == 14 { last = slice.chunk }
      tail.append(slice, writers: [])
    }
    _ = tail.handOver(through: 19)
    #expect(tail.first == 0 && last != nil)
    tail.skip(to: 15)
    #expect(tail.first == 15 && tail.end == 20 && last == nil)
    #expect(tail.slices(from: 15, through: 19, bytesMax: 1).count == 5)
  }
}

/// A log tail beside the plainest thing that does the same: one element an entry.
private struct TailTwin {
  private struct Entry: Equatable {
    let leader: LeaderID
    let bytes: Int
  }

  private static let bytesMax = 60
  private var random: SeededGenerator
  private var tail: LogTail
  private var entries: [LogIndex: Entry] = [:]
  /// Writers that wait, by the index of their last entry.
  private var writers: [LogIndex: UInt] = [:]
  private var end: LogIndex
  private var unapplied: LogIndex
  private var term: Term = 1
  private var tokens: UInt = 0
  private let seed: UInt64

  init(seed: UInt64) {
    self.seed = seed
    self.random = SeededGenerator(seed: seed)
    self.end = LogIndex(.random(in: 0...5, using: &self.random))
    self.unapplied = LogIndex(.random(in: 0...self.end.rawValue, using: &self.random))
    self.tail = LogTail(end: self.end, unapplied: self.unapplied, bytesMax: Self.bytesMax)
  }

  mutating func step() {
    switch Int.random(in: 0..<12, using: &self.random) {
    case 0..<5: self.append()
    case 5..<8: self.handOver()
    case 8: self.abandon()
    case 9: self.truncate()
    case 10: self.skip()
    default: break
    }
    self.compare()
    self.read()
  }

  private mutating func append() {
    let lengths = (0..<Int.random(in: 1...4, using: &self.random)).map { _ in
      Int.random(in: 0...12, using: &self.random)
    }
    let run = EntryRun(
      leader: LeaderID(term: self.term, node: 1), first: self.end, count: lengths.count,
      byteCount: lengths.reduce(0, +), kind: .command, timestamp: .epoch)
    var ends: [UInt32] = []
    for length in lengths { ends.append((ends.last ?? 0) + UInt32(length)) }
    var writers: [Writer] = []
    var first = 0
    while first < lengths.count, Bool.random(using: &self.random) {
      let last = Int.random(in: first..<lengths.count, using: &self.random)
      self.tokens += 1
      writers.append(
        Writer(first: first, last: last, form: .several, token: ReplyToken(raw: self.tokens)))
      self.writers[self.end + last] = self.tokens
      first = last + 1
    }
    self.tail.append(
      EntrySlice(
        EntryChunk(run: run, bytes: [UInt8](repeating: 0, count: run.byteCount), ends: ends)),
      writers: writers)
    for length in lengths {
      self.entries[self.end] = Entry(leader: run.leader, bytes: length)
      self.end = self.end.next
    }
  }

  private mutating func handOver() {
    guard self.unapplied < self.end else { return }
    let last = LogIndex(
      .random(in: self.unapplied.rawValue..<self.end.rawValue, using: &self.random))
    let missing = self.tail.passMissing(through: last)
    let items = self.tail.handOver(through: last)
    var next = self.unapplied
    if let missing {
      expect(missing.lowerBound == next, "missing \(missing) from \(next)")
      for index in missing { expect(self.entries[index] == nil, "\(index) was at hand") }
      next = missing.upperBound.next
    }
    var handed: [UInt] = []
    for item in items {
      self.check(item.slice, from: next)
      next = item.slice.last.next
      handed += item.writers.map(\.token.raw)
    }
    expect(next == last.next, "handed over up to \(next), not through \(last)")
    // A batch's writers come with its first part; none is left behind, none comes twice.
    for (index, token) in self.writers where index <= last {
      expect(handed.contains(token), "the writer of \(index) was forgotten")
    }
    for token in handed {
      expect(self.writers.values.contains(token), "\(token) came twice")
      self.writers = self.writers.filter { $0.value != token }
    }
    self.unapplied = last.next
  }

  /// Takes the writers of all that is not handed over.
  private mutating func abandon() {
    let taken = self.tail.takeWriters(from: self.unapplied).map(\.token.raw)
    expect(taken.sorted() == self.writers.values.sorted(), "took \(taken) of \(self.writers)")
    self.writers = [:]
  }

  private mutating func truncate() {
    guard self.unapplied <= self.end else { return }
    self.abandon()
    let index = LogIndex(
      .random(in: self.unapplied.rawValue...self.end.rawValue, using: &self.random))
    self.tail.truncate(from: index)
    self.entries = self.entries.filter { $0.key < index }
    self.end = index
    self.term = self.term.next
  }

  /// A purge of what is applied, or a snapshot, which may lie beyond the end.
  private mutating func skip() {
    let index = LogIndex(
      .random(in: 0...(self.end.rawValue + 3), using: &self.random))
    if index > self.unapplied { self.abandon() }
    self.tail.skip(to: index)
    self.unapplied = max(self.unapplied, index)
    if self.end < index {
      self.entries = [:]
      self.end = index
    }
  }

  private func compare() {
    expect(self.tail.end == self.end, "end \(self.tail.end), not \(self.end)")
    expect(self.tail.unapplied == self.unapplied, "unapplied \(self.tail.unapplied)")
    let rest = self.entries.filter { $0.key >= self.unapplied }
    let bytes = rest.reduce(0) { $0 + $1.value.bytes + EntryChunk.entryOverhead }
    expect(self.tail.unappliedBytes == bytes, "\(self.tail.unappliedBytes) bytes, not \(bytes)")
    for index in self.entries.keys where index >= self.unapplied {
      expect(self.tail.first <= index, "\(index) is lost before it was handed over")
    }
    guard self.tail.first < self.unapplied else { return }
    let kept = self.entries.filter { $0.key >= self.tail.first }.reduce(0) { $0 + $1.value.bytes }
    // At most one batch is more than what must be kept.
    expect(kept <= Self.bytesMax + bytes + 48, "\(kept) bytes are kept")
  }

  private mutating func read() {
    let first = LogIndex(.random(in: 0...(self.end.rawValue + 1), using: &self.random))
    let last = first + Int.random(in: 0...8, using: &self.random)
    let bytesMax = Int.random(in: 0...40, using: &self.random)
    let slices = self.tail.slices(from: first, through: last, bytesMax: bytesMax)
    guard !slices.isEmpty else {
      expect(first < self.tail.first || first >= self.end, "\(first) is at hand")
      return
    }
    var next = first
    var bytes = 0
    for slice in slices {
      self.check(slice, from: next)
      next = slice.last.next
      bytes += slice.byteCount
    }
    expect(next <= last.next, "\(next) is beyond \(last)")
    expect(bytes <= bytesMax || next == first.next, "\(bytes) bytes, at most \(bytesMax)")
    if next <= last, let following = self.entries[next] {
      expect(bytes + following.bytes > bytesMax, "the entry at \(next) would fit")
    }
  }

  private func check(_ slice: EntrySlice, from first: LogIndex) {
    expect(slice.first == first, "\(slice) where \(first) was due")
    for index in slice.first...slice.last {
      let entry = Entry(
        leader: slice.chunk.run.leader, bytes: slice.payload(at: index).count)
      expect(self.entries[index] == entry, "\(entry) at \(index)")
    }
  }

  private func expect(_ holds: Bool, _ evidence: @autoclosure () -> String) {
    if !holds { Issue.record("seed \(self.seed): \(evidence())") }
  }
}
