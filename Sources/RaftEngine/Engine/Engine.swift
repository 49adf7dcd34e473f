/// The protocol as a value: inputs go in, commands come out, and every decision is made here.
///
/// The engine knows no clock, no randomness but its seeded generator, no IO and no payload. The
/// same inputs at the same moments give the same commands, in any process.
package struct Engine: Hashable, Sendable {
  /// What a node knows of itself when it starts.
  package struct Recovered: Hashable, Sendable {
    /// The life of the node's data; `nil` if it is not stated.
    package var incarnation: Incarnation?
    package var cluster: ClusterID?
    package var vote: Vote?
    package var log = LogIDList()
    package var membership = MembershipState()
    package var committed: LogID?
    package var applied: LogID?
    package var snapshot: LogID?
    package var lastTimestamp = Timestamp.epoch

    package init() {}
  }

  package let id: NodeID
  /// The life of this node's data; `nil` if it is not stated.
  package let incarnation: Incarnation?
  package let configuration: EngineConfiguration
  /// What this node does of its own accord.
  package internal(set) var switches: EngineSwitches
  package internal(set) var cluster: ClusterID?
  package internal(set) var vote: Vote
  package internal(set) var log: LogIDList
  package internal(set) var membership: MembershipState
  /// The newest membership entry that is known to leave this node out, once it was a member.
  var removal: LogID?
  /// The furthest commit since the start that a leader told this node of, whether it has the
  /// entries or not, or that it made as leader.
  package internal(set) var committedHeard: LogIndex?
  /// The last position known to be committed.
  package internal(set) var committed: LogID?
  /// The last position handed to the machine.
  package internal(set) var applying: LogID?
  /// The last position that the machine reported as applied.
  package internal(set) var applied: LogID?
  /// The last position that the newest durable snapshot contains.
  package internal(set) var snapshot: LogID?
  package internal(set) var role = Role.following(Following())
  /// What only a leader has: one element while the role is ``Role/leading``, otherwise none.
  ///
  /// It is in an array so that a step takes it and gives it back by a reference, and not by copies
  /// of some two hundred bytes.
  package internal(set) var leaderships: [Leadership] = []
  package internal(set) var io: IOCursor
  /// Commands that wait to be carried out.
  package var commands = CommandQueue()

  var now: Instant
  var random: SeededGenerator
  /// When a voter that hears nothing campaigns.
  var electionDue: Instant
  /// Whether it then stands without asking first whether it could win.
  var standsUnasked = false
  /// Until when, and to whom, this node promised neither to vote for others nor to campaign.
  var promise: Promise?
  /// The highest round of election in which this node refused a candidate.
  var termRefused: Term = 0
  /// The question whether an election could be won, while it is being asked.
  var preVote: PreVote?
  /// Whether somebody with a longer log refused this node since it last stood.
  var isBehind = false
  /// Whether a candidate whose log is behind counted on the vote of this node, which has none; until
  /// a leader with a quorum is heard.
  var isNeeded = false
  var lastTimestamp: Timestamp
  var sessions: UInt64 = 0
  var messages: UInt64 = 0
  /// Whether heartbeats to everybody shall leave at the end of this step.
  var isHeartbeatWanted = false
  /// Whether heartbeats to those not heard lately shall leave at the end of this step.
  var isHeartbeatDue = false
  /// When peers are to be told of a commit that no append has told them of; `nil` for nobody, and
  /// while this node does not lead.
  package internal(set) var noticeDue: Instant?
  var isBuildingSnapshot = false
  /// Whether another snapshot was asked for while one is being built.
  var isSnapshotWanted = false
  /// Whether entries that a snapshot covers wait in the log for a peer that needs them.
  var isPurgeHeld = false
  /// The number of the write that makes the present vote durable.
  var voteWrite: UInt64 = 0
  /// Where the last attempt to build a snapshot began.
  var snapshotTried: LogIndex?
  /// When the last attempt to build a snapshot began, or the node started.
  var snapshotTriedAt: Instant
  /// Whether the disk is nearly full.
  package internal(set) var isShort = false
  /// How many bytes were applied since the last attempt to build a snapshot, or the start.
  var bytesApplied = 0

  /// A promise given to a leader.
  struct Promise: Hashable {
    /// The leader's node; `nil` if it is not known any more, as after a restart.
    let holder: NodeID?
    let until: Instant
  }

  /// A node that starts with what it recovered.
  ///
  /// It never resumes a leadership, so nobody ever leads twice under one ``LeaderID``.
  package init(
    id: NodeID, configuration: EngineConfiguration, recovered: Recovered, seed: UInt64,
    at now: Instant
  ) {
    precondition(
      recovered.log.last.isAtLeast(recovered.committed)
        && recovered.committed.isAtLeast(recovered.applied), "started with \(recovered)")
    self.id = id
    self.incarnation = recovered.incarnation
    self.configuration = configuration
    self.switches = configuration.switches
    self.cluster = recovered.cluster
    self.vote = recovered.vote ?? .initial
    self.log = recovered.log
    self.membership = recovered.membership
    self.committed = recovered.committed
    self.applying = recovered.applied
    self.applied = recovered.applied
    self.snapshot = recovered.snapshot
    self.lastTimestamp = recovered.lastTimestamp
    self.io = IOCursor(durable: recovered.log.last?.index)
    self.now = now
    self.random = SeededGenerator(seed: seed)
    self.electionDue = now
    self.snapshotTriedAt = now
    self.startTimers()
    self.applyReady()
  }

  /// Takes note of what happened, and traps if that broke an invariant (in debug builds).
  package mutating func step(_ input: Input, at moment: Instant) {
    #if DEBUG
    let before = InvariantEvidence(self)
    #endif
    self.take(input, at: moment)
    #if DEBUG
    do throws(InvariantBreach) {
      try self.check(since: before)
    } catch {
      preconditionFailure(error.evidence)
    }
    #endif
  }

  /// Takes note of what happened; commands come out through ``commands``.
  ///
  /// The caller checks the invariants.
  package mutating func take(_ input: consuming Input, at moment: Instant) {
    self.now = max(self.now, moment)
    switch consume input {
    case .proposed(let count, let byteCount, let timestamp):
      self.proposed(count: count, byteCount: byteCount, timestamp: timestamp)
    case .bootstrapRequested(let membership, let timestamp, let ticket):
      self.bootstrapRequested(membership, timestamp: timestamp, ticket)
    case .membershipChangeRequested(
      let change, let retainingRemoved, let expected, let timestamp, let ticket):
      self.membershipChangeRequested(
        .init(
          change: change, retainingRemoved: retainingRemoved, expected: expected,
          timestamp: timestamp, ticket: ticket))
    case .readRequested(let wish, let ticket):
      self.readRequested(wish, ticket)
    case .transferWanted(let target, let limit, let ticket):
      self.transferWanted(to: target, within: limit, ticket)
    case .barrierProposed(let timestamp):
      self.barrierProposed(timestamp: timestamp)
    case .electionRequested:
      self.electionRequested()
    case .campaignRequested:
      self.campaignRequested()
    case .heartbeatRequested:
      self.heartbeatRequested()
    case .snapshotRequested:
      self.snapshotRequested()
    case .purgeRequested(let index):
      self.purgeRequested(through: index)
    case .switched(let switches):
      self.switched(to: switches)
    case .reversionAllowed(let peer, let ticket):
      self.reversionAllowed(peer, ticket)
    case .appendReceived(let header, let runs, let sender, let ticket):
      self.appendReceived(header, runs, from: sender, ticket)
    case .voteRequested(let request, let sender, let ticket):
      self.voteRequested(request, from: sender, ticket)
    case .preVoteRequested(let request, let sender, let ticket):
      self.preVoteRequested(request, from: sender, ticket)
    case .transferRequested(let request, let ticket):
      self.transferRequested(request, ticket)
    case .snapshotOffered(let vote, let meta, let sender, let ticket):
      self.snapshotOffered(meta, under: vote, from: sender, ticket)
    case .appendAnswered(let outcome, let sent, let life):
      self.appendAnswered(outcome, sent, by: life)
    case .voteAnswered(let response, let peer, let vote):
      self.voteAnswered(response, from: peer, under: vote)
    case .preVoteAnswered(let response, let peer, let vote):
      self.preVoteAnswered(response, from: peer, under: vote)
    case .snapshotAnswered(let vote, let logID, let sent, let life):
      self.snapshotAnswered(vote, through: logID, sent, by: life)
    case .contactRefused(let peer, let life):
      self.contactRefused(by: peer, reached: life)
    case .appendSent(let last, let byteCount, let sent):
      self.appendSent(through: last, byteCount: byteCount, sent)
    case .peerFailed(let failure, let sent):
      self.peerFailed(failure, sent)
    case .transferAnswered(let response, let peer, let vote):
      self.transferAnswered(response, from: peer, under: vote)
    case .flushed(let io):
      self.flushed(io)
    case .applied(let logID, let byteCount):
      self.applied(through: logID, byteCount: byteCount)
    case .snapshotBuilt(let meta):
      self.snapshotBuilt(meta)
    case .snapshotBuildFailed:
      self.snapshotBuildFailed()
    case .snapshotReceived(let meta, let ticket):
      self.snapshotReceived(meta, ticket)
    case .snapshotReceptionFailed(let ticket):
      self.snapshotReceptionFailed(ticket)
    case .snapshotInstalled(let logID):
      self.snapshotInstalled(through: logID)
    case .shortageChanged(let isShort):
      self.shortageChanged(isShort)
    case .elapsed:
      self.elapsed()
    }
    self.settleHeartbeats()
  }
}

