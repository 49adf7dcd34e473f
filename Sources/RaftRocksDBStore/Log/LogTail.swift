#if RocksDB
internal import Raft

/// The newest entries of a log, in memory: all that are not yet durable, and of the others as many
/// as there is room for.
struct LogTail: Sendable {
  private struct Piece: Sendable {
    let ticket: UInt64
    var slice: EntrySlice
  }

  /// Where the wanted entries are.
  enum Place {
    /// Here: these, as many as were asked for.
    case memory([EntrySlice])
    /// In the database, up to this one.
    case database(through: LogIndex)
  }

  /// The last position purged.
  private(set) var base: LogID?
  /// Where the log ends.
  private(set) var last: LogID?
  private var pieces: [Piece] = []
  /// How many pieces at the front were let go of.
  private var head = 0
  private var size = 0
  private var lastTicket: UInt64 = 0
  private var durableTicket: UInt64 = 0

  /// The tail of a log whose entries are all in the database.
  init(base: LogID? = nil, last: LogID? = nil) {
    self.base = base
    self.last = last
  }

  /// Finds entries.
  ///
  /// - Throws: `StorageError` of kind `missing` if the first one is not in the log.
  func place(
    from first: LogIndex, through last: LogIndex, byteLimit: Int
  ) throws(StorageError) -> Place {
    guard first >= self.base.nextIndex, first < self.last.nextIndex, let end = self.last?.index
    else { throw self.missing(first) }
    guard self.head < self.pieces.count else { return .database(through: min(last, end)) }
    if let before = self.pieces[self.head].slice.first.previous, first <= before {
      return .database(through: min(last, before))
    }
    var answer = EntryAnswer(room: byteLimit)
    for piece in self.pieces[self.firstPiece(reaching: first)...] {
      guard let wanted = piece.slice.clamped(from: first, through: last), answer.take(wanted)
      else { break }
    }
    return .memory(answer.slices)
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

  /// Adds entries; returns the number by which ``note(durable:tailSize:)`` knows them.
  mutating func append(_ slice: EntrySlice) -> UInt64 {
    self.lastTicket += 1
    self.pieces.append(Piece(ticket: self.lastTicket, slice: slice))
    self.size += slice.cost
    self.last = slice.lastLogID
    return self.lastTicket
  }

  /// Notes that everything up to this number is in the database, durably, and lets go of the oldest
  /// such entries until no more than this many bytes are left.
  mutating func note(durable ticket: UInt64, tailSize: Int) {
    self.durableTicket = max(self.durableTicket, ticket)
    while self.size > tailSize, self.head < self.pieces.count,
      self.pieces[self.head].ticket <= self.durableTicket
    { self.dropFirst() }
    self.closeUp()
  }

  /// Removes the entries behind this position.
  mutating func truncate(after position: LogID?) {
    let next = position.nextIndex
    while self.head < self.pieces.count, let piece = self.pieces.last, piece.slice.last >= next {
      self.pieces.removeLast()
      self.size -= piece.slice.cost
      if let position,
        let rest = piece.slice.clamped(from: piece.slice.first, through: position.index)
      {
        self.pieces.append(Piece(ticket: piece.ticket, slice: rest))
        self.size += rest.cost
      }
    }
    self.last = position
  }

  /// Removes the entries up to and including this position, which may lie beyond the last one.
  mutating func purge(through logID: LogID) {
    self.base = logID
    if self.last.nextIndex <= logID.index.next { self.last = logID }
    while self.head < self.pieces.count {
      let slice = self.pieces[self.head].slice
      guard slice.last <= logID.index else {
        if let rest = slice.clamped(from: max(slice.first, logID.index.next), through: slice.last) {
          self.pieces[self.head].slice = rest
          self.size += rest.cost - slice.cost
        }
        break
      }
      self.dropFirst()
    }
    self.closeUp()
  }

  /// The first piece that holds this entry, or later ones.
  private func firstPiece(reaching index: LogIndex) -> Int {
    var low = self.head
    var high = self.pieces.count
    while low < high {
      let middle = (low + high) / 2
      if self.pieces[middle].slice.last >= index {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return low
  }

  private mutating func dropFirst() {
    self.size -= self.pieces[self.head].slice.cost
    self.head += 1
  }

  /// Removes what was let go of, once it is the larger part.
  private mutating func closeUp() {
    guard self.head > self.pieces.count / 2 else { return }
    self.pieces.removeFirst(self.head)
    self.head = 0
  }
}

extension EntrySlice {
  /// About how many bytes of memory the entries take.
  fileprivate var cost: Int { self.byteCount + 4 * self.count + 64 }
}
#endif
