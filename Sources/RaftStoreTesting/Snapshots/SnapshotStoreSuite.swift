internal import Raft

/// What every snapshot store must do.
public enum SnapshotStoreSuite {
  /// The cases.
  public static let cases: [StoreCase] = visibility + content + announcements + replacement

  private static let whole = "a snapshot becomes visible as a whole or not at all"

  /// When a snapshot can be seen.
  private static let visibility: [StoreCase] = [
    StoreCase(
      "A fresh snapshot store has no snapshot", contract: "latest is nil if there is no snapshot"
    ) { bench in
      try await bench.expectNoSnapshot()
    },
    StoreCase("A snapshot that is being written is invisible", contract: whole) { bench in
      let meta = StoreBench.meta(at: 10)
      let content = StoreBench.content(300_000, seed: 1)
      let writer = try await bench.snapshots.begin(meta)
      try await bench.expectNoSnapshot()
      for piece in StoreBench.pieces(content, [100_000, 100_000]) {
        try await writer.write(piece)
        try await bench.expectNoSnapshot()
      }
      _ = try await writer.commit()
      try await bench.expectLatest(meta, content: content)
    },
    StoreCase(
      "An abandoned snapshot is never seen", contract: "abandon forgets what was written"
    ) { bench in
      let writer = try await bench.snapshots.begin(StoreBench.meta(at: 10))
      try await writer.write(StoreBench.content(1000, seed: 1))
      await writer.abandon()
      try await bench.expectNoSnapshot()
      let content = StoreBench.content(500, seed: 2)
      try await bench.store(StoreBench.meta(at: 8), pieces: [content])
      try await bench.expectLatest(StoreBench.meta(at: 8), content: content)
    },
    StoreCase(
      "An abandoned snapshot leaves the one before it in place",
      contract: "abandon forgets what was written"
    ) { bench in
      let content = StoreBench.content(500, seed: 2)
      try await bench.store(StoreBench.meta(at: 8), pieces: [content])
      let writer = try await bench.snapshots.begin(StoreBench.meta(at: 10))
      try await writer.write(StoreBench.content(1000, seed: 1))
      try await bench.expectLatest(StoreBench.meta(at: 8), content: content)
      await writer.abandon()
      try await bench.expectLatest(StoreBench.meta(at: 8), content: content)
    },
    StoreCase(
      "The snapshot that a commit returns is the one that was written",
      contract: "commit returns the complete snapshot, which stays readable"
    ) { bench in
      let meta = StoreBench.meta(at: 10)
      let content = StoreBench.content(2000, seed: 1)
      let stored = try await bench.store(meta, pieces: StoreBench.pieces(content, [700]))
      try await StoreBench.expectSnapshot(stored, is: meta, content: content)
      let latest = try await bench.expectLatest(meta, content: content)
      try expect(stored.meta, is: latest.meta, "description of the newest snapshot")
    },
  ]

