internal import Raft
internal import RaftCodec

/// Where each entry of the log is to be found: in memory, on the disk, or both.
///
/// The newest records are *resident*: their entries are at hand in memory, because they are not
/// yet durable, or because a bounded tail of the log is kept so. What is durable is in the
/// ``DiskIndex``, whose size does not depend on the number of entries.
struct EntryIndex: Sendable {
  /// The entries of one record, as far as they are still part of the log.
  private struct Piece: Sendable {
    /// The number that the piece was appended under.
    let ticket: UInt64
    var slice: EntrySlice
    var isDurable = false
  }

  /// The position before the first entry; `nil` if that is the first of all.
  private(set) var base: LogID?
  /// Where the log ends.
  private(set) var last: LogID?
  private var disk: DiskIndex
  private var slots: [Piece?] = []
  /// The slot of the first resident piece.
  private var head = 0
  private var residentSize = 0

  /// An index of a log that is on the disk from this position through that one.
  init(base: LogID? = nil, last: LogID? = nil, disk: DiskIndex = DiskIndex()) {
    self.base = base
    self.last = last
    self.disk = disk
  }

  /// Entries that are on the disk only, by segments; none if the first one is in memory or missing.
  func spans(from first: LogIndex, through last: LogIndex) -> [DiskIndex.Span] {
    guard first >= self.base.nextIndex, first < self.last.nextIndex, let end = self.last?.index
    else { return [] }
    guard self.head < self.slots.count, let resident = self.piece(self.head).slice.first.previous
    else {
      return self.head < self.slots.count
        ? [] : self.disk.spans(from: first, through: min(last, end))
    }
    return first > resident ? [] : self.disk.spans(from: first, through: min(last, resident))
  }

  /// The entries in memory, from the record on that holds this index; none if none does.
  func residentSlices(from index: LogIndex) -> some Sequence<EntrySlice> {
    let start = self.firstSlot { $0.slice.last >= index }
    let isThere =
      start < self.slots.count && self.piece(start).slice.first <= index
      && index >= self.base.nextIndex
    return self.slots[(isThere ? start : self.slots.count)...].lazy.compactMap { $0?.slice }
  }

  /// What is answered for an entry that the log does not have.
  func missing(_ index: LogIndex) -> StorageError {
    let start = self.base.nextIndex
    let extent =
      self.last.nextIndex > start
      ? "the log holds entries \(start) to \(self.last?.index ?? 0)"
      : "the log is empty and continues at \(start)"
    return StorageError(.missing, "entry \(index) is not in the log: \(extent)")
  }

  /// Adds entries that are in memory only.
  mutating func append(_ slice: EntrySlice, ticket: UInt64) {
    self.slots.append(Piece(ticket: ticket, slice: slice))
    self.residentSize += slice.size
    self.last = slice.lastLogID
  }

  /// Notes what has become durable, in the order of tickets.
  mutating func note(_ written: LogWriter.Written) {
    for seal in written.seals {
      self.disk.seal(seal.segment, indexOffset: seal.indexOffset)
    }
    if let marks = written.marks { self.disk.take(marks) }
    guard let first = written.tickets.first else { return }
    var slot = self.firstSlot { $0.ticket >= first }
    for ticket in written.tickets where slot < self.slots.count {
      // Pieces that were cut off or purged meanwhile are nowhere any more.
      guard let piece = self.slots[slot], piece.ticket == ticket else { continue }
      self.slots[slot]?.isDurable = true
      self.disk.note(from: piece.slice.first, through: piece.slice.last, in: written.segment)
      slot += 1
    }
  }

  /// Lets go of the oldest entries in memory that are durable, until no more than this many bytes
  /// are left.
  mutating func evict(downTo limit: Int) {
    while self.residentSize > limit, self.head < self.slots.count,
      self.piece(self.head).isDurable
    { self.removeFirst() }
    self.closeUp()
  }

  /// Removes the entries behind this position.
  mutating func truncate(after position: LogID?) {
    let next = position.nextIndex
    while self.head < self.slots.count, var piece = self.slots[self.slots.count - 1],
      piece.slice.last >= next
    {
      self.slots.removeLast()
      self.residentSize -= piece.slice.size
      if let position,
        let rest = piece.slice.clamped(from: piece.slice.first, through: position.index)
      {
        piece.slice = rest
        self.slots.append(piece)
        self.residentSize += rest.size
      }
    }
    self.disk.truncate(from: next)
    self.last = position
    if self.base.nextIndex > next { self.base = position }
  }

  /// Removes the entries up to and including this position, which may lie beyond the last one.
  mutating func purge(through logID: LogID) {
    guard self.base.nextIndex <= logID.index else { return }
    self.base = logID
    if self.last.nextIndex <= logID.index.next { self.last = logID }
    self.disk.purge(upTo: logID.index.next)
    while self.head < self.slots.count {
      let slice = self.piece(self.head).slice
      guard slice.last <= logID.index else {
        if let rest = slice.clamped(from: max(slice.first, logID.index.next), through: slice.last) {
          self.slots[self.head]?.slice = rest
          self.residentSize += rest.size - slice.size
        }
        break
      }
      self.removeFirst()
    }
    self.closeUp()
  }

  /// The first slot whose piece passes a test that all pieces behind it pass too.
  private func firstSlot(where passes: (Piece) -> Bool) -> Int {
    var low = self.head
    var high = self.slots.count
    while low < high {
      let middle = (low + high) / 2
      if passes(self.piece(middle)) {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return low
  }

  private func piece(_ slot: Int) -> Piece {
    guard let piece = self.slots[slot] else {
      preconditionFailure("slot \(slot) is empty, the first full one is \(self.head)")
    }
    return piece
  }

  private mutating func removeFirst() {
    self.residentSize -= self.piece(self.head).slice.size
    self.slots[self.head] = nil
    self.head += 1
  }

  /// Removes the empty slots at the front once they are the larger part.
  private mutating func closeUp() {
    guard self.head > self.slots.count / 2 else { return }
    self.slots.removeFirst(self.head)
    self.head = 0
  }
}

extension EntrySlice {
  /// About how many bytes of memory the entries take.
  fileprivate var size: Int { self.byteCount + 4 * self.count + 64 }
}
