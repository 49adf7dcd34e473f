internal import Raft
internal import RaftCodec
internal import RaftFiles

/// The steps by which a directory is claimed, and made or recognised; they block.
struct FolderOpening: Sendable {
  /// What the steps end with.
  struct Opened: Sendable {
    let lock: any FileLock
    let identity: FolderIdentity
  }

  let layout: FolderLayout
  let fileSystem: any FileSystem
  let node: NodeID
  let cluster: ClusterID?
  let configuration: FileStoreConfiguration

  /// Claims the directory, and makes it if it is new or was never finished.
  func open() throws(StorageError) -> Opened {
    let lock = try onDisk { () throws(FileError) in
      try self.fileSystem.createDirectoryDurably(self.layout.root)
      return try self.fileSystem.lock(self.layout.lock)
    }
    let found = try FolderIdentity.read(in: self.layout, self.fileSystem)
    if found == nil { try self.expectNoLog() }
    if let found { try self.check(found) }
    guard let found, found.stage == .ready else {
      return Opened(lock: lock, identity: try self.make(found?.incarnation))
    }
    // What an earlier process left may not be durable, be it that its last sync failed: everything
    // to come relies on this file, so it is written anew.
    try self.write(found)
    return Opened(lock: lock, identity: found)
  }

  /// Refuses a cluster that the expected one does not admit.
  static func check(
    _ found: ClusterID, isAdmittedTo cluster: ClusterID, in layout: FolderLayout
  ) throws(StorageError) {
    // Either may have gone through a recovery that the other has not heard of.
    guard !cluster.admits(found), !found.admits(cluster) else { return }
    throw StorageError(
      .foreign,
      "\(layout.root) holds data of cluster \(found), not of \(cluster): correct the directory or "
        + "the cluster, or give the node a new directory")
  }

  private func check(_ found: FolderIdentity) throws(StorageError) {
    guard found.node == self.node else {
      throw StorageError(
        .foreign,
        "\(self.layout.root) holds the data of node \(found.node), not of node \(self.node): "
          + "correct the directory or the node's number")
    }
    guard let cluster = self.cluster, let own = found.cluster else { return }
    try Self.check(own, isAdmittedTo: cluster, in: self.layout)
  }

  /// Without its identity a log must not pass for the one of a new life.
  private func expectNoLog() throws(StorageError) {
    let names = try onDisk { () throws(FileError) in
      try self.fileSystem.status(of: self.layout.log) == nil
        ? [] : try self.fileSystem.names(in: self.layout.log)
    }
    guard names.contains(where: { FolderLayout.segmentNumber($0) != nil }) else { return }
    throw .damaged(self.layout.root, Self.isWithoutIdentity)
  }

  /// What is said of a directory that does not tell whose it is.
  static let isWithoutIdentity = "the file IDENTITY is missing, though there is a log"

  /// Makes the parts of the directory, the identity first and, once all are there, again.
  private func make(_ begun: Incarnation?) throws(StorageError) -> FolderIdentity {
    let incarnation =
      begun ?? self.configuration.newIncarnation ?? Incarnation(.random(in: .min ... .max))
    var identity = FolderIdentity(
      node: self.node, incarnation: incarnation, cluster: nil, stage: .making)
    var segments = SegmentFolder(
      layout: self.layout, fileSystem: self.fileSystem, node: self.node, incarnation: incarnation,
      allocation: self.configuration.segmentAllocation, segmentSize: self.configuration.segmentSize)
    try self.write(identity)
    try onDisk { () throws(FileError) in
      try self.fileSystem.createDirectoryDurably(self.layout.snapshots)
      try self.fileSystem.createDirectoryDurably(self.layout.log)
      let first = try segments.make(
        1, state: LogState(), previousEnd: nil, previousIndexOffset: nil)
      first.file.release()
    }
    identity.stage = .ready
    try self.write(identity)
    return identity
  }

  private func write(_ identity: FolderIdentity) throws(StorageError) {
    var reserve = self.reserve
    try onDisk { () throws(FileError) in
      try reserve.spending { () throws(FileError) in
        try self.fileSystem.replaceFile(at: self.layout.identity, with: identity.encoded)
      }
    }
  }

  private var reserve: DiskReserve {
    DiskReserve(self.layout, self.fileSystem, size: self.configuration.reserveSize)
  }
}
