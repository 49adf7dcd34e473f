import Raft

extension Setting {
  /// Every field of the configuration but the role and the recording's file, which are options
  /// of their own.
  static let all: [Setting] =
    Self.elections + Self.sending + Self.requests + Self.snapshots + Self.stopping + Self.looking

  private static let elections: [Setting] = [
    .time(
      "heartbeatInterval", \.heartbeatInterval, .elections,
      "How often a leader makes itself heard."),
    .time(
      "heartbeatMinInterval", \.heartbeatMinInterval, .elections, from: 0,
      "Who answered within this time gets no heartbeat that is merely due; 0: always one."),
    .time(
      "electionTimeoutMin", \.electionTimeoutMin, .elections,
      "The shortest time without a leader before an election; unless they are "
        + "given, also the limit of reads and appends."),
    .time("electionTimeoutMax", \.electionTimeoutMax, .elections, "The longest one."),
    .word(
      "electionPriority", \.electionPriority, .elections,
      of: [("usual", .usual), ("reluctant", .reluctant), ("never", .never)],
      "How soon it stands for election, compared with the others."),
    .choice(
      "isPreVoteEnabled", \.isPreVoteEnabled, .elections,
      "Whether it asks before an election if it could win."),
    .choice(
      "isElectionEnabled", \.isElectionEnabled, .elections,
      "Whether it stands for election by itself."),
    .choice(
      "isHeartbeatEnabled", \.isHeartbeatEnabled, .elections,
      "Whether it sends heartbeats by itself when it leads."),
    .choice(
      "isTickEnabled", \.isTickEnabled, .elections, "Whether time alone makes it do any of both."),
    .time(
      "promise", \.promise, .elections,
      "How long its followers promise to wait for it; 0, the default: --election-timeout-min."),
    .number(
      "clockDriftPerMillion", \.clockDriftPerMillion, "N", .elections,
      "By how many millionths clocks may be off."),
  ]

  private static let sending: [Setting] = [
    .number(
      "appendEntriesMax", \.appendEntriesMax, "N", .sending, from: 1,
      "The most entries of one message."),
    .number(
      "appendBytesMax", \.appendBytesMax, "BYTES", .sending, from: 1,
      "After how many bytes a message is full."),
    .number(
      "appendWindow", \.appendWindow, "N", .sending, from: 1,
      "How many messages to one server may wait for their answer."),
    .number(
      "inflightBytesMax", \.inflightBytesMax, "BYTES", .sending, from: 1,
      "How many bytes under way to one server are enough."),
    .time(
      "commitNoticeDelay", \.commitNoticeDelay, .sending, from: 0,
      "How long news of a commit waits for the next message; 0: not at all."),
    .time("appendTimeout", \.appendTimeout, .sending, "The limit of an append or heartbeat."),
    .time("backoffMin", \.backoffMin, .sending, "The first pause after a failed message; doubles."),
    .times(
      "backoffSteps", \.backoffSteps, .sending,
      "The first pauses one by one, instead of --backoff-min."),
    .time("backoffMax", \.backoffMax, .sending, "The longest pause."),
    .word(
      "logReversion", \.logReversion, .sending, of: [("refused", .refused), ("allowed", .allowed)],
      "What becomes of a server that lost what it had confirmed."),
    .number(
      "digestInterval", \.digestInterval, "N", .sending,
      "Every how many entries servers compare their states; 0: never."),
    .number(
      "inlineApplyEntriesMax", \.inlineApplyEntriesMax, "N", .sending,
      "How many entries are applied in one turn without a hop to another task; 0: none."),
    .number(
      "promotionLag", \.promotionLag, "N", .sending,
      "How many entries a learner may lack when it gets its vote."),
  ]

  private static let requests: [Setting] = [
    .time("readTimeout", \.readTimeout, .requests, "How long a read waits for a quorum."),
    .time(
      "abandonWritesAfter", \.abandonWritesAfter, .requests,
      "How long a leader without a quorum keeps writers waiting."),
    .number(
      "writeBytesMax", \.writeBytesMax, "BYTES", .requests, from: 1, "The longest command."),
    .number(
      "pendingBytesMax", \.pendingBytesMax, "BYTES", .requests, from: 1,
      "How many bytes of writes may wait before further ones are refused."),
    .number(
      "tailBytesMax", \.tailBytesMax, "BYTES", .requests,
      "How many bytes of recent entries stay in memory."),
  ]

  private static let snapshots: [Setting] = [
    .number(
      "snapshotAfter", \.snapshotAfter, "N", .snapshots,
      "Entries between two snapshots; 0: not counted."),
    .number(
      "snapshotAfterBytes", \.snapshotAfterBytes, "BYTES", .snapshots,
      "Bytes of commands between two snapshots; 0: not counted."),
    .time(
      "snapshotInterval", \.snapshotInterval, .snapshots,
      "The time between two snapshots; 0, the default: none."),
    .number(
      "entriesKept", \.entriesKept, "N", .snapshots,
      "How many entries stay in the log behind a snapshot."),
    .number(
      "entriesKeptForPeers", \.entriesKeptForPeers, "N", .snapshots,
      "How many more a leader keeps for servers that lag."),
    .number(
      "purgeBatch", \.purgeBatch, "N", .snapshots, from: 1,
      "The fewest entries that are worth a purge."),
    .number(
      "snapshotsSentMax", \.snapshotsSentMax, "N", .snapshots, from: 1,
      "How many snapshots are sent at once."),
    .time("snapshotTimeout", \.snapshotTimeout, .snapshots, "The limit of a whole snapshot."),
    .time(
      "snapshotPauseMax", \.snapshotPauseMax, .snapshots,
      "The longest pause within a snapshot that is received."),
  ]

  private static let stopping: [Setting] = [
    .time(
      "diskStallLimit", \.diskStallLimit, .stopping,
      "After how long without a word from its disk a leader hands over; 0: never. Default: 3000."),
    .time(
      "transferTimeout", \.transferTimeout, .stopping,
      "The limit of a transfer of leadership; 0, the default: --election-timeout-max."),
    .choice(
      "isHandoverAtShutdownEnabled", \.isHandoverAtShutdownEnabled, .stopping,
      "Whether a leader that is told to end hands over."),
    .time(
      "shutdownTimeout", \.shutdownTimeout, .stopping,
      "How long its end waits for the machine and connections."),
  ]

  private static let looking: [Setting] = [
    .number(
      "flightRecords", \.flightRecords, "N", .looking, "How many steps are recorded; 0: none."),
    .word(
      "invariantChecks", \.invariantChecks, .looking,
      of: [("debug", .inDebugBuilds), ("always", .always)],
      "Whether every step is checked: in debug builds, or always."),
  ]
}
