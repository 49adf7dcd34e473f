import Glibc
import RaftCommandLine
import RaftJSON
import TestPace
import Testing

@testable import raft_kv

#if RocksDB
import Raft
import RaftHTTP
import RaftMemoryStore
import RaftRocksDBStore

@Suite("A server keeps everything in RocksDB", .realTime, .timeLimit(.minutes(5)))
struct RocksDBTests {
  private static func serve(
    _ id: Int, api: String = "127.0.0.1:0", raft: String = "127.0.0.1:0", _ others: [String]
  ) -> [String] {
    [
      "serve", "--id", "\(id)", "--api-addr", api, "--raft-addr", raft, "--parent", "\(getpid())",
      "--snapshot-after", "50", "--entries-kept", "3", "--entries-kept-for-peers", "0",
      "--heartbeat-interval", "100",
      "--election-timeout-min", "500", "--election-timeout-max", "1000",
    ] + others
  }

  @Test("What a server acknowledged is there after kill -9, with snapshots and purges on the way")
  func kill() async throws {
    try await Program.withFolder { folder in
      let loop = try EventLoop.start(named: "test-client")
      let http = HTTPClient(on: loop)
      var written = 0
      for life in 0..<3 {
        let child = try await Program.start(
          Self.serve(1, ["--data", "\(folder)/data", "--store", "rocksdb"]), in: folder)
        let line = try #require(await child.line(within: .seconds(60)))
        let api = try SocketAddress(
          parsing: try JSONDocument(line).root["ready"]["api_addr"].string())
        let client = KVClient([api], http: http, patience: .ample)
        if life == 0 { try await client.found(at: api) }
        for number in 0..<written {
          let value = try await client.read(Key("key-\(number)"))
          #expect(value?.value == "value-\(number)")
        }
        for _ in 0..<80 {
          _ = try await client.write(
            .set(key: Key("key-\(written)"), value: "value-\(written)"))
          written += 1
        }
        child.signal(SIGKILL)
        #expect(await child.end(within: .seconds(20)) == .killed(signal: SIGKILL))
      }
      await http.close()
      await loop.shutdown()
      let other = try await Program.run(
        [
          "serve", "--id", "1", "--api-addr", "127.0.0.1:0", "--raft-addr", "127.0.0.1:0", "--data",
          "\(folder)/data",
        ], in: folder)
      #expect(other.ending == .exited(2))
      #expect(other.errors.contains("holds a rocksdb store: serve it with --store rocksdb"))
      let look = try await Program.run(
        ["recover", "--id", "1", "--data", "\(folder)/data"], in: folder)
      #expect(look.ending == .exited(1))
      #expect(look.errors.contains("node 1 is the only voter already"))
    }
  }

  @Test(
    "Servers with maps in memory and in RocksDB make one cluster, and send each other snapshots")
  func mixedCluster() async throws {
    try await Program.withFolder { folder in
      let loop = try EventLoop.start(named: "test-client")
      let http = HTTPClient(on: loop)
      func start(_ arguments: [String]) async throws -> (ChildProcess, JSONNode) {
        let child = try await Program.start(arguments, in: folder)
        let line = try #require(await child.line(within: .seconds(60)))
        return (child, try JSONDocument(line).root["ready"])
      }
      func address(_ ready: JSONNode, _ name: String) throws -> SocketAddress {
        try SocketAddress(parsing: ready[name].string())
      }
      let kept = ["--data", "\(folder)/three", "--store", "rocksdb"]
      let (first, one) = try await start(
        Self.serve(1, ["--data", "\(folder)/one", "--store", "rocksdb"]))
      let client = KVClient([try address(one, "api_addr")], http: http, patience: .ample)
      try await client.found(at: address(one, "api_addr"))
      for number in 0..<120 {
        _ = try await client.write(.set(key: Key("key-\(number)"), value: "value-\(number)"))
      }
      // The log behind is purged: both get a snapshot of the map in RocksDB.
      let (second, two) = try await start(Self.serve(2, []))
      var (third, three) = try await start(Self.serve(3, kept))
      for (id, ready) in [(2, two), (3, three)] as [(NodeID, JSONNode)] {
        try await client.join(
          id, api: address(ready, "api_addr"), raft: address(ready, "raft_addr"))
      }
      // One that leads with its map in memory sends its own to the third, which was away.
      #expect(try await client.transferLeadership(to: 2) == 2)
      third.signal(SIGKILL)
      _ = await third.end(within: .seconds(20))
      for number in 0..<120 {
        _ = try await client.write(.set(key: Key("more-\(number)"), value: "value-\(number)"))
      }
      (third, three) = try await start(
        Self.serve(3, api: three["api_addr"].string(), raft: three["raft_addr"].string(), kept))
      #expect(try await client.transferLeadership(to: 3) == 3)
      for number in 0..<120 {
        #expect(try await client.read(Key("key-\(number)"))?.value == "value-\(number)")
        #expect(try await client.read(Key("more-\(number)"))?.value == "value-\(number)")
      }
      for child in [first, second, third] {
        child.signal(SIGTERM)
        #expect(await child.end(within: .seconds(20)) == .exited(0))
      }
      await http.close()
      await loop.shutdown()
    }
  }

