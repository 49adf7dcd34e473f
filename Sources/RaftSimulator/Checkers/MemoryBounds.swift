import RaftEngine

/// What an engine keeps in memory stays within what its configuration allows.
struct MemoryBounds {
  let configuration: EngineConfiguration
  /// How many questions for reads clients can have open at once.
  let readsMax: Int
  /// How many writes can be under way to a disk, each with one answer at most that waits for it.
  let heldMax: Int
  /// The size of an entry.
  var entryBytes = 8

  func check(_ load: EngineLoad, entryCount: Int, node: NodeID) throws(Finding) {
    guard load.inflightMax <= self.configuration.appendWindow else {
      throw Finding(
        .memoryBounds,
        "node \(node) has \(load.inflightMax) appends under way to a peer, the window is "
          + "\(self.configuration.appendWindow)")
    }
    let bytesMax =
      self.configuration.inflightBytesMax + self.entryBytes * self.configuration.appendEntriesMax
    guard load.inflightBytesMax < bytesMax else {
      throw Finding(
        .memoryBounds,
        "node \(node) has \(load.inflightBytesMax) bytes under way to a peer, \(bytesMax) are the "
          + "most")
    }
    guard load.snapshotsSent <= self.configuration.snapshotsSentMax else {
      throw Finding(.memoryBounds, "node \(node) sends \(load.snapshotsSent) snapshots at once")
    }
    guard load.runCount <= entryCount else {
      throw Finding(
        .memoryBounds, "node \(node) keeps \(load.runCount) runs for \(entryCount) entries")
    }
    guard load.readCount <= self.readsMax, load.heldCount <= self.heldMax else {
      throw Finding(
        .memoryBounds,
        "node \(node) keeps \(load.readCount) reads and \(load.heldCount) held commands")
    }
  }
}
