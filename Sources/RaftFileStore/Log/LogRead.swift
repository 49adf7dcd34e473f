internal import Raft
internal import RaftCodec
internal import RaftFiles

/// A read of consecutive entries, as the log store was asked for it.
struct LogRead: Sendable {
  /// How the entries are had.
  enum Plan {
    case inMemory([EntrySlice])
    case onDisk([EntryIndex.Piece])
  }

  let first: LogIndex
  let last: LogIndex
  let byteLimit: Int

  /// Finds the entries: as many as the limit allows of those that are in memory, or else of those
  /// that are not.
  func plan(with index: EntryIndex) throws(StorageError) -> Plan {
    var slices: [EntrySlice] = []
    var pieces: [EntryIndex.Piece] = []
    var room = self.byteLimit
    for piece in index.pieces(from: self.first) {
      guard piece.first <= self.last, room > 0 || (slices.isEmpty && pieces.isEmpty) else { break }
      if let slice = piece.slice {
        guard pieces.isEmpty, let wanted = self.clamp(slice, to: piece) else { break }
        slices.append(wanted.prefix(ofAbout: room))
        room -= wanted.byteCount
      } else {
        guard slices.isEmpty, let place = piece.place else { break }
        pieces.append(piece)
        room -= place.range.count
      }
    }
    guard slices.isEmpty, pieces.isEmpty else {
      return slices.isEmpty ? .onDisk(pieces) : .inMemory(slices)
    }
    throw self.missing(from: index)
  }

  /// Reads the pieces from the disk, and checks them.
  ///
  /// - Throws: `StorageError` with kind `StorageError.Kind.corrupted` if the first one is
  ///   damaged; a later one just ends the answer.
  func readBack(_ pieces: [EntryIndex.Piece]) throws(StorageError) -> [EntrySlice] {
    var slices: [EntrySlice] = []
    var room = self.byteLimit
    for span in RecordSpan.cover(pieces) where room > 0 || slices.isEmpty {
      let bytes: [UInt8]
      do throws(StorageError) {
        bytes = try span.readBytes()
        for piece in span.pieces where room > 0 || slices.isEmpty {
          guard let wanted = self.clamp(try span.entries(of: piece, in: bytes), to: piece) else {
            break
          }
          slices.append(wanted.prefix(ofAbout: room))
          room -= wanted.byteCount
        }
      } catch {
        guard slices.isEmpty else { break }
        throw error
      }
    }
    return slices
  }

  /// The part of the entries that is wanted and still in the log.
  private func clamp(_ slice: EntrySlice, to piece: EntryIndex.Piece) -> EntrySlice? {
    slice.clamped(from: max(self.first, piece.first), through: min(self.last, piece.last))
  }

  private func missing(from index: EntryIndex) -> StorageError {
    let start = index.base.nextIndex
    let extent =
      index.last.nextIndex > start
      ? "the log holds entries \(start) to \(index.last?.index ?? 0)"
      : "the log is empty and continues at \(start)"
    return StorageError(.missing, "entry \(self.first) is not in the log: \(extent)")
  }
}

extension EntrySlice {
  /// The first entries, of no more than this many bytes of payload, but at least one.
  fileprivate func prefix(ofAbout byteLimit: Int) -> EntrySlice {
    guard self.byteCount > byteLimit else { return self }
    return EntrySlice(
      self.chunk, offsets: self.offsets.prefix(max(1, self.countFitting(byteLimit))))
  }
}
