internal import Raft
internal import RaftCodec

/// A read of consecutive entries, as the log store was asked for it.
struct LogRead: Sendable {
  /// How the entries are had.
  enum Plan {
    case inMemory([EntrySlice])
    case onDisk([DiskIndex.Span])
  }

  /// What is read from a file at once, at least.
  private static let leastLookahead = 1 << 16
  private static let greatestLookahead = 1 << 20

  let first: LogIndex
  let last: LogIndex
  let byteLimit: Int

  /// Finds the entries: as many as the limit allows of those that are in memory, or else of those
  /// that are not.
  func plan(with index: EntryIndex) throws(StorageError) -> Plan {
    let spans = index.spans(from: self.first, through: self.last)
    guard spans.isEmpty else { return .onDisk(spans) }
    var answer = EntryAnswer(room: self.byteLimit)
    for slice in index.residentSlices(from: self.first) {
      guard slice.first <= self.last,
        let wanted = slice.clamped(from: max(self.first, slice.first), through: self.last),
        answer.take(wanted)
      else { break }
    }
    guard answer.slices.isEmpty else { return .inMemory(answer.slices) }
    throw index.missing(self.first)
  }

  /// Reads entries of these parts of segments from the disk, and checks them.
  ///
  /// - Throws: `StorageError` with kind `StorageError.Kind.corrupted` if the first one is
  ///   damaged; a later one just ends the answer.
  func readBack(_ spans: [DiskIndex.Span]) throws(StorageError) -> [EntrySlice] {
    var answer = EntryAnswer(room: self.byteLimit)
    for span in spans where !answer.isFull {
      do throws(StorageError) {
        try self.read(span, into: &answer)
      } catch {
        guard answer.slices.isEmpty else { break }
        throw error
      }
    }
    return answer.slices
  }

  private func read(
    _ span: DiskIndex.Span, into answer: inout EntryAnswer
  ) throws(StorageError) {
    let marks = try span.marks()
    var reader = RecordReader(
      span.segment,
      lookahead: min(max(self.byteLimit, Self.leastLookahead), Self.greatestLookahead))
    var next = span.first
    while next <= span.last, !answer.isFull {
      guard let place = marks.place(of: next) else {
        throw span.unreadable(
          next, .damaged(span.segment.path, "its index does not know entry \(next)"))
      }
      let behind = place + 1 < marks.list.count ? marks.list[place + 1].first.previous : nil
      let last = min(span.last, behind ?? span.last)
      var offset = marks.list[place].offset
      // A record whose body alone is damaged may be one that is not wanted.
      var damage: StorageError?
      while next <= last, !answer.isFull {
        let scanned: ScannedRecord
        do throws(StorageError) {
          scanned = try reader.record(at: offset)
        } catch {
          let first = damage ?? span.unreadable(next, error)
          damage = first
          guard error.kind == .corrupted, let header = reader.header(at: offset) else {
            throw first
          }
          offset = header.end.offset
          continue
        }
        offset = scanned.header.end.offset
        guard let slice = try span.entries(of: scanned, from: next, through: last, damage) else {
          continue
        }
        damage = nil
        _ = answer.take(slice)
        next = slice.last.next
      }
    }
  }
}

extension DiskIndex.Span {
  /// The entries of a record that are wanted; `nil` if it has only earlier ones, or none.
  ///
  /// If it has only later ones, they were in a record before it, of which the damage tells.
  fileprivate func entries(
    of scanned: ScannedRecord, from next: LogIndex, through last: LogIndex, _ damage: StorageError?
  ) throws(StorageError) -> EntrySlice? {
    guard scanned.kind == .entries else { return nil }
    let block: EntryBlock
    do throws(CodecError) {
      guard try scanned.entryRun().last >= next else { return nil }
      guard case .entries(let found) = try scanned.record(), found.run.first <= next else {
        throw CodecError(
          .invalid("entry \(next) is expected"), in: "a record", at: scanned.header.offset)
      }
      block = found
    } catch {
      throw damage ?? self.unreadable(next, StorageError(error, in: self.segment.path))
    }
    let chunk = EntryChunk(run: block.run, bytes: block.bytes, ends: block.ends)
    return EntrySlice(chunk).clamped(from: next, through: min(last, block.run.last))
  }

  /// What is answered for an entry that was written here and cannot be read any more.
  fileprivate func unreadable(_ next: LogIndex, _ cause: StorageError) -> StorageError {
    guard cause.kind == .corrupted else { return cause }
    return StorageError(
      .corrupted, "entries \(next) to \(self.last) cannot be read: \(cause.message)")
  }
}
