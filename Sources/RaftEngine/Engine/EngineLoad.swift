/// How much an engine keeps in memory, for whoever watches that it stays bounded.
package struct EngineLoad: Hashable, Sendable {
  /// Stretches of the log by one leadership.
  package var runCount = 0
  /// Commands that wait for a write to become durable.
  package var heldCount = 0
  /// The most appends that are under way to one peer.
  package var inflightMax = 0
  /// The most bytes that are under way to one peer.
  package var inflightBytesMax = 0
  /// Snapshots that are being sent.
  package var snapshotsSent = 0
  /// Reads that wait for a quorum.
  package var readCount = 0
  /// Peers that are tracked, removed ones included.
  package var peerCount = 0

  package init(runCount: Int = 0, heldCount: Int = 0) {
    self.runCount = runCount
    self.heldCount = heldCount
  }
}

extension Engine {
  /// What this engine keeps in memory now.
  package var load: EngineLoad {
    var load = EngineLoad(runCount: self.log.runs.count, heldCount: self.commands.heldCount)
    guard let lead = self.lead else { return load }
    load.readCount = lead.reads.count
    load.peerCount = lead.progress.count
    for progress in lead.progress {
      load.inflightMax = max(load.inflightMax, progress.inflight.count)
      load.inflightBytesMax = max(load.inflightBytesMax, progress.bytesUnderWay)
      if case .snapshotting = progress.state { load.snapshotsSent += 1 }
    }
    return load
  }
}
