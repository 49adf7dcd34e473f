/// The numbers that a node's behaviour depends on.
///
/// The defaults suit servers in one data centre. ``validate()`` names the field and the rule that
/// a bad value breaks; a node does not start with one. Where nothing else is said, a time is longer
/// than zero, a size or count at least 1, and what is kept at least 0.
public struct Configuration: Hashable, Sendable {
  /// The shortest time without a leader after which a voter campaigns; default 150 ms, more than twice
  /// ``heartbeatInterval`` and less than ``electionTimeoutMax``.
  public var electionTimeoutMin: Duration = .milliseconds(150)
  /// The end, exclusive, of the range from which election timeouts are drawn; default 300 ms, at most
  /// a minute.
  public var electionTimeoutMax: Duration = .milliseconds(300)
  /// What kind of member this node is; default `Member.Role.replica`.
  ///
  /// A witness needs no machine to speak of: it never applies a command to it. It must be a witness
  /// in the membership too, and its stores must be those of a witness, or empty.
  public var role = Member.Role.replica
  /// Whether a voter asks, before it stands for election, if it could win; default `true`.
  ///
  /// Without it, a node that comes back from a partition makes the others elect anew (thesis §9.6).
  public var isPreVoteEnabled = true
  /// Whether time alone makes a voter stand for election or a leader speak; default `true`.
  ///
  /// Without it, ``isHeartbeatEnabled`` and ``isElectionEnabled`` have no effect, as if both were
  /// off; limits of time go on. This and the next two are for tests and for maintenance. All three,
  /// and ``isPreVoteEnabled``, are where a node starts: ``RaftNode/switches`` changes them later.
  public var isTickEnabled = true
  /// Whether a leader makes itself heard when it has nothing to send; default `true`.
  public var isHeartbeatEnabled = true
  /// Whether a voter that misses its leader stands for election; default `true`.
  public var isElectionEnabled = true
  /// How soon this node stands for election, compared with the others; default
  /// `ElectionPriority.usual`.
  ///
  /// A voter that is alone in its cluster always stands at once.
  public var electionPriority = ElectionPriority.usual
  /// How often a leader makes itself heard; default 50 ms.
  ///
  /// At least 1 ms, and shorter than half of ``electionTimeoutMin``.
  public var heartbeatInterval: Duration = .milliseconds(50)
  /// A peer that answered a message which left within this time gets no heartbeat that is merely
  /// due; default zero, for always one.
  ///
  /// It spares a busy leader messages. Together with one and a half ``heartbeatInterval`` it must be
  /// shorter than ``electionTimeoutMin``. With a ``promise`` that is shorter than these together,
  /// reads by lease ask the quorum more often.
  public var heartbeatMinInterval: Duration = .zero
  /// How long a leader waits for the next append to tell members of a commit, before it sends them
  /// a message for that alone; default 1 ms, zero for not at all.
  ///
  /// Writers are answered at once in any case. A busy leader is spared two messages for each
  /// commit and member; followers of an idle one apply the last commands by so much later. At most
  /// ``heartbeatInterval``.
  public var commitNoticeDelay: Duration = .milliseconds(1)
  /// For how long each append asks its receiver neither to vote for others nor to campaign;
  /// `nil`, the default, stands for ``electionTimeoutMin``, which it must not exceed.
  public var promise: Duration?
  /// By how much the clocks of members may run too fast or too slow, in millionths; default 1000, from
  /// 0 to 500,000.
  ///
  /// Leases are shortened by it. Quartz drifts by less than 100, and a clock that is being
  /// corrected by about 500.
  public var clockDriftPerMillion = 1000
  /// How many entries one append carries at most; default 1024, at least 1.
  public var appendEntriesMax = 1024
  /// After how many bytes of payload an append is full; default 1 MiB.
  ///
  /// One entry always fits.
  public var appendBytesMax = 1 << 20
  /// How many appends to one peer may wait for their answer; default 1, at most 4096.
  public var appendWindow = 1
  /// How many bytes of entries under way to one peer end the sending of further appends; default
  /// 16 MiB.
  ///
  /// One append is always sent, however large. So at most this many bytes and one append more are
  /// kept for one peer.
  public var inflightBytesMax = 16 << 20
  /// The time limit of an append or heartbeat; default 500 ms.
  public var appendTimeout: Duration = .milliseconds(500)
  /// The time limit of a whole snapshot, sent or received; default 5 minutes.
  public var snapshotTimeout: Duration = .seconds(300)
  /// The longest pause between two pieces of a snapshot that is being received; default 10 s.
  ///
  /// A sender that stalls for longer is given up, so that another one gets its turn.
  public var snapshotPauseMax: Duration = .seconds(10)
  /// How long a node that stops waits for its machine and its connections; default 5 s.
  ///
  /// Past it, writers whose commands the machine still has are told that the outcome is unknown,
  /// and the tasks that hang are cancelled and left behind. The log store is flushed and closed
  /// in any case.
  public var shutdownTimeout: Duration = .seconds(5)
  /// How long a transfer of leadership may take before it is given up and the leader serves again;
  /// `nil`, the default, stands for ``electionTimeoutMax``.
  ///
  /// At most a minute.
  public var transferTimeout: Duration?
  /// Whether a leader that is asked to stop hands its leadership over first; default `true`.
  ///
  /// The others then need not miss it for an election timeout. It takes ``transferTimeout`` at the
  /// most, and half of ``shutdownTimeout``.
  public var isHandoverAtShutdownEnabled = true
  /// How long the log store may have writes and report none of them before its disk is taken to
  /// hang; default 3 s, at least 10 ms, `nil` for as long as it likes.
  ///
  /// A leader whose disk hangs hands over to another node, or steps down if none can be asked: a
  /// quorum commits without it, but it keeps writers waiting that need it, and cannot read what
  /// peers lack. It does not stand again before the disk goes on. Longer than the largest write
  /// takes. A leader whom nobody else could follow leads on.
  public var diskStallLimit: Duration? = .seconds(3)
  /// How long a linearizable read waits for a quorum; default 300 ms.
  public var readTimeout: Duration = .milliseconds(300)
  /// How long a leader without contact to a quorum keeps writers waiting before it tells them
  /// that the outcome is unknown; default 3 s.
  public var abandonWritesAfter: Duration = .seconds(3)
  /// The first pause after a request to a peer came to nothing; default 50 ms.
  ///
  /// It doubles while the peer cannot be reached or fails. A peer that refuses this node is paused
  /// for ``backoffMax`` at once. Any answer ends the pause.
  public var backoffMin: Duration = .milliseconds(50)
  /// The first pauses, if they shall not double from ``backoffMin`` on: each is at least as long as
  /// the one before, and after the last it doubles; empty by default, which stands for
  /// ``backoffMin`` alone.
  public var backoffSteps: [Duration] = []
  /// The longest pause after a request to a peer came to nothing; default 1 s, at most an hour.
  public var backoffMax: Duration = .seconds(1)
  /// After how many applied entries a snapshot is built; default 5000, `nil` for never.
  ///
  /// A snapshot is due as soon as one of this, ``snapshotAfterBytes`` and ``snapshotInterval`` is
  /// reached.
  public var snapshotAfter: Int? = 5000
  /// After how many applied bytes of commands a snapshot is built; default `nil`, for never.
  ///
  /// What is applied anew at a start counts, too.
  public var snapshotAfterBytes: Int?
  /// How long after the last snapshot, or the start, the next one is built if anything was applied
  /// since; default `nil`, for never.
  public var snapshotInterval: Duration?
  /// How many applied entries stay in the log behind a snapshot; default 1000.
  public var entriesKept = 1000
  /// How many entries more stay in a leader's log while a peer that answers still needs them, so
  /// that it need not get one snapshot after the other; default 10 000.
  public var entriesKeptForPeers = 10_000
  /// How many snapshots a leader sends at once; default 2.
  ///
  /// Other peers wait for their turn.
  public var snapshotsSentMax = 2
  /// What a leader does with a peer whose log lacks what it had confirmed; default
  /// `LogReversionPolicy.refused`.
  ///
  /// A node that keeps its log in memory forgets it at each start.
  public var logReversion = LogReversionPolicy.refused
  /// The fewest entries that are worth a purge; default 1.
  public var purgeBatch = 1
  /// How many committed entries a learner may lack when it is made a voter, if its mark
  /// `Member.isPromotedWhenCaughtUp` asks for that; default 100.
  ///
  /// It must have answered within ``electionTimeoutMax``, too. A voter that lacks many entries may
  /// be needed for a quorum before it can help to commit anything.
  public var promotionLag = 100
  /// How many entries lie between two that the replicas' states are compared after; default 256, 0
  /// for never.
  ///
  /// The same on all nodes: states are compared after entries whose index is a multiple of it on
  /// both. Machines without a ``StateMachine/digest`` are not compared.
  public var digestInterval = 256
  /// How many entries at most a ``SynchronousStateMachine`` applies in one turn of the protocol,
  /// without a hop to another task; default 16,384, 0 for none.
  ///
  /// Whatever is set: after a millisecond the rest is left to the machine's own task, and so is all
  /// that comes for a while.
  public var inlineApplyEntriesMax = 16_384
  /// The longest payload of one command, in bytes; default 16 MiB, from 1 byte to 1 GiB.
  public var writeBytesMax = 16 << 20
  /// How many bytes of writes may wait to be durable here, committed and applied here before
  /// further ones are refused as ``WriteError/overloaded``; default 64 MiB, at least
  /// ``writeBytesMax``.
  ///
  /// Each write counts 32 bytes beside its payload.
  ///
  /// A follower whose machine lags by more reads the entries from its log store again.
  public var pendingBytesMax = 64 << 20
  /// How many bytes of recent entries stay in memory for replication and apply; default 8 MiB.
  public var tailBytesMax = 8 << 20
  /// How many steps of the engine the flight recorder keeps, at 256 bytes each; default 8192,
  /// 0 for none.
  ///
  /// An idle node takes tens of steps a second, a busy one tens of thousands. More records than the
  /// processor's cache holds make each step some tens of nanoseconds slower.
  public var flightRecords = 8192
  /// The file that the flight recorder keeps its steps in, so that they survive the end of the
  /// process, however it ends; `nil`, the default, for memory alone.
  ///
  /// It is made if it is not there, gone on with if it is this node's, and must not be touched
  /// while the node runs. On a disk that is busy a step may wait for it; a file system in memory,
  /// such as `/dev/shm`, outlives the process as well and never waits.
  public var flightRecording: String?
  /// When the engine's invariants are checked after every step; default in debug builds.
  ///
  /// A broken one ends the process, with the evidence.
  public var invariantChecks = InvariantChecks.inDebugBuilds

