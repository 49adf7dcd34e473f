import Raft
import RaftStoreCoding
import Testing

@Suite("What stores keep comes back from its bytes")
struct StoreCodableTests {
  private static let leader = LeaderID(term: 7, node: 3)

  private static func membership() throws -> Membership {
    try Membership(
      configurations: [[1, 2, 3], [2, 3, 4]],
      members: [
        Member(id: 1, address: "a:1", name: "one", metadata: ["zone": "x", "api": "a:2"]),
        Member(id: 2, address: "b:1", incarnation: Incarnation(9)),
        Member(id: 3, address: "c:1", role: .witness),
        Member(id: 4, address: "d:1"),
        Member(id: 5, address: "e:1", isPromotedWhenCaughtUp: true),
      ],
      leavingRule: .drop(except: [1]),
      terms: .init(
        cluster: ClusterID(high: 1, low: 2, generation: 3), leadershipRule: .onePerTerm,
        largestPromise: 150_000_000, featureLevel: 4))
  }

  private static func entries() -> EntrySlice {
    let run = EntryRun(
      leader: Self.leader, first: 40, count: 4, byteCount: 6, kind: .command,
      timestamp: Timestamp(nanoseconds: 123_456_789))
    return EntrySlice(EntryChunk(run: run, bytes: [1, 2, 3, 4, 5, 6], ends: [1, 1, 4, 6]))
  }

  /// Whether the value comes back, also from a part of a larger array.
  private static func comesBack<Value: StoreCodable & Equatable>(_ value: Value) throws -> Bool {
    let bytes = value.encoded()
    return try Value(decoding: bytes) == value
      && Value(decoding: ([7] + bytes + [8]).dropFirst().dropLast()) == value
  }

  @Test("Votes, positions, clusters, memberships and snapshots' heads come back whole")
  func values() throws {
    let position = LogID(leader: Self.leader, index: 1_000_000_000_000)
    #expect(try Self.comesBack(Vote(leader: Self.leader, isCommitted: true)))
    #expect(try Self.comesBack(position))
    #expect(try Self.comesBack(ClusterID(high: .max, low: 5, generation: 6)))
    #expect(try Self.comesBack(try Self.membership()))
    #expect(
      try Self.comesBack(
        SnapshotMeta(
          lastLogID: position,
          membership: LoggedMembership(logID: position, membership: try Self.membership()),
          timestamp: Timestamp(nanoseconds: 5), form: .data, byteCount: 77, contentHash: 88)))
  }

  @Test("A slice is encoded without the rest of its chunk, and comes back entry by entry")
  func slices() throws {
    let part = try #require(Self.entries().clamped(from: 41, through: 42))
    let bytes = part.encoded()
    #expect(bytes.count == 48 + 2 * 4 + 3)
    let back = try EntrySlice(decoding: bytes)
    #expect(back.run == part.run)
    #expect(back.chunk.run.count == 2)
    for index in [41, 42] as [LogIndex] {
      #expect(back.payload(at: index) == part.payload(at: index))
    }
    #expect(back.payload(at: 41) == [] && back.payload(at: 42) == [2, 3, 4])
  }

  @Test("A membership entry comes back with its membership")
  func membershipEntries() throws {
    let run = EntryRun(
      leader: Self.leader, first: 3, count: 1, byteCount: 0, kind: .membership,
      timestamp: Timestamp(nanoseconds: 1), membership: try Self.membership())
    let back = try EntrySlice(decoding: EntrySlice(EntryChunk(emptyPayloads: run)).encoded())
    #expect(back.run == run)
    #expect(back.byteCount == 0)
  }

  @Test("Bytes that are cut, or go on, are refused wherever that is")
  func refusesOtherLengths() throws {
    let all: [([UInt8], ([UInt8]) throws(StorageError) -> Void)] = [
      (
        Vote(leader: Self.leader, isCommitted: false).encoded(),
        { (bytes) throws(StorageError) in _ = try Vote(decoding: bytes) }
      ),
      (
        try Self.membership().encoded(),
        { (bytes) throws(StorageError) in _ = try Membership(decoding: bytes) }
      ),
      (
        Self.entries().encoded(),
        { (bytes) throws(StorageError) in _ = try EntrySlice(decoding: bytes) }
      ),
    ]
    for (bytes, decode) in all {
      for count in 0..<bytes.count {
        let cut = Array(bytes[..<count])
        #expect(Self.kind { () throws(StorageError) in try decode(cut) } == .corrupted)
      }
      #expect(Self.kind { () throws(StorageError) in try decode(bytes + [0]) } == .corrupted)
    }
  }

  @Test("A membership of a newer version is foreign, not damaged")
  func refusesNewer() throws {
    var bytes = try Self.membership().encoded()
    bytes[4] = 200  // behind the length
    let newer = bytes
    #expect(
      Self.kind { () throws(StorageError) in _ = try Membership(decoding: newer) } == .foreign)
  }

  private static func kind(_ body: () throws(StorageError) -> Void) -> StorageError.Kind? {
    do {
      try body()
      return nil
    } catch {
      return error.kind
    }
  }
}