  @Test("Maps in memory and in RocksDB write the same snapshots, and restore each other's")
  func snapshots() async throws {
    try await Program.withFolder { folder in
      let store = try await RocksDBStore.open(directory: "\(folder)/one", node: 1)
      let other = try await RocksDBStore.open(directory: "\(folder)/two", node: 1)
      var kept = KVReplica(keptIn: store.machine)
      var memory = KVReplica()
      #expect(try await Self.content(kept) == Self.content(memory))
      for index in 0..<1500 as Range<UInt64> {
        let key = Key("k\(index % 1100)\u{E9}\"}")
        let command: KVCommand =
          index % 3 == 0
          ? .compareAndSet(key: key, expectedVersion: index - min(index, 1100), value: "c{\(index)")
          : .set(key: key, value: "s,\(index)\\")
        let context = ApplyContext(
          logID: LogID(term: 1, node: 1, index: LogIndex(index)), timestamp: .epoch)
        #expect(try kept.apply(command, in: context) == memory.apply(command, in: context))
      }
      #expect(kept.digest == memory.digest)
      let content = try await Self.content(kept)
      #expect(try await content == Self.content(memory))
      let meta = SnapshotMeta(
        lastLogID: LogID(term: 1, node: 1, index: 1499),
        membership: LoggedMembership(
          logID: LogID(term: 1, node: 1, index: 0),
          membership: try Membership(voters: [Member(id: 1, address: "a")])))
      var restored = KVReplica(keptIn: other.machine)
      try await restored.restore(from: meta, reading: Pieces(content, of: 999))
      #expect(restored.digest == memory.digest)
      #expect(try await Self.content(restored) == content)
      var again = KVReplica(keptIn: other.machine)
      #expect(try Self.recovered(&again) == meta.lastLogID)
      #expect(again.digest == memory.digest)
      await store.log.close()
      await other.log.close()
    }
  }

  /// What the machine says of itself; its own method, not the one that all machines have.
  private static func recovered(_ machine: inout KVReplica) throws -> LogID? {
    try machine.recover()
  }

  private static func content(_ machine: KVReplica) async throws -> [UInt8] {
    let writer = try await MemorySnapshotStore().begin(
      SnapshotMeta(
        lastLogID: LogID(term: 1, node: 1, index: 1),
        membership: LoggedMembership(
          logID: LogID(term: 1, node: 1, index: 0),
          membership: try Membership(voters: [Member(id: 1, address: "a")]))))
    try await machine.freeze().write(to: SnapshotSink(writer))
    let reader = try await writer.commit().read()
    var bytes: [UInt8] = []
    while let piece = try await reader.next() { bytes += piece }
    return bytes
  }
}

/// Content in pieces of this many bytes.
private final class Pieces: SnapshotReader {
  private let pieces: MemoryPieces

  init(_ bytes: [UInt8], of size: Int) {
    self.pieces = MemoryPieces(bytes, of: size)
  }

  func next() async throws(StorageError) -> [UInt8]? { await self.pieces.next() }
}

private actor MemoryPieces {
  private var rest: ArraySlice<UInt8>
  private let size: Int

  init(_ bytes: [UInt8], of size: Int) {
    self.rest = bytes[...]
    self.size = size
  }

  func next() -> [UInt8]? {
    guard !self.rest.isEmpty else { return nil }
    defer { self.rest = self.rest.dropFirst(self.size) }
    return Array(self.rest.prefix(self.size))
  }
}
#else

@Suite("A program without RocksDB")
struct RocksDBTests {
  @Test("It says in one sentence how to build one that has it")
  func advice() async throws {
    try await Program.withFolder { folder in
      let outcome = try await Program.run(
        [
          "serve", "--id", "1", "--api-addr", "127.0.0.1:0", "--raft-addr", "127.0.0.1:0", "--data",
          "\(folder)/data", "--store", "rocksdb",
        ], in: folder)
      #expect(outcome.ending == .exited(2))
      #expect(
        outcome.errors
          == "raft-kv: the data folder \(folder)/data cannot be used: this raft-kv was built without "
          + "RocksDB: install librocksdb-dev, and build it with 'swift build --traits RocksDB "
          + "--product raft-kv'\n")
      #expect(access("\(folder)/data", F_OK) != 0)
    }
  }
}
#endif

@Suite("A JSON object in parts")
struct ObjectPartsTests {
  @Test(
    "Parts are whole objects with all members, wherever the pieces are cut",
    arguments: [1, 7, 9999])
  func parts(size: Int) throws {
    var writer = JSONWriter()
    let count = 3000
    writer.object { writer in
      for number in 0..<count { writer.member("k,\"\\{\(number)", "v}],\(number)\\\"") }
    }
    let bytes = writer.finish()
    var parts = ObjectParts()
    var names: [String] = []
    var partCount = 1
    for start in stride(from: 0, to: bytes.count, by: size) {
      guard let part = parts.take(Array(bytes[start..<min(start + size, bytes.count)])) else {
        continue
      }
      partCount += 1
      for (name, _) in try JSONDocument(part).root.members() { names.append(name) }
    }
    for (name, _) in try JSONDocument(parts.rest).root.members() { names.append(name) }
    #expect(names == (0..<count).map { "k,\"\\{\($0)" })
    #expect(partCount >= 2)
  }
}