  /// The defaults.
  public init() {}

  var effectiveTransferTimeout: Duration { self.transferTimeout ?? self.electionTimeoutMax }

  /// What of it the engine's rules depend on.
  package var engine: EngineConfiguration {
    var engine = EngineConfiguration()
    engine.electionTimeoutMin = self.electionTimeoutMin.nanoseconds
    engine.electionTimeoutMax = self.electionTimeoutMax.nanoseconds
    engine.role = self.role
    engine.isPreVoteEnabled = self.isPreVoteEnabled
    engine.isTickEnabled = self.isTickEnabled
    engine.isHeartbeatEnabled = self.isHeartbeatEnabled
    engine.isElectionEnabled = self.isElectionEnabled
    engine.electionPriority = self.electionPriority
    engine.heartbeatInterval = self.heartbeatInterval.nanoseconds
    engine.heartbeatMinInterval = self.heartbeatMinInterval.nanoseconds
    engine.commitNoticeDelay = self.commitNoticeDelay.nanoseconds
    engine.promise = (self.promise ?? self.electionTimeoutMin).nanoseconds
    engine.appendEntriesMax = self.appendEntriesMax
    engine.appendBytesMax = self.appendBytesMax
    engine.entryOverhead = EntryChunk.entryOverhead
    engine.appendWindow = self.appendWindow
    engine.inflightBytesMax = self.inflightBytesMax
    engine.appendLostAfter = (self.appendTimeout * 2).nanoseconds
    engine.backoffMin = self.backoffMin.nanoseconds
    engine.backoffSteps = self.backoffSteps.map(\.nanoseconds)
    engine.backoffMax = self.backoffMax.nanoseconds
    engine.transferTimeout = self.effectiveTransferTimeout.nanoseconds
    engine.clockDriftPerMillion = self.clockDriftPerMillion
    engine.diskStallLimit = self.diskStallLimit?.nanoseconds
    engine.abandonAfter = self.abandonWritesAfter.nanoseconds
    engine.promotionLag = self.promotionLag
    engine.snapshotAfter = self.snapshotAfter
    engine.snapshotAfterBytes = self.snapshotAfterBytes
    engine.snapshotInterval = self.snapshotInterval?.nanoseconds
    engine.entriesKept = self.entriesKept
    engine.entriesKeptForPeers = self.entriesKeptForPeers
    engine.snapshotsSentMax = self.snapshotsSentMax
    engine.logReversion = self.logReversion
    engine.purgeBatch = self.purgeBatch
    return engine
  }
}

/// When a node checks its engine's invariants.
public enum InvariantChecks: Hashable, Sendable {
  /// In builds for debugging.
  case inDebugBuilds
  /// Always; it costs a step about 90 ns.
  case always

  /// Whether this build checks.
  var areOn: Bool {
    #if DEBUG
    true
    #else
    self == .always
    #endif
  }
}