extension Engine {
  /// Whether this node leads now.
  @inline(__always)
  package var isLeader: Bool {
    if case .leading = self.role { return true }
    return false
  }

  /// The leadership under which this node leads now; `nil` if it does not.
  @inline(__always)
  package var leadership: LeaderID? { self.isLeader ? self.vote.leader : nil }

  /// How this server takes part now.
  @inline(__always)
  package var serverState: ServerState {
    switch self.role {
    case .leading: .leader
    case .campaigning: .candidate
    case .following, .transitioning: self.isVoter ? .follower : .learner
    }
  }

  /// The node that a quorum chose, as far as this one knows; `nil` if no choice is known.
  @inline(__always)
  package var leader: NodeID? {
    self.vote.isCommitted && (self.isLeader || self.vote.leader.node != self.id)
      ? self.vote.leader.node : nil
  }

  /// The membership in force; `nil` before any is known.
  @inline(__always)
  package var effective: Membership? { self.membership.effective.membership }

  /// How far the cluster's log is known to be committed, whether this node has it or not.
  @inline(__always)
  package var committedAnywhere: LogIndex? {
    guard let heard = self.committedHeard else { return self.committed?.index }
    return max(heard, self.committed?.index ?? heard)
  }

  @inline(__always)
  var isVoter: Bool { self.effective?.isVoter(self.id) ?? false }

