internal import Raft

/// Where each entry of the log is to be found: in memory, on the disk, or both.
///
/// Every record of entries is one piece. The newest pieces are *resident*: their entries are at
/// hand in memory, because they are not yet durable, or because a bounded tail of the log is kept
/// so. All others have a place on the disk.
struct EntryIndex: Sendable {
  /// The entries of one record, as far as they are still part of the log.
  struct Piece: Sendable {
    /// The number that the piece was appended under.
    let ticket: UInt64
    /// Who wrote the entries.
    let leader: LeaderID
    var first: LogIndex
    var last: LogIndex
    /// The entries, if they are in memory.
    var slice: EntrySlice?
    /// Where they are durable; `nil` before they are.
    var place: RecordPlace?

    var lastLogID: LogID { LogID(leader: self.leader, index: self.last) }
  }

  /// The position before the first entry; `nil` if that is the first of all.
  private(set) var base: LogID?
  private var slots: [Piece?] = []
  /// The slot of the first piece.
  private var head = 0
  /// The slot of the first resident piece.
  private var residentHead = 0
  private var residentSize = 0

  /// An index without entries, of a log that continues behind this position.
  init(base: LogID? = nil) {
    self.base = base
  }

  /// Where the log ends.
  var last: LogID? { self.slots.last.flatMap { $0?.lastLogID } ?? self.base }

  /// The pieces, in the log's order, from the one on that holds this index; none if none does.
  func pieces(from index: LogIndex) -> some Sequence<Piece> {
    let start = self.slot(of: index) ?? self.slots.count
    return self.slots[start...].lazy.compactMap(\.self)
  }

  /// Adds entries that are in memory only.
  mutating func append(_ slice: EntrySlice, ticket: UInt64) {
    self.slots.append(
      Piece(
        ticket: ticket, leader: slice.chunk.run.leader, first: slice.first, last: slice.last,
        slice: slice))
    self.residentSize += slice.size
  }

  /// Adds entries that are on the disk only.
  ///
  /// - Precondition: there are no resident ones.
  mutating func append(_ run: EntryRun, at place: RecordPlace) {
    precondition(self.residentHead == self.slots.count, "\(run) behind resident entries")
    self.slots.append(
      Piece(ticket: 0, leader: run.leader, first: run.first, last: run.last, place: place))
    self.residentHead = self.slots.count
  }

  /// Notes where pieces have become durable, in the order of their tickets.
  mutating func place(_ places: [(ticket: UInt64, place: RecordPlace)]) {
    guard let first = places.first else { return }
    var slot = self.firstSlot(from: self.residentHead) { $0.ticket >= first.ticket }
    for (ticket, place) in places where slot < self.slots.count {
      // Pieces that were cut off or purged meanwhile need no place any more.
      guard self.piece(slot).ticket == ticket else { continue }
      self.slots[slot]?.place = place
      slot += 1
    }
  }

  /// Lets go of the oldest entries in memory that are durable, until no more than this many bytes
  /// are left.
  mutating func evict(downTo limit: Int) {
    while self.residentSize > limit, self.residentHead < self.slots.count {
      let piece = self.piece(self.residentHead)
      guard piece.place != nil else { return }
      self.residentSize -= piece.slice?.size ?? 0
      self.slots[self.residentHead]?.slice = nil
      self.residentHead += 1
    }
  }

  /// Removes the entries behind this position.
  mutating func truncate(after position: LogID?) {
    while self.head < self.slots.count, var piece = self.slots[self.slots.count - 1],
      piece.last >= position.nextIndex
    {
      self.slots.removeLast()
      self.forget(piece)
      if let position, piece.first <= position.index {
        piece.last = position.index
        piece.slice = piece.slice?.clamped(from: piece.first, through: position.index)
        self.slots.append(piece)
        self.residentSize += piece.slice?.size ?? 0
      }
    }
    if self.base.nextIndex > position.nextIndex { self.base = position }
    self.residentHead = min(self.residentHead, self.slots.count)
  }

  /// Removes the entries up to and including this position, which may lie beyond the last one.
  mutating func purge(through logID: LogID) {
    guard self.base.nextIndex <= logID.index else { return }
    self.base = logID
    while self.head < self.slots.count {
      let piece = self.piece(self.head)
      guard piece.last <= logID.index else {
        self.slots[self.head]?.first = max(piece.first, logID.index.next)
        break
      }
      self.forget(piece)
      self.slots[self.head] = nil
      self.head += 1
    }
    self.residentHead = max(self.residentHead, self.head)
    self.closeUp()
  }

  /// The piece that holds the index; `nil` if the entry is not there.
  private func slot(of index: LogIndex) -> Int? {
    let slot = self.firstSlot(from: self.head) { $0.last >= index }
    return slot < self.slots.count && self.piece(slot).first <= index ? slot : nil
  }

  /// The first slot whose piece passes a test that all pieces behind it pass too.
  private func firstSlot(from start: Int, where passes: (Piece) -> Bool) -> Int {
    var low = start
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

  private mutating func forget(_ piece: Piece) {
    self.residentSize -= piece.slice?.size ?? 0
  }

  /// Removes the empty slots at the front once they are the larger part.
  private mutating func closeUp() {
    guard self.head > self.slots.count / 2 else { return }
    self.slots.removeFirst(self.head)
    self.residentHead -= self.head
    self.head = 0
  }
}

extension EntrySlice {
  /// About how many bytes of memory the entries take.
  fileprivate var size: Int { self.byteCount + 4 * self.count + 64 }
}
