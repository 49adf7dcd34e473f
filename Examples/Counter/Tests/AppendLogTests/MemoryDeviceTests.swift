import AppendLog
import Raft
import RaftFileStore
import RaftFiles
import RaftStoreTesting
import Synchronization
import Testing

/// A file in memory that keeps apart what was synced.
final class MemoryDevice: LogDevice {
  struct Content {
    var bytes: [UInt8] = []
    var synced = 0
    var isBroken = false
  }
  let content: Mutex<Content>
  init(_ bytes: [UInt8] = []) { content = Mutex(Content(bytes: bytes, synced: bytes.count)) }

  private func change(_ body: (inout Content) -> Void) throws(StorageError) {
    try content.withLock { content throws(StorageError) in
      if content.isBroken { throw StorageError(.io, "the device is broken") }
      body(&content)
    }
  }
  func readAll() -> [UInt8] { content.withLock { $0.bytes } }
  func append(_ bytes: [UInt8]) throws(StorageError) { try change { $0.bytes += bytes } }
  func truncate(to size: Int) throws(StorageError) {
    try change {
      $0.bytes.removeLast($0.bytes.count - size)
      $0.synced = min($0.synced, size)
    }
  }
  func sync() throws(StorageError) { try change { $0.synced = $0.bytes.count } }
  func close() {}
  func breaks(_ isBroken: Bool) { content.withLock { $0.isBroken = isBroken } }

  func remains(seed: UInt64) -> MemoryDevice {
    content.withLock { content in
      let unsynced = content.bytes.count - content.synced
      let kept = Int((seed &* 0x9E37_79B9_7F4A_7C15) >> 33) % (unsynced + 1)
      return MemoryDevice(Array(content.bytes[0..<(content.synced + kept)]))
    }
  }
}

struct Place: Sendable {
  var device = MemoryDevice()
  var files = SimulatedFileSystem()
}

struct DeviceStores: CrashingStoreFactory, FailingStoreFactory, DamagingStoreFactory {
  let retention = StoreRetention.acrossReopening

  func makePlace() -> Place { Place() }

  func openStores(at place: Place) async throws -> StorePair {
    let store = try await FileStore.open(directory: "/data", node: 1, fileSystem: place.files)
    let other = store.log
    return StorePair(
      log: AppendLog(on: place.device) { await other.close() }, snapshots: store.snapshots)
  }

  func removePlace(_ place: Place) {}

  func remains(of place: Place, seed: UInt64) -> Place {
    let device = place.device.remains(seed: seed)  // first: snapshots may be ahead, never behind
    let files = place.files.copy()
    files.crash(.torn(seed: seed))
    return Place(device: device, files: files)
  }

  func breakDevice(of place: Place) {
    place.device.breaks(true)
    place.files.failEverything(with: .ioError)
  }

  func repairDevice(of place: Place) {
    place.device.breaks(false)
    place.files.failEverything(with: nil)
  }

  func byteCount(of medium: StoreMedium, at place: Place) throws -> Int {
    switch medium {
    case .log: place.device.readAll().count
    case .snapshots: try place.files.readFile(at: Self.snapshot(of: place)).count
    }
  }

  func copy(of place: Place, damaging medium: StoreMedium, at offset: Int) throws -> Place {
    var bytes = place.device.readAll()
    let files = place.files.copy()
    switch medium {
    case .log: bytes[offset] = ~bytes[offset]
    case .snapshots:
      let path = try Self.snapshot(of: place)
      var content = try files.readFile(at: path)
      content[offset] = ~content[offset]
      try files.replaceFile(at: path, with: content)
    }
    return Place(device: MemoryDevice(bytes), files: files)
  }

  /// The file of the newest snapshot.
  private static func snapshot(of place: Place) throws -> String {
    let folder = "/data/snapshots"
    return FilePath.joining(folder, try place.files.names(in: folder).last ?? "")
  }
}

@Test(arguments: StoreTestSuite.cases(for: DeviceStores()))
func conforms(_ rule: StoreCase) async throws {
  try await rule.run(against: DeviceStores())
}