  /// What is read.
  private static let content: [StoreCase] = [
    StoreCase(
      "An empty snapshot is a snapshot", contract: "the content is what was written, if nothing"
    ) { bench in
      try await bench.store(StoreBench.meta(at: 3), pieces: [])
      try await bench.expectLatest(StoreBench.meta(at: 3), content: [])
      try await bench.store(StoreBench.meta(at: 4), pieces: [[], []])
      try await bench.expectLatest(StoreBench.meta(at: 4), content: [])
    },
    StoreCase(
      "Content in uneven pieces is put together in order",
      contract: "write adds bytes to the content; next gives them from the start"
    ) { bench in
      let content = StoreBench.content(200_000, seed: 5)
      let pieces = StoreBench.pieces(content, [0, 1, 2, 65_536, 65_535, 0, 17, 65_537])
      try await bench.store(StoreBench.meta(at: 10), pieces: pieces)
      try await bench.expectLatest(StoreBench.meta(at: 10), content: content)
    },
    StoreCase(
      "Content of several megabytes is kept",
      contract: "write adds bytes to the content; next gives them from the start"
    ) { bench in
      let content = StoreBench.content(3_000_003, seed: 6)
      let pieces = StoreBench.pieces(content, Array(repeating: 40_000, count: 60))
      try await bench.store(StoreBench.meta(at: 10), pieces: pieces)
      try await bench.expectLatest(StoreBench.meta(at: 10), content: content)
    },
    StoreCase(
      "A snapshot can be read again and again",
      contract: "read gives the content from the start, each time"
    ) { bench in
      let content = StoreBench.content(150_000, seed: 7)
      let stored = try await bench.store(StoreBench.meta(at: 10), pieces: [content])
      let first = try await stored.read()
      let start = try await first.next() ?? []
      try StoreBench.expectContent(try await StoreBench.rest(of: stored.read()), is: content)
      try StoreBench.expectContent(start + (try await StoreBench.rest(of: first)), is: content)
      try await bench.expectLatest(StoreBench.meta(at: 10), content: content)
    },
    StoreCase(
      "A snapshot keeps its membership and its form",
      contract: "the description of a snapshot is the one it was begun with, completed"
    ) { bench in
      for (number, membership) in [Memberships.joint, Memberships.dropping].enumerated() {
        let meta = SnapshotMeta(
          lastLogID: LogID(term: .init(1 << 40), node: 3, index: 70 + number),
          membership: LoggedMembership(
            logID: LogID(term: 6, node: 2, index: 66), membership: membership),
          form: .handle)
        try await bench.store(meta, pieces: [[1, 2, 3]])
        try await bench.expectLatest(meta, content: [1, 2, 3])
      }
    },
    StoreCase(
      "A snapshot may stand for a log without a membership",
      contract: "the description of a snapshot is the one it was begun with, completed"
    ) { bench in
      let meta = SnapshotMeta(lastLogID: LogID(term: 1, node: 1, index: 0), membership: .none)
      try await bench.store(meta, pieces: [[9]])
      try await bench.expectLatest(meta, content: [9])
    },
    StoreCase(
      "The hash of a snapshot tells contents apart, however they were cut",
      contract: "the content hash is that of the content, and finds the same snapshot again"
    ) { bench in
      let content = StoreBench.content(100_000, seed: 8)
      var other = content
      other[50_000] ^= 1
      let whole = try await bench.store(StoreBench.meta(at: 1), pieces: [content])
      let cut = try await bench.store(
        StoreBench.meta(at: 2), pieces: StoreBench.pieces(content, [1, 3, 70_001]))
      let changed = try await bench.store(StoreBench.meta(at: 3), pieces: [other])
      try expect(cut.meta.contentHash, is: whole.meta.contentHash, "hash of the same content")
      guard changed.meta.contentHash == whole.meta.contentHash else { return }
      throw Deviation(
        expected: "another hash for content that differs in one bit",
        found: "\(changed.meta.contentHash) for both")
    },
  ]

  /// What a sender announced.
  private static let announcements: [StoreCase] = [
    StoreCase(
      "A snapshot with other content than was announced is refused",
      contract: "commit makes nothing visible unless length and hash are the announced ones"
    ) { bench in
      let content = StoreBench.content(100_000, seed: 9)
      var announced = try await bench.store(StoreBench.meta(at: 5), pieces: [content]).meta
      announced.lastLogID = StoreBench.meta(at: 10).lastLogID
      announced.timestamp = StoreBench.meta(at: 10).timestamp
      var other = content
      other[70_000] ^= 1
      for pieces in [[other], [content, [0]], []] {
        let writer = try await bench.snapshots.begin(announced)
        for piece in pieces { try await writer.write(piece) }
        do throws(StorageError) {
          _ = try await writer.commit()
        } catch {
          try expect(error.kind, is: .corrupted, "kind of the refusal")
          try await bench.expectLatest(StoreBench.meta(at: 5), content: content)
          continue
        }
        throw Deviation(
          expected: "content that was not announced to be refused", found: "a snapshot")
      }
      let writer = try await bench.snapshots.begin(announced)
      try await writer.write(content)
      _ = try await writer.commit()
      try await bench.expectLatest(StoreBench.meta(at: 10), content: content)
    }
  ]

