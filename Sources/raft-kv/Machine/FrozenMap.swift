import Raft
import RaftJSON

/// The map at one moment; shares its memory with the living one until that is written to.
struct FrozenMap: FrozenState {
  let values: [Key: VersionedValue]

  /// How many entries are written in one piece.
  private static let pieceCount = 256

  /// Writes `{"key":{"value":"…","version":3},…}`, sorted by key, so that equal maps have equal
  /// snapshots.
  func write(to sink: SnapshotSink) async throws {
    let keys = self.values.keys.sorted()
    guard !keys.isEmpty else { return try await sink.write(Array("{}".utf8)) }
    for start in stride(from: 0, to: keys.count, by: Self.pieceCount) {
      var writer = JSONWriter()
      writer.object { writer in
        for key in keys[start...].prefix(Self.pieceCount) {
          writer.member(key.text, self.values[key])
        }
      }
      // One object in several pieces: commas in place of the inner braces.
      var piece = writer.finish()
      if start > 0 { piece[0] = UInt8(ascii: ",") }
      if start + Self.pieceCount < keys.count { piece.removeLast() }
      try await sink.write(piece)
    }
  }
}
