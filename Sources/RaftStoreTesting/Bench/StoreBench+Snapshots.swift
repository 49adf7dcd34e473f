internal import Raft

extension StoreBench {
  /// Writes these pieces as a snapshot and commits it.
  @discardableResult
  func store(
    _ meta: SnapshotMeta, pieces: [[UInt8]]
  ) async throws -> any StoredSnapshot {
    self.past?.began(meta, content: pieces.flatMap(\.self))
    let writer = try await self.snapshots.begin(meta)
    for piece in pieces {
      try await writer.write(piece)
      self.past?.cut("after a piece of the snapshot at \(meta.lastLogID)")
    }
    let stored = try await writer.commit()
    self.past?.committed(meta.lastLogID)
    self.past?.cut("after the commit of the snapshot at \(meta.lastLogID)")
    return stored
  }

  /// Expects the newest snapshot to be this one.
  @discardableResult
  func expectLatest(
    _ meta: SnapshotMeta, content: [UInt8]
  ) async throws -> any StoredSnapshot {
    guard let latest = try await self.snapshots.latest() else {
      throw Deviation(expected: "the snapshot at \(meta.lastLogID)", found: "no snapshot")
    }
    try await Self.expectSnapshot(latest, is: meta, content: content)
    return latest
  }

  /// Expects that no snapshot is visible.
  func expectNoSnapshot() async throws {
    guard let latest = try await self.snapshots.latest() else { return }
    throw Deviation(expected: "no snapshot", found: "one at \(latest.meta.lastLogID)")
  }

  /// Expects a snapshot to stand for this, and to have this content.
  static func expectSnapshot(
    _ snapshot: any StoredSnapshot, is meta: SnapshotMeta, content: [UInt8]
  ) async throws {
    try expect(
      snapshot.meta.lastLogID, is: meta.lastLogID, "last position of the snapshot")
    try expect(
      snapshot.meta.membership, is: meta.membership, "membership of the snapshot")
    try expect(
      snapshot.meta.timestamp.nanoseconds, is: meta.timestamp.nanoseconds,
      "nanoseconds in the timestamp of the snapshot")
    try expect(snapshot.meta.form, is: meta.form, "form of the snapshot")
    try expect(
      snapshot.meta.byteCount, is: UInt64(content.count), "length of the snapshot")
    try self.expectContent(try await self.rest(of: snapshot.read()), is: content)
  }

  /// Expects the content of a snapshot.
  static func expectContent(_ found: [UInt8], is content: [UInt8]) throws(Deviation) {
    guard found != content else { return }
    let offset = zip(found, content).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    throw Deviation(
      expected: "\(content.count) bytes of content",
      found: "\(found.count) bytes that differ from byte "
        + "\(offset ?? min(found.count, content.count)) on")
  }

  /// What a reader still gives.
  static func rest(of reader: any SnapshotReader) async throws -> [UInt8] {
    var content: [UInt8] = []
    while let piece = try await reader.next() { content.append(contentsOf: piece) }
    return content
  }

  /// A snapshot of a cluster of three voters and a learner.
  static func meta(
    at index: LogIndex, term: Term = 1, form: SnapshotMeta.Form = .data
  ) -> SnapshotMeta {
    SnapshotMeta(
      lastLogID: LogID(term: term, node: 1, index: index),
      membership: LoggedMembership(
        logID: LogID(term: 1, node: 1, index: 0), membership: Memberships.simple),
      timestamp: EntryMaking.timestamp(at: index), form: form)
  }

  /// Content whose every byte depends on its place and on the seed.
  static func content(_ byteCount: Int, seed: UInt64) -> [UInt8] {
    EntryMaking.payload(
      of: LogID(term: 9, node: 9, index: LogIndex(seed)), byteCount: byteCount)
  }

  /// Content cut into pieces of these lengths, the last of which takes what is left.
  static func pieces(_ content: [UInt8], _ byteCounts: [Int]) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var start = 0
    for byteCount in byteCounts {
      let end = min(start + byteCount, content.count)
      pieces.append(Array(content[start..<end]))
      start = end
    }
    pieces.append(Array(content[start...]))
    return pieces
  }
}