  /// What becomes of earlier snapshots.
  private static let replacement: [StoreCase] = [
    StoreCase(
      "A later snapshot takes the place of an earlier one",
      contract: "commit makes the snapshot the newest one of its store"
    ) { bench in
      for index in 1...5 {
        let content = StoreBench.content(1000 * index, seed: UInt64(index))
        let meta = StoreBench.meta(at: LogIndex(UInt64(index) * 100))
        try await bench.store(meta, pieces: [content])
        try await bench.expectLatest(meta, content: content)
      }
    },
    StoreCase(
      "A snapshot that reaches further stays the newest",
      contract: "if the store holds a snapshot that reaches further, that one stays the newest"
    ) { bench in
      let older = try await bench.snapshots.begin(StoreBench.meta(at: 10))
      try await older.write(StoreBench.content(1000, seed: 1))
      let content = StoreBench.content(2000, seed: 2)
      try await bench.store(StoreBench.meta(at: 20), pieces: [content])
      try await older.write(StoreBench.content(1000, seed: 3))
      _ = try await older.commit()
      try await bench.expectLatest(StoreBench.meta(at: 20), content: content)
    },
    StoreCase(
      "A snapshot of a later leadership reaches further",
      contract: "positions are ordered by leadership, then by index"
    ) { bench in
      let content = StoreBench.content(2000, seed: 2)
      try await bench.store(StoreBench.meta(at: 20, term: 3), pieces: [[1]])
      try await bench.store(StoreBench.meta(at: 21, term: 4), pieces: [content])
      try await bench.store(StoreBench.meta(at: 19, term: 3), pieces: [[2]])
      try await bench.expectLatest(StoreBench.meta(at: 21, term: 4), content: content)
    },
    StoreCase(
      "A snapshot stays readable while a newer one takes its place",
      contract: "a snapshot stays readable for as long as somebody holds it"
    ) { bench in
      let old = StoreBench.content(300_000, seed: 1)
      let new = StoreBench.content(200_000, seed: 2)
      let held = try await bench.store(
        StoreBench.meta(at: 10), pieces: StoreBench.pieces(old, [100_000, 100_000]))
      let reader = try await held.read()
      let start = try await reader.next() ?? []
      for index in [20, 30] as [LogIndex] {
        try await bench.store(StoreBench.meta(at: index), pieces: [new])
      }
      try StoreBench.expectContent(start + (try await StoreBench.rest(of: reader)), is: old)
      try await StoreBench.expectSnapshot(held, is: StoreBench.meta(at: 10), content: old)
      try await bench.expectLatest(StoreBench.meta(at: 30), content: new)
    },
    StoreCase(
      "Two snapshots written at the same time do not mix",
      contract: "methods may be called while a snapshot is being written"
    ) { bench in
      let contents = [1, 2].map { StoreBench.content(150_000, seed: $0) }
      let first = try await bench.snapshots.begin(StoreBench.meta(at: 10))
      let second = try await bench.snapshots.begin(StoreBench.meta(at: 20))
      for start in stride(from: 0, to: 150_000, by: 30_000) {
        try await first.write(Array(contents[0][start..<(start + 30_000)]))
        try await second.write(Array(contents[1][start..<(start + 30_000)]))
      }
      _ = try await first.commit()
      try await bench.expectLatest(StoreBench.meta(at: 10), content: contents[0])
      _ = try await second.commit()
      try await bench.expectLatest(StoreBench.meta(at: 20), content: contents[1])
    },
  ]
}
