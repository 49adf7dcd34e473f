/// What a node counts and measures for a ``MetricsRecorder``.
///
/// The raw values are names as monitoring systems like them, such as `raft.log.index.last`; <doc:Watching>
/// lists them. Who leads, whether a quorum follows and how far peers are is in ``RaftNode/metrics``.
public enum Measure {
  /// Something that happens again and again.
  public enum Counter: String, Hashable, Sendable, CaseIterable {
    /// This node stood for election.
    case elections = "raft.elections.total"
    /// It asked a peer for its vote, or if it would give it.
    case voteRequests = "raft.requests.vote.total"
    /// It sent a heartbeat.
    case heartbeats = "raft.requests.heartbeat.total"
    /// It sent entries to a peer.
    case appends = "raft.requests.append.total"
    /// It sent a snapshot to a peer.
    case snapshotsSent = "raft.snapshots.sent.total"
    /// It built a snapshot.
    case snapshotsBuilt = "raft.snapshots.built.total"
    /// Its machine was restored from a received snapshot.
    case snapshotsInstalled = "raft.snapshots.installed.total"
    /// It refused a batch of writes: it does not lead, hears no quorum, is handing over, or its disk
    /// is nearly full.
    ///
    /// What is refused as ``WriteError/overloaded`` never gets to the node's core, and is not counted.
    case refusals = "raft.writes.refused.total"
    /// As leader it found that a replica's state differs from that of others.
    case stateDivergences = "raft.states.diverged.total"
  }

  /// Something that has a value at any time; it is told when it changes.
  public enum Gauge: String, Hashable, Sendable, CaseIterable {
    /// The round of election.
    case term = "raft.term"
    /// How the node takes part: the raw value of its `ServerState`.
    case serverState = "raft.server.state"
    /// The index of the last entry in the log.
    case lastLogIndex = "raft.log.index.last"
    /// The last index that is durable here.
    case flushedIndex = "raft.log.index.flushed"
    /// The last index known to be committed.
    case committedIndex = "raft.log.index.committed"
    /// The last index that the machine applied.
    case appliedIndex = "raft.log.index.applied"
    /// The last index in a snapshot.
    case snapshotIndex = "raft.snapshot.index"
    /// The last index purged from the log.
    case purgedIndex = "raft.log.index.purged"
  }

  /// How large something is each time.
  public enum Histogram: String, Hashable, Sendable, CaseIterable {
    /// Commands that the core took from the mailbox at once.
    case writeBatch = "raft.write.batch_size"
    /// Entries given to the log store at once, on leaders and followers.
    case appendBatch = "raft.storage.append.batch_size"
    /// Entries sent to a peer in one append; if they are read from the store, how many were wanted.
    case replicationBatch = "raft.replication.batch_size"
    /// Entries that the machine applied at once.
    case applyBatch = "raft.log.apply.batch_size"
    /// Events, such as messages and reports of stores, that the core handled in one turn.
    case turnEvents = "raft.turn.events"
  }
}

/// Where a node reports what it counts and measures, for a monitoring system.
///
/// Given to ``RaftNode/setMetricsRecorder(_:)``. All calls come from the node's core, one at a time
/// and in order; they hold it up, so they should only add to something in memory. Without a
/// recorder nothing is counted.
public protocol MetricsRecorder: Sendable {
  /// It happened so many times more.
  func add(_ count: Int, to counter: Measure.Counter)

  /// The value changed to this one. Indices are told once there is an entry.
  func set(_ gauge: Measure.Gauge, to value: UInt64)

  /// Once more, it was this large.
  func record(_ size: Int, in histogram: Measure.Histogram)
}

extension RaftNode {
  /// Reports to this recorder from now on, beginning with the value of every gauge; `nil` ends it.
  public func setMetricsRecorder(_ recorder: (any MetricsRecorder)?) {
    self.core.instruments.set(recorder)
    // A quiet node has to take a turn to notice.
    self.core.post(.watched)
  }
}
