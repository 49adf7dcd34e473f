internal import Raft
internal import RaftCodec
internal import RaftFiles

/// The open directory of a file store: nobody else has it open.
final class Folder: Sendable {
  let layout: FolderLayout
  let fileSystem: any FileSystem
  /// Whose data this is, as of the opening.
  let identity: FolderIdentity
  /// The thread for snapshots, and for the opening itself.
  let thread: DiskThread
  private let lock: any FileLock
  private let expectedCluster: ClusterID?

  /// The directory of the log's segments, with this use of the disk.
  func segments(_ configuration: FileStoreConfiguration) -> SegmentFolder {
    SegmentFolder(
      layout: self.layout, fileSystem: self.fileSystem, node: self.identity.node,
      incarnation: self.identity.incarnation, allocation: configuration.segmentAllocation,
      segmentSize: configuration.segmentSize)
  }

  /// The space for the time when the disk is full.
  func reserve(_ configuration: FileStoreConfiguration) -> DiskReserve {
    DiskReserve(self.layout, self.fileSystem, size: configuration.reserveSize)
  }

  private init(
    _ opened: FolderOpening.Opened, layout: FolderLayout, fileSystem: any FileSystem,
    cluster: ClusterID?, thread: DiskThread
  ) {
    self.layout = layout
    self.fileSystem = fileSystem
    self.identity = opened.identity
    self.lock = opened.lock
    self.expectedCluster = cluster
    self.thread = thread
  }

  /// Opens or makes the directory.
  static func open(
    _ directory: String, node: NodeID, cluster: ClusterID?, fileSystem: any FileSystem,
    configuration: FileStoreConfiguration
  ) async throws(StorageError) -> Folder {
    let layout = FolderLayout(root: directory)
    let opening = FolderOpening(
      layout: layout, fileSystem: fileSystem, node: node, cluster: cluster,
      configuration: configuration)
    let thread = try DiskThread(name: "raft-snapshots")
    let opened = try await thread.run { () throws(StorageError) in try opening.open() }
    return Folder(opened, layout: layout, fileSystem: fileSystem, cluster: cluster, thread: thread)
  }

  /// Reads the log; blocks.
  func recoverLog(
    _ configuration: FileStoreConfiguration
  ) throws(StorageError) -> RecoveredLog {
    let recovery = LogRecovery(
      folder: self.segments(configuration), identity: self.identity,
      reserve: self.reserve(configuration))
    var recovered = try recovery.run()
    let own = recovered.state.cluster
    if let cluster = self.identity.cluster {
      guard let own, cluster.admits(own) else {
        throw .damaged(
          self.layout.log,
          "it belongs to \(own.map { "cluster \($0)" } ?? "no cluster"), the node to \(cluster)")
      }
    }
    if let cluster = self.expectedCluster, let own {
      try FolderOpening.check(own, isAdmittedTo: cluster, in: self.layout)
    }
    // The log is synced first, so it may know of a cluster that the identity does not.
    if own != self.identity.cluster {
      recovered.identity.cluster = own
      var reserve = self.reserve(configuration)
      try onDisk { () throws(FileError) in
        try reserve.spending { () throws(FileError) in
          try self.fileSystem.replaceFile(
            at: self.layout.identity, with: recovered.identity.encoded)
        }
      }
    }
    return recovered
  }

  /// Finishes what goes on with snapshots, and lets others have the directory.
  func close() async {
    await self.thread.stop()
    self.lock.release()
  }
}
