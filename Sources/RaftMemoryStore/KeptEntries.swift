internal import Raft

/// The entries of a log, as the slices in which they came.
///
/// Appending is one array append and copies no payload; finding an entry is a binary search over
/// the slices. Slices purged from the front leave empty slots, which are closed up once they are
/// the larger part, so that purging costs amortised constant time a slice and frees at once.
struct KeptEntries: Sendable {
  private var slots: [EntrySlice?] = []
  private var head = 0

  /// The position of the last entry; `nil` if there is none.
  var last: LogID? {
    self.slots.last.flatMap { $0?.lastLogID }
  }

  /// Adds entries behind the last one.
  mutating func append(_ slice: EntrySlice) {
    self.slots.append(slice)
  }

  /// Removes every entry.
  mutating func removeAll() {
    self.slots.removeAll()
    self.head = 0
  }

  /// Removes the entries behind this index.
  mutating func removeAll(after index: LogIndex) {
    while self.head < self.slots.count {
      let slice = self.slice(self.slots.count - 1)
      guard slice.last > index else { return }
      self.slots.removeLast()
      if let kept = slice.clamped(from: slice.first, through: index) {
        self.slots.append(kept)
        return
      }
    }
    self.removeAll()
  }

  /// Removes the entries up to and including this index.
  mutating func removeAll(through index: LogIndex) {
    while self.head < self.slots.count, let last = self.slots[self.head]?.last, last <= index {
      self.slots[self.head] = nil
      self.head += 1
    }
    guard self.head < self.slots.count else {
      self.removeAll()
      return
    }
    let slice = self.slice(self.head)
    self.slots[self.head] = slice.clamped(from: index.next, through: slice.last)
    self.closeUp()
  }

  /// The leadership that wrote the entry at this index; `nil` if the entry is not there.
  func leader(at index: LogIndex) -> LeaderID? {
    self.slot(of: index).map { self.slice($0).chunk.run.leader }
  }

  /// Entries from the first index on, through the last at the most; `nil` if the first is not
  /// there.
  ///
  /// Ends before the entry that would exceed the byte limit, but has at least one.
  func slices(from first: LogIndex, through last: LogIndex, byteLimit: Int) -> [EntrySlice]? {
    guard let start = self.slot(of: first) else { return nil }
    var found: [EntrySlice] = []
    var room = byteLimit
    for slot in start..<self.slots.count {
      guard let slice = self.slice(slot).clamped(from: first, through: last) else { break }
      let byteCount = slice.byteCount
      guard byteCount > room else {
        found.append(slice)
        room -= byteCount
        continue
      }
      let fitting = slice.countFitting(room)
      if fitting > 0 || found.isEmpty {
        let lower = slice.offsets.lowerBound
        found.append(EntrySlice(slice.chunk, offsets: lower..<(lower + max(fitting, 1))))
      }
      break
    }
    return found
  }

  /// The slot whose slice contains the index.
  ///
  /// A slice has at least one entry, so the index lies no more slots from either end than it lies
  /// entries: near an end, or with single entries, there is little or nothing to search.
  private func slot(of index: LogIndex) -> Int? {
    guard let last = self.last, index <= last.index else { return nil }
    let first = self.slice(self.head).first
    guard index >= first else { return nil }
    var low = max(self.head, self.slots.count - 1 - index.distance(to: last.index))
    var high = min(self.slots.count, self.head + first.distance(to: index))
    while low < high {
      let middle = (low + high) / 2
      if self.slice(middle).last < index {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }

  private func slice(_ slot: Int) -> EntrySlice {
    guard let slice = self.slots[slot] else {
      preconditionFailure("slot \(slot) is empty, the first full one is \(self.head)")
    }
    return slice
  }

  private mutating func closeUp() {
    guard self.head > self.slots.count / 2 else { return }
    self.slots.removeFirst(self.head)
    self.head = 0
  }
}
