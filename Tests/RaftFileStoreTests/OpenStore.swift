import Raft
import RaftFileStore
import RaftFiles
import RaftStoreTesting
import Testing

/// A file store under test, used step by step.
struct OpenStore {
  static let directory = "/data/node"

  let store: FileStore
  let loaded: StoredLog

  /// Opens the directory and loads the log.
  static func open(
    _ fileSystem: any FileSystem, directory: String = Self.directory, node: NodeID = 7,
    cluster: ClusterID? = nil, segmentSize: Int = 1 << 20,
    allocation: SegmentAllocation = .asWritten, reserveSize: Int = 0, tailSize: Int = 1 << 20,
    sealDelay: Duration? = nil
  ) async throws(StorageError) -> OpenStore {
    let store = try await FileStore.open(
      directory: directory, node: node, cluster: cluster, fileSystem: fileSystem,
      configuration: FileStoreConfiguration(
        segmentSize: segmentSize, segmentAllocation: allocation, reserveSize: reserveSize,
        tailSize: tailSize, sealDelay: sealDelay, scrubRate: nil))
    do throws(StorageError) {
      return OpenStore(store: store, loaded: try await store.log.load())
    } catch {
      await store.close()
      throw error
    }
  }

  /// Writes, and waits until that is durable.
  func flush(
    onReport: @escaping @Sendable (StorageError?) -> Void = { _ in },
    _ write: (IOCompletion) -> Durability
  ) async throws(StorageError) {
    let result = await withCheckedContinuation { continuation in
      let io = IOID(sequence: 1, vote: .initial, logID: nil)
      let durability = write(
        IOCompletion(io: io) { _, error in
          onReport(error)
          continuation.resume(returning: error.map { Result.failure($0) } ?? .success(()))
        })
      precondition(durability == .pending)
    }
    try result.get()
  }

  /// Takes a step, and waits until it is durable if the contract lets it.
  func take(
    _ step: Step, next: LogIndex, after model: StoreModel,
    onReport: @escaping @Sendable (StorageError?) -> Void = { _ in }
  ) async throws(StorageError) {
    let log = self.store.log
    switch step {
    case .adopt(let cluster):
      try await self.flush(onReport: onReport) { log.adopt(cluster, completion: $0) }
    case .vote(let vote):
      try await self.flush(onReport: onReport) { log.save(vote, completion: $0) }
    case .append:
      guard let slice = step.slice(from: next) else { return }
      try await self.flush(onReport: onReport) { log.append(slice, completion: $0) }
    case .note(let index):
      if let logID = model.item(index)?.logID { log.note(committed: logID) }
    case .truncate(let index): log.truncate(after: model.item(index)?.logID)
    case .purge(let logID): log.purge(through: logID)
    case .snapshot(let logID):
      let writer = try await self.store.snapshots.begin(
        SnapshotMeta(lastLogID: logID, membership: .none))
      let content = Step.content(logID)
      try await writer.write(Array(content[..<300]))
      try await writer.write(Array(content[300...]))
      _ = try await writer.commit()
    }
  }

  /// All that the store holds, read back.
  func contents() async throws -> StoreModel {
    var model = StoreModel(
      cluster: self.loaded.cluster, vote: self.loaded.vote, purged: self.loaded.purged,
      committed: self.loaded.committed)
    if let last = self.loaded.last {
      while model.next <= last.index {
        let slices = try await self.store.log.entries(
          from: model.next, through: last.index, byteLimit: 1 << 16)
        for slice in slices { model.entries += StoreModel.items(slice) }
      }
    }
    #expect(model.last == self.loaded.last)
    if let snapshot = try await self.store.snapshots.latest() {
      model.snapshot = snapshot.meta.lastLogID
      let reader = try await snapshot.read()
      var content: [UInt8] = []
      while let piece = try await reader.next() { content += piece }
      #expect(content == Step.content(snapshot.meta.lastLogID))
    }
    return model
  }
}
