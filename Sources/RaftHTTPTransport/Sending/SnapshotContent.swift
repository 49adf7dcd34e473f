internal import Raft

/// Cuts a snapshot's content into pieces for the messages.
struct SnapshotContent {
  private let reader: any SnapshotReader
  /// What was read beyond the last piece.
  private var rest: ArraySlice<UInt8> = []
  private(set) var offset: UInt64 = 0

  init(_ reader: any SnapshotReader) {
    self.reader = reader
  }

  /// The next piece, of this size unless it is the last one; empty at the end.
  mutating func next(byteCount: Int) async throws(TransportError) -> [UInt8] {
    var piece: [UInt8] = []
    while piece.count < byteCount, try await self.fill() {
      let part = self.rest.prefix(byteCount - piece.count)
      piece += part
      self.rest = self.rest.dropFirst(part.count)
    }
    self.offset += UInt64(piece.count)
    return piece
  }

  /// Passes over the content before this place.
  mutating func skip(to offset: UInt64) async throws(TransportError) {
    while self.offset < offset, try await self.fill() {
      let count = Int(min(UInt64(self.rest.count), offset - self.offset))
      self.rest = self.rest.dropFirst(count)
      self.offset += UInt64(count)
    }
  }

  /// Sees to it that there is something at hand; false at the end of the content.
  private mutating func fill() async throws(TransportError) -> Bool {
    while self.rest.isEmpty {
      do throws(StorageError) {
        guard let bytes = try await self.reader.next() else { return false }
        self.rest = bytes[...]
      } catch {
        throw .remote("the snapshot could not be read on this side: \(error)")
      }
    }
    return true
  }
}
