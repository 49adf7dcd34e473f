#if RocksDB
internal import Raft
internal import RaftCodec
internal import RaftFiles

/// The steps by which a database is claimed, and made or recognised; they block.
struct StoreOpening: Sendable {
  /// What the steps end with.
  struct Opened: Sendable {
    let lock: any FileLock
    let database: Database
    let identity: StoreIdentity
  }

  let directory: StoreDirectory
  let node: NodeID
  let cluster: ClusterID?
  let configuration: RocksDBStoreConfiguration

  /// Claims the directory, opens the database in it, and makes what is missing in a new one.
  func open() throws(StorageError) -> Opened {
    let lock = try self.directory.claim()
    let condition = try self.directory.prepare()
    let database = try Database(openedAt: self.directory.path, condition, self.configuration)
    let identity: StoreIdentity
    switch condition {
    case .new:
      identity = StoreIdentity(
        node: self.node,
        incarnation: self.configuration.newIncarnation ?? Incarnation(.random(in: .min ... .max)))
      try database.write(.synced) { rows in rows.put(.identity) { identity.write(to: &$0) } }
      try self.directory.finish()
    case .made:
      identity = try self.recognise(database)
    }
    return Opened(lock: lock, database: database, identity: identity)
  }

  private func recognise(_ database: Database) throws(StorageError) -> StoreIdentity {
    let path = self.directory.path
    let found = try database.state(.identity) { (reader) throws(CodecError) in
      try StoreIdentity(from: &reader)
    }
    guard let found else {
      throw .damaged(path, "it does not say which node it belongs to")
    }
    guard found.node == self.node else {
      throw StorageError(
        .foreign,
        "\(path) holds the data of node \(found.node), not of node \(self.node): correct the "
          + "directory or the node's number")
    }
    let own = try database.state(.cluster) { (reader) throws(CodecError) in
      try reader.readClusterID()
    }
    // Either may have gone through a recovery that the other has not heard of.
    if let own, let cluster = self.cluster, !cluster.admits(own), !own.admits(cluster) {
      throw StorageError(
        .foreign,
        "\(path) holds data of cluster \(own), not of \(cluster): correct the directory or the "
          + "cluster, or give the node a new directory")
    }
    return found
  }
}
#endif
