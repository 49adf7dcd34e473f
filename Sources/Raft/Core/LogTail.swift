/// The end of the log in memory: what apply and replication want next, without asking the store.
struct LogTail {
  struct Item {
    let slice: EntrySlice
    /// The writers of the slice's batch; empty once they were handed to the machine.
    var writers: [Writer]
  }

  private var items: [Item] = []
  private var head = 0
  private var bytes = 0
  private let bytesMax: Int
  /// The last entries that were asked for: a leader sends the same to each of its followers.
  private var asked: (range: ClosedRange<LogIndex>, bytesMax: Int, slices: [EntrySlice])?
  /// The index that follows the last entry.
  private(set) var end: LogIndex
  /// The first index that was not handed to the machine.
  private(set) var unapplied: LogIndex
  /// What writes that were not handed to the machine cost in memory.
  private(set) var unappliedBytes = 0

  init(end: LogIndex, unapplied: LogIndex, bytesMax: Int) {
    self.end = end
    self.unapplied = unapplied
    self.bytesMax = bytesMax
  }

  /// The first index that is at hand.
  var first: LogIndex {
    self.head < self.items.count ? self.items[self.head].slice.first : self.end
  }

  mutating func append(_ slice: EntrySlice, writers: consuming [Writer]) {
    precondition(slice.first == self.end, "\(slice) appended at \(self.end)")
    self.items.append(Item(slice: slice, writers: writers))
    self.bytes += slice.byteCount
    self.unappliedBytes += slice.memoryByteCount
    self.end = slice.last.next
    self.trim()
  }

  /// Removes the entries from this index on; nobody may wait for them any more.
  mutating func truncate(from index: LogIndex) {
    self.asked = nil
    while self.head < self.items.count, let last = self.items.last, last.slice.last >= index {
      precondition(last.writers.isEmpty, "\(last.slice) cut off although writers wait for it")
      self.items.removeLast()
      if let previous = index.previous,
        let kept = last.slice.clamped(from: last.slice.first, through: previous)
      {
        self.items.append(Item(slice: kept, writers: []))
      }
    }
    self.end = min(self.end, index)
    self.recount()
  }

  /// A snapshot took the place of everything before this index: nobody asks for that any more.
  mutating func skip(to index: LogIndex) {
    let isAhead = self.unapplied < index
    self.unapplied = max(self.unapplied, index)
    if self.end < index {
      self.asked = nil
      self.items.removeAll()
      self.head = 0
      self.end = index
    }
    while self.head < self.items.count, self.items[self.head].slice.last < index,
      self.items[self.head].writers.isEmpty
    {
      self.releaseFirst()
    }
    if isAhead { self.recount() }
    self.trim()
  }

  private mutating func recount() {
    self.bytes = 0
    self.unappliedBytes = 0
    for place in self.head..<self.items.count {
      let slice = self.items[place].slice
      self.bytes += slice.byteCount
      if slice.last >= self.unapplied {
        let start = max(self.unapplied, slice.first)
        self.unappliedBytes +=
          slice.clamped(from: start, through: slice.last)?.memoryByteCount ?? 0
      }
    }
  }

  /// The entries of this range that are at hand, up to about this many bytes but at least one;
  /// empty if the first one is not at hand.
  mutating func slices(
    from first: LogIndex, through last: LogIndex, bytesMax: Int
  ) -> [EntrySlice] {
    guard first >= self.first, first <= last else { return [] }
    if let asked = self.asked, asked.range == first...last, asked.bytesMax == bytesMax {
      return asked.slices
    }
    let found = self.find(from: first, through: last, bytesMax: bytesMax)
    // What is beyond the end may come.
    if last < self.end { self.asked = (first...last, bytesMax, found) }
    return found
  }

  private func find(
    from first: LogIndex, through last: LogIndex, bytesMax: Int
  ) -> [EntrySlice] {
    var place = self.place(of: first)
    var found: [EntrySlice] = []
    var bytes = 0
    while place < self.items.count, self.items[place].slice.first <= last {
      guard
        let slice = self.items[place].slice.clamped(from: first, through: last)?
          .limited(to: bytesMax - bytes, isFirst: found.isEmpty)
      else { break }
      found.append(slice)
      bytes += slice.byteCount
      guard slice.last == min(last, self.items[place].slice.last) else { break }
      place += 1
    }
    return found
  }

