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
      var values: [Key: VersionedValue] = [:]
      for key in keys[start...].prefix(Self.pieceCount) { values[key] = self.values[key] }
      try await sink.write(
        Self.members(of: values, after: UInt8(ascii: start == 0 ? "{" : ",")))
    }
    try await sink.write(Array("}".utf8))
  }

  /// The members, sorted by key, with this before them and without a brace behind them.
  static func members(of values: [Key: VersionedValue], after separator: UInt8) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      for key in values.keys.sorted() { writer.member(key.text, values[key]) }
    }
    // One object in several pieces.
    var piece = writer.finish()
    piece[0] = separator
    piece.removeLast()
    return piece
  }
}
