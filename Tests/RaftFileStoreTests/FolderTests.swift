import Raft
import RaftCodec
import RaftFileStore
import RaftFiles
import RaftStoreTesting
import Testing

@Suite("A directory belongs to one process, one node, one cluster")
struct FolderTests {
  private static func refusal(
    _ body: () async throws(StorageError) -> OpenStore
  ) async -> StorageError? {
    do {
      let open = try await body()
      await open.store.close()
      return nil
    } catch {
      return error
    }
  }

  @Test("A second opening is refused and names the process, until the first one closes")
  func locks() async throws {
    let disk = SimulatedFileSystem()
    let open = try await OpenStore.open(disk)
    let error = await Self.refusal { () throws(StorageError) in try await OpenStore.open(disk) }
    #expect(error?.kind == .locked)
    #expect(error?.message.contains("process \(disk.processID)") == true, "\(error as Any)")
    #expect(error?.message.contains("/data/node") == true)
    await open.store.close()
    let again = await Self.refusal { () throws(StorageError) in try await OpenStore.open(disk) }
    #expect(again == nil)
  }

  @Test("An opening that fails leaves the directory free at once")
  func failedOpeningUnlocks() async throws {
    let disk = SimulatedFileSystem()
    await (try OpenStore.open(disk)).store.close()
    for _ in 0..<30 {
      disk.failNext(.list, on: "/data/node/snapshots")
      let error = await Self.refusal { () throws(StorageError) in try await OpenStore.open(disk) }
      #expect(error?.kind == .io)
    }
    await (try OpenStore.open(disk)).store.close()
  }

  @Test("On the machine's disk too, a second opening names the process")
  func locksForReal() async throws {
    let directory = makeTemporaryDirectory()
    let open = try await OpenStore.open(SystemFileSystem(), directory: directory)
    let error = await Self.refusal { () throws(StorageError) in
      try await OpenStore.open(SystemFileSystem(), directory: directory)
    }
    #expect(error?.kind == .locked)
    #expect(error?.message.hasPrefix("process ") == true, "\(error as Any)")
    await open.store.close()
    try removeTemporaryDirectory(directory)
  }

  @Test("The directory of another node is refused")
  func refusesOtherNode() async throws {
    let disk = SimulatedFileSystem()
    await (try OpenStore.open(disk, node: 7)).store.close()
    let error = await Self.refusal { () throws(StorageError) in
      try await OpenStore.open(disk, node: 8)
    }
    #expect(error?.kind == .foreign)
    #expect(error?.message.contains("node 7, not of node 8") == true)
  }

  @Test("The directory of another cluster is refused, that of a recovered one is not")
  func refusesOtherCluster() async throws {
    let disk = SimulatedFileSystem()
    let cluster = ClusterID(high: 1, low: 2)
    let open = try await OpenStore.open(disk, cluster: cluster)
    try await open.flush { open.store.log.adopt(cluster, completion: $0) }
    await open.store.close()
    let error = await Self.refusal { () throws(StorageError) in
      try await OpenStore.open(disk, cluster: ClusterID(high: 1, low: 3))
    }
    #expect(error?.kind == .foreign)
    for generation in [0, 1] as [UInt32] {
      let again = try await OpenStore.open(
        disk, cluster: ClusterID(high: 1, low: 2, generation: generation))
      #expect(again.loaded.cluster == cluster)
      await again.store.close()
    }
  }