  /// Names what the machine gets next of the entries through this index, if that is not at hand, and
  /// counts it as handed over.
  mutating func passMissing(through last: LogIndex) -> ClosedRange<LogIndex>? {
    let start = self.unapplied
    precondition(last >= start, "\(last) was handed over before: the next one is \(start)")
    let first = self.first
    guard start < first, let lastMissing = min(last.next, first).previous else { return nil }
    self.unapplied = lastMissing.next
    return start...lastMissing
  }

  /// What the machine gets next: entries of one batch, none behind this index, with the batch's
  /// writers; `nil` if it has all through there.
  mutating func handNext(through last: LogIndex) -> Item? {
    guard self.unapplied <= last else { return nil }
    let place = self.place(of: self.unapplied)
    guard place < self.items.count,
      let slice = self.items[place].slice.clamped(from: self.unapplied, through: last)
    else { return nil }
    var writers: [Writer] = []
    swap(&writers, &self.items[place].writers)
    self.unappliedBytes -= slice.memoryByteCount
    self.unapplied = slice.last.next
    self.trim()
    return Item(slice: slice, writers: writers)
  }

  /// All that the machine gets next through this index.
  mutating func handOver(through last: LogIndex) -> [Item] {
    var handed: [Item] = []
    while let item = self.handNext(through: last) { handed.append(item) }
    return handed
  }

  /// Takes the writers of all entries from this index on that were not handed over.
  mutating func takeWriters(from index: LogIndex) -> [Writer] {
    var taken: [Writer] = []
    for place in self.items.indices[self.head...] where self.items[place].slice.last >= index {
      taken.append(contentsOf: self.items[place].writers)
      self.items[place].writers = []
    }
    return taken
  }

  /// Almost always one of the last: the search begins at the end, with growing steps.
  private func place(of index: LogIndex) -> Int {
    var high = self.items.count
    var step = 1
    while high - step >= self.head, self.items[high - step].slice.last >= index {
      high -= step
      if self.items[high].slice.first <= index { return high }
      step *= 2
    }
    var low = max(self.head, high - step)
    while low < high {
      let middle = (low + high) / 2
      if self.items[middle].slice.last < index { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Lets go of the oldest entries beyond the limit that the machine has.
  @inline(__always)
  private mutating func trim() {
    guard self.bytes > self.bytesMax || self.isLong || self.head * 2 > self.items.count else {
      return
    }
    self.release()
  }

  private mutating func release() {
    while self.head < self.items.count, self.bytes > self.bytesMax || self.isLong,
      self.items[self.head].slice.last < self.unapplied
    {
      self.releaseFirst()
    }
    if self.head * 2 > self.items.count {
      self.items.removeFirst(self.head)
      self.head = 0
    }
  }

  /// The place is closed up later, the memory is given back now.
  private mutating func releaseFirst() {
    self.asked = nil
    self.bytes -= self.items[self.head].slice.byteCount
    self.items[self.head] = Self.released
    self.head += 1
  }

  private static let released = Item(
    slice: EntrySlice(
      EntryChunk(
        emptyPayloads: EntryRun(
          leader: LeaderID(term: 0, node: 0), first: 0, count: 1, byteCount: 0, kind: .blank,
          timestamp: .epoch))), writers: [])

  /// Entries without payload must not pile up either.
  private var isLong: Bool { self.items.count - self.head > 8192 }
}

extension EntrySlice {
  /// As many of the entries as fit; at least one if nothing came before.
  func limited(to bytesMax: Int, isFirst: Bool) -> EntrySlice? {
    guard self.byteCount > bytesMax else { return self }
    let count = max(self.countFitting(bytesMax), isFirst ? 1 : 0)
    guard count > 0 else { return nil }
    let start = self.offsets.lowerBound
    return EntrySlice(self.chunk, offsets: start..<(start + count))
  }
}
