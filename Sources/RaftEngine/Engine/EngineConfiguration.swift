/// The numbers that the engine's rules depend on; durations in nanoseconds.
package struct EngineConfiguration: Hashable, Sendable {
  /// The shortest time without a leader after which a voter campaigns.
  package var electionTimeoutMin: Int64 = 150_000_000
  /// The end, exclusive, of the range from which each election timeout is drawn.
  package var electionTimeoutMax: Int64 = 300_000_000
  /// Whether a voter asks, before it stands, if it could win.
  package var isPreVoteEnabled = true
  /// Whether time alone makes a node stand for election or a leader speak.
  package var isTickEnabled = true
  /// Whether a leader makes itself heard when it has nothing to send.
  package var isHeartbeatEnabled = true
  /// Whether a voter that misses its leader stands for election.
  package var isElectionEnabled = true
  /// What kind of member this node is.
  package var role = Member.Role.replica
  /// How soon this node stands, compared with the others.
  package var electionPriority = ElectionPriority.usual
  /// How often a leader makes itself heard.
  package var heartbeatInterval: Int64 = 50_000_000
  /// A peer that answered what left within this time needs no heartbeat that is merely due.
  package var heartbeatMinInterval: Int64 = 0
  /// How long a leader waits for the next append to carry the news of a commit, before it tells
  /// peers that have nothing else to hear; 0 for not at all.
  package var commitNoticeDelay: Int64 = 0
  /// The promise that a leader asks for: more than 0, at most `electionTimeoutMin`.
  package var promise: Int64 = 150_000_000
  /// By how much clocks may run too fast or too slow, in millionths; less than a million.
  package var clockDriftPerMillion = 1000
  /// How many entries one append carries at most.
  package var appendEntriesMax = 1024
  /// How many bytes of payloads one append carries at most, unless it is one entry.
  package var appendBytesMax = 1 << 20
  /// What each entry counts beside its payload when bytes under way are counted.
  package var entryOverhead = 0
  /// How many appends to one peer may wait for their answer.
  package var appendWindow = 1
  /// How many bytes of entries under way to one peer end the sending of further appends; one
  /// append may always be under way.
  package var inflightBytesMax = 16 << 20
  /// After which time an append without an answer is taken for lost.
  package var appendLostAfter: Int64 = 1_000_000_000
  /// The first pause after a request to a peer came to nothing; while the peer cannot be reached
  /// it doubles up to `backoffMax`.
  package var backoffMin: Int64 = 50_000_000
  /// The first pauses, if they shall not double from `backoffMin` on; none is longer than
  /// `backoffMax`.
  package var backoffSteps: [Int64] = []
  /// The longest pause after a request to a peer came to nothing.
  package var backoffMax: Int64 = 1_000_000_000
  /// How many committed entries a learner may lack when it is made a voter as its mark asks.
  package var promotionLag = 100
  /// How long a transfer of leadership may take before it is given up.
  package var transferTimeout: Int64 = 300_000_000
  /// How long a disk may report nothing before it is taken to hang; `nil` for as long as it likes.
  package var diskStallLimit: Int64?
  /// How long a leader without contact to a quorum keeps writers waiting.
  package var abandonAfter: Int64 = 3_000_000_000
  /// A snapshot is built when so many entries were applied since the last; `nil` for never.
  package var snapshotAfter: Int? = 5000
  /// A snapshot is built when so many bytes were applied since the last; `nil` for never.
  package var snapshotAfterBytes: Int?
  /// A snapshot is built so long after the last, if anything was applied since; `nil` for never.
  package var snapshotInterval: Int64?
  /// How many applied entries stay in the log behind a snapshot.
  package var entriesKept = 1000
  /// How many entries more stay in a leader's log while a peer that answers still needs them.
  package var entriesKeptForPeers = 10_000
  /// How many snapshots are sent at once.
  package var snapshotsSentMax = 2
  /// What becomes of a peer that lost what it had confirmed.
  package var logReversion = LogReversionPolicy.refused
  /// The fewest entries that are worth a purge.
  package var purgeBatch = 1

  package init() {}

  /// What a node does of its own accord when it starts.
  package var switches: EngineSwitches {
    var switches: EngineSwitches = []
    if self.isTickEnabled { switches.insert(.tick) }
    if self.isHeartbeatEnabled { switches.insert(.heartbeat) }
    if self.isElectionEnabled { switches.insert(.election) }
    if self.isPreVoteEnabled { switches.insert(.preVote) }
    return switches
  }
}