  /// Whether this node may adopt the vote `new` when it holds `old`.
  ///
  /// A node without a membership does not know its cluster's rule yet, and may be asked for its
  /// vote all the same (S81); it adopts only what either rule allows.
  @inline(__always)
  func allows(_ new: Vote, after old: Vote) -> Bool {
    guard let membership = self.effective else {
      return LeadershipRule.allCases.allSatisfy { $0.allows(new, after: old) }
    }
    return membership.terms.leadershipRule.allows(new, after: old)
  }

  /// What only a leader has; `nil` unless the role is ``Role/leading``.
  ///
  /// It is a copy: what is asked in each step looks into ``leaderships``.
  package var lead: Leadership? { self.leaderships.first }

  /// The place of a peer among those that this leader tracks, if the session is the present one.
  @inline(__always)
  mutating func place(of sent: Sent) -> Int? {
    self.leaderships.isEmpty ? nil : self.leaderships[0].place(of: sent)
  }

  /// Lets somebody work on what this node has as leader; nothing happens if it does not lead.
  ///
  /// What asks for the role meanwhile learns that it is ``Role/transitioning``.
  @inline(__always)
  mutating func withLead(_ work: (inout Engine, inout Leadership) -> Void) {
    guard case .leading = self.role else { return }
    var taken: [Leadership] = []
    swap(&taken, &self.leaderships)
    self.role = .transitioning
    work(&self, &taken[0])
    self.role = .leading
    swap(&taken, &self.leaderships)
  }

  /// Takes what this node has as leader, to work on it; `nil` if it does not lead.
  ///
  /// What asks for the role meanwhile learns that it is ``Role/transitioning``.
  @inline(__always)
  mutating func takeLead() -> Leadership? {
    guard case .leading = self.role else { return nil }
    self.role = .transitioning
    return self.leaderships.popLast()
  }

  /// This node leads, and has this as leader.
  @inline(__always)
  mutating func giveBack(_ lead: consuming Leadership) {
    self.leaderships.append(lead)
    self.role = .leading
  }

  /// Numbers the next write: of the vote in force and the log as it is.
  @inline(__always)
  mutating func submit() -> IOID {
    self.io.submit(vote: self.vote, logID: self.log.last, at: self.now)
  }

  /// Stores the vote in force; nothing that rests on it may leave before that write is durable.
  mutating func saveVote() -> IOID {
    let io = self.submit()
    self.voteWrite = io.sequence
    self.commands.append(.saveVote(self.vote, io))
    return io
  }

  mutating func nextMessage() -> UInt64 {
    self.messages += 1
    return self.messages
  }

  /// Answers once everything written so far is durable.
  mutating func respondWhenFlushed(_ ticket: Ticket, _ response: Response) {
    self.respond(ticket, response, afterWrite: self.io.submitted)
  }

  /// Answers a leader, who counts on the vote that this node follows it with and on what is proven.
  ///
  /// What was written beyond those need not be waited for.
  mutating func respondToLeader(
    _ ticket: Ticket, _ outcome: consuming AppendOutcome, relyingOn proven: LogID?
  ) {
    let isDurable = proven.nextIndex <= self.io.durable.nextIndex
    self.respond(
      ticket, .append(outcome), afterWrite: isDurable ? self.voteWrite : self.io.submitted)
  }

  private mutating func respond(
    _ ticket: Ticket, _ response: consuming Response, afterWrite sequence: UInt64
  ) {
    if self.io.flushed < sequence {
      self.commands.hold(.respond(ticket, response), untilFlushed: sequence, under: self.vote)
    } else {
      self.commands.append(.respond(ticket, response))
    }
  }

  mutating func respond(_ ticket: Ticket, _ response: Response) {
    self.commands.append(.respond(ticket, response))
  }
}