  @Test("A log bound to a cluster does not let itself be bound to another one")
  func adoptsOnce() async throws {
    let open = try await OpenStore.open(SimulatedFileSystem())
    let log = open.store.log
    try await open.flush { log.adopt(ClusterID(high: 1, low: 2), completion: $0) }
    try await open.flush { log.adopt(ClusterID(high: 1, low: 2, generation: 1), completion: $0) }
    await #expect {
      try await open.flush { log.adopt(ClusterID(high: 9, low: 2), completion: $0) }
    } throws: {
      ($0 as? StorageError)?.kind == .foreign
    }
    await open.store.close()
  }

  @Test("A newer version of the format is refused as foreign")
  func refusesNewerVersion() async throws {
    let disk = SimulatedFileSystem()
    await (try OpenStore.open(disk)).store.close()
    let file = try disk.open("/data/node/IDENTITY", .readWrite)
    try file.write([2], at: 4)
    let error = await Self.refusal { () throws(StorageError) in try await OpenStore.open(disk) }
    #expect(error?.kind == .foreign)
    #expect(error?.message.contains("upgrade") == true, "\(error as Any)")
  }

  @Test("Any byte of the identity turned is refused")
  func refusesDamagedIdentity() async throws {
    let disk = SimulatedFileSystem()
    await (try OpenStore.open(disk)).store.close()
    for offset in 0..<64 {
      let copy = disk.copy()
      try copy.flip(bit: offset % 8, at: offset, in: "/data/node/IDENTITY")
      let error = await Self.refusal { () throws(StorageError) in try await OpenStore.open(copy) }
      // A turned version looks like a newer one.
      #expect(error?.kind == (4..<8 ~= offset ? .foreign : .corrupted), "byte \(offset)")
    }
  }

  @Test("The identity is written as version 1 of the format says")
  func writesIdentity() async throws {
    let disk = SimulatedFileSystem()
    let store = try await FileStore.open(
      directory: "/data/node", node: 7, fileSystem: disk,
      configuration: FileStoreConfiguration(newIncarnation: Incarnation(0x0102_0304_0506_0708)))
    let open = OpenStore(store: store, loaded: try await store.log.load())
    try await open.flush {
      store.log.adopt(ClusterID(high: 0x1112, low: 0x2122, generation: 0x31), completion: $0)
    }
    await store.close()
    let bytes = try disk.readFile(at: "/data/node/IDENTITY")
    let fields: [[UInt8]] = [
      [0xF5, 0x4E, 0x4F, 0x44], [1, 0, 0, 0],
      [7, 0, 0, 0, 0, 0, 0, 0], [8, 7, 6, 5, 4, 3, 2, 1],
      [1], [1], [0x12, 0x11, 0, 0, 0, 0, 0, 0], [0x22, 0x21, 0, 0, 0, 0, 0, 0], [0x31, 0, 0, 0],
      [UInt8](repeating: 0, count: 14),
    ]
    #expect(bytes.count == 64)
    #expect(Array(bytes[..<60]) == fields.flatMap(\.self))
    var reader = ByteReader(bytes, in: 60..<64)
    #expect(try reader.readUInt32("checksum") == CRC32C.checksum(of: bytes, in: 0..<60))
  }

  @Test("A log without its identity is refused, and so are the segments of another directory")
  func refusesMixedFiles() async throws {
    let disk = SimulatedFileSystem()
    await (try OpenStore.open(disk)).store.close()
    await (try OpenStore.open(disk, directory: "/data/other")).store.close()
    let segment = "/log/00000000000000000001.log"
    let mixed = disk.copy()
    try mixed.replaceFile(
      at: "/data/node" + segment, with: try mixed.readFile(at: "/data/other" + segment))
    let foreign = await Self.refusal { () throws(StorageError) in try await OpenStore.open(mixed) }
    #expect(foreign?.kind == .foreign, "\(foreign as Any)")
    try disk.remove("/data/node/IDENTITY")
    let lost = await Self.refusal { () throws(StorageError) in try await OpenStore.open(disk) }
    #expect(lost?.kind == .corrupted)
  }

  @Test("An incarnation stays for as long as the directory, and is new in a new one")
  func keepsIncarnation() async throws {
    let disk = SimulatedFileSystem()
    let open = try await OpenStore.open(disk)
    let first = open.loaded.incarnation
    #expect(open.store.incarnation == first)
    await open.store.close()
    let again = try await OpenStore.open(disk)
    #expect(again.loaded.incarnation == first)
    await again.store.close()
    let other = try await OpenStore.open(disk, directory: "/data/other")
    #expect(other.loaded.incarnation != first)
    await other.store.close()
  }
}
