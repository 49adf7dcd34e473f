import RaftEngine

/// What an engine keeps in memory stays within what its configuration and its world allow.
struct MemoryBounds {
  let configuration: EngineConfiguration
  let nodeCount: Int
  /// The most bytes that one append carries.
  let appendBytesMax: Int

  /// What a node has under way, beside the engine.
  struct Surroundings {
    /// Entries in its log, those in a snapshot alone not counted.
    let entryCount: Int
    /// Questions that it has not answered.
    let questionCount: Int
    /// Writes that its disk has not reported as durable.
    let writeCount: Int
    /// Reads whose time had not run out when the last one was asked for.
    let readCount: Int
  }

  func check(_ load: EngineLoad, _ around: Surroundings, node: NodeID) throws(Finding) {
    try self.require(
      load.inflightMax, atMost: self.configuration.appendWindow,
      "appends under way to a peer, as many as the window allows", node)
    // An append leaves as long as there is room for one byte.
    try self.require(
      load.inflightBytesMax, atMost: self.configuration.inflightBytesMax + self.appendBytesMax - 1,
      "bytes under way to a peer", node)
    try self.require(
      load.snapshotsSent, atMost: self.configuration.snapshotsSentMax,
      "snapshots on their way to peers", node)
    // A stretch has one entry at least.
    try self.require(load.runCount, atMost: around.entryCount, "stretches of its log", node)
    // Members that left may be told of it for a while, but nobody is tracked who was none.
    try self.require(load.peerCount, atMost: self.nodeCount, "peers that it tracks", node)
    try self.require(load.readCount, atMost: around.readCount, "reads that wait", node)
    // What waits for a write is the answer to a question, or one vote request for each peer; a
    // candidate asks under its newest write alone, but earlier ones wait until the disk reports.
    try self.require(
      load.heldCount, atMost: around.questionCount + self.nodeCount * around.writeCount,
      "commands that wait for its disk", node)
  }

  private func require(
    _ count: Int, atMost most: Int, _ what: String, _ node: NodeID
  ) throws(Finding) {
    guard count > most else { return }
    throw Finding(.memoryBounds, "node \(node) keeps \(count) \(what); the bound is \(most)")
  }
}
