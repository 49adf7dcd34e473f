import RaftEngine

/// An engine in a known state, reached by inputs that a real node could have had.
struct Fixture {
  var engine: Engine
  /// Milliseconds since the node started; far behind the promise that a starting node keeps.
  var time: Int64 = 1000
  /// The newest append or heartbeat to each peer.
  var sent: [NodeID: Sent] = [:]
  /// The newest append to each peer.
  var sentAppends: [NodeID: Sent] = [:]
  private(set) var tickets: UInt64 = 0
  /// Whether the engine is told at once how much its appends carry.
  var sizesAppends = true

  /// A node with this log; its first entry is the membership, and everything is durable.
  static func follower(
    _ id: NodeID = 1, of membership: Membership = .voters(1, 2, 3), vote: Vote? = nil,
    log: [LeaderID] = [.led(0, by: 1)], committed: LogIndex? = 0, purged: LogIndex? = nil,
    configuration: EngineConfiguration = .withoutPreVote
  ) -> Fixture {
    var recovered = Engine.Recovered()
    recovered.cluster = .test
    recovered.vote = vote ?? log.last.map { Vote(leader: $0, isCommitted: $0.node != id) }
    recovered.log = .init(log)
    if let first = log.first {
      let logged = LoggedMembership(
        logID: LogID(leader: first, index: 0), membership: membership)
      recovered.membership = MembershipState(
        committed: committed == nil ? .none : logged, effective: logged)
    }
    recovered.committed = committed.map { LogID(leader: log[Int($0.rawValue)], index: $0) }
    recovered.applied = recovered.committed
    if let purged {
      recovered.snapshot = LogID(leader: log[Int(purged.rawValue)], index: purged)
      recovered.log.purge(through: recovered.snapshot!)
    }
    return Fixture(id, recovered, configuration)
  }

  /// A node that knows nothing.
  static func fresh(_ id: NodeID = 1, configuration: EngineConfiguration = .withoutPreVote)
    -> Fixture
  {
    Fixture(id, .init(), configuration)
  }

  /// A candidate of the round after its log's last, whose own vote is durable.
  static func candidate(
    _ id: NodeID = 1, of membership: Membership = .voters(1, 2, 3), vote: Vote? = nil,
    log: [LeaderID] = [.led(0, by: 1)], committed: LogIndex? = 0, purged: LogIndex? = nil,
    configuration: EngineConfiguration = .withoutPreVote
  ) -> Fixture {
    var fixture = Fixture.follower(
      id, of: membership, vote: vote, log: log, committed: committed, purged: purged,
      configuration: configuration)
    _ = fixture.step(.electionRequested)
    _ = fixture.flush()
    return fixture
  }

  /// A leader of the round after its log's last, elected by all; nothing of its own is durable or
  /// acknowledged yet.
  static func elected(
    _ id: NodeID = 1, of membership: Membership = .voters(1, 2, 3),
    log: [LeaderID] = [.led(0, by: 1)], committed: LogIndex? = 0, purged: LogIndex? = nil,
    configuration: EngineConfiguration = .withoutPreVote
  ) -> Fixture {
    var fixture = Fixture.candidate(
      id, of: membership, log: log, committed: committed, purged: purged,
      configuration: configuration)
    for voter in membership.voters where voter != id && !fixture.engine.isLeader {
      _ = fixture.grant(voter)
    }
    return fixture
  }

  /// A leader whose first entry is durable, acknowledged by all, committed and applied.
  static func leader(
    _ id: NodeID = 1, of membership: Membership = .voters(1, 2, 3),
    log: [LeaderID] = [.led(0, by: 1)], configuration: EngineConfiguration = .withoutPreVote
  ) -> Fixture {
    var fixture = Fixture.elected(id, of: membership, log: log, configuration: configuration)
    _ = fixture.flush()
    for member in membership.members where member.id != id {
      _ = fixture.acknowledge(member.id)
    }
    _ = fixture.step(.applied(through: fixture.engine.committed!))
    return fixture
  }

  init(
    _ id: NodeID, _ recovered: Engine.Recovered,
    _ configuration: EngineConfiguration = .withoutPreVote
  ) {
    self.engine = Engine(
      id: id, configuration: configuration, recovered: recovered, seed: 1,
      at: Instant(nanoseconds: 0))
    _ = self.drain()
  }

  // MARK: Verbs

  var now: Instant { Instant(nanoseconds: self.time * milliseconds) }

  /// One input and everything that comes out.
  mutating func step(_ input: Input) -> [Command] {
    self.engine.step(input, at: self.now)
    return self.drain()
  }

  /// What left carries all that it might; if its size was not known, no bytes to speak of.
  private mutating func size(_ commands: [Command]) -> [Command] {
    guard self.sizesAppends else { return [] }
    for command in commands {
      guard case .sendAppend(let peer, let through, _, _, isSized: false) = command,
        let sent = self.sent[peer]
      else { continue }
      self.engine.step(.appendSent(through: through, byteCount: 0, sent), at: self.now)
    }
    return self.engine.commands.isEmpty ? [] : self.drain()
  }

  private mutating func drain() -> [Command] {
    var commands: [Command] = []
    self.engine.commands.drain(into: &commands)
    for command in commands {
      switch command {
      case .sendAppend(let peer, _, let message, let header, _),
        .sendHeartbeat(let peer, let message, let header):
        self.sent[peer] = Sent(
          peer: peer, session: header.session, message: message, at: self.now,
          promise: header.promise)
        if case .sendAppend = command { self.sentAppends[peer] = self.sent[peer] }
      case .sendSnapshot(let peer, _, let session, let message):
        self.sent[peer] = Sent(peer: peer, session: session, message: message, at: self.now)
      default: break
      }
    }
    return commands + self.size(commands)
  }

  /// Everything written so far is durable.
  mutating func flush() -> [Command] { self.flush(through: self.engine.io.submitted) }

  mutating func flush(through sequence: UInt64, logID: LogID? = nil) -> [Command] {
    self.step(
      .flushed(
        IOID(
          sequence: sequence, vote: self.engine.vote,
          logID: logID ?? self.engine.log.last)))
  }

  /// The peer has everything, durably, and says so in answer to the newest message to it.
  mutating func acknowledge(_ peer: NodeID) -> [Command] {
    self.acknowledge(peer, through: self.engine.log.last)
  }

  mutating func acknowledge(_ peer: NodeID, through logID: LogID?) -> [Command] {
    guard let sent = self.sent[peer] else { preconditionFailure("nothing sent to \(peer)") }
    return self.step(.appendAnswered(.matched(through: logID), sent))
  }

  mutating func grant(_ voter: NodeID) -> [Command] {
    self.step(
      .voteAnswered(
        VoteResponse(vote: self.engine.vote, isGranted: true, lastLogID: nil), from: voter,
        under: self.engine.vote))
  }

  mutating func propose(_ count: Int = 1) -> [Command] {
    self.step(.proposed(count: count, byteCount: count, timestamp: .epoch))
  }

  mutating func ticket() -> Ticket {
    self.tickets += 1
    return Ticket(self.tickets)
  }

  /// The number of a write, counted from the next one.
  func io(_ offset: UInt64, _ vote: Vote, _ logID: LogID?) -> IOID {
    IOID(sequence: self.engine.io.submitted + offset, vote: vote, logID: logID)
  }

  /// An append from a leader.
  mutating func append(
    _ runs: [EntryRun], after previous: LogID?, under leader: LeaderID,
    committed: LogID? = nil, promise: Int64 = 0
  ) -> [Command] {
    let header = AppendHeader(
      vote: Vote(leader: leader, isCommitted: true), previous: previous, committed: committed,
      promise: promise, session: 1)
    let ticket = self.ticket()
    return self.step(
      .appendReceived(header, runs, from: Sender(node: leader.node, cluster: .test), ticket))
  }

  mutating func askVote(
    _ candidate: LeaderID, last: LogID?, transferredFrom: Vote? = nil
  ) -> [Command] {
    let request = VoteRequest(
      vote: Vote(leader: candidate, isCommitted: false), lastLogID: last,
      transferredFrom: transferredFrom)
    let ticket = self.ticket()
    return self.step(
      .voteRequested(request, from: Sender(node: candidate.node, cluster: .test), ticket))
  }

  mutating func change(_ change: MembershipChange, retaining: Bool = false) -> [Command] {
    let ticket = self.ticket()
    return self.step(
      .membershipChangeRequested(
        change, retainingRemoved: retaining, timestamp: .epoch, ticket))
  }
}

extension LeaderID {
  static func led(_ term: UInt64, by node: UInt64) -> LeaderID {
    LeaderID(term: Term(term), node: NodeID(node))
  }

  func at(_ index: LogIndex) -> LogID { LogID(leader: self, index: index) }

  var chosen: Vote { Vote(leader: self, isCommitted: true) }

  var standing: Vote { Vote(leader: self, isCommitted: false) }

  /// Entries of this leadership.
  func run(
    _ indices: ClosedRange<LogIndex>, kind: EntryKind = .command, membership: Membership? = nil
  ) -> EntryRun {
    EntryRun(
      leader: self, first: indices.lowerBound,
      count: indices.lowerBound.distance(to: indices.upperBound) + 1,
      byteCount: kind == .command
        ? indices.lowerBound.distance(to: indices.upperBound) + 1 : 0,
      kind: kind, timestamp: .epoch, membership: membership)
  }
}

extension LogIDList {
  /// The log in which each entry was written by the leadership at its place.
  init(_ leaders: [LeaderID]) {
    self.init()
    for (index, leader) in leaders.enumerated() {
      let index = LogIndex(UInt64(index))
      self.append(leader, from: index, through: index)
    }
  }

  var leaders: [LeaderID] {
    guard let last = self.last, last.index >= self.first else { return [] }
    return (self.first...last.index).map { self.leader(at: $0)! }
  }
}

extension Membership {
  static func voters(_ ids: NodeID..., learners: [NodeID] = []) -> Membership {
    .joint([ids], learners: learners)
  }

  static func joint(
    _ configurations: [[NodeID]], learners: [NodeID] = [], leaving: LeavingRule = .retain
  ) -> Membership {
    let ids = Set(configurations.joined()).union(learners).sorted()
    let members = ids.map { Member(id: $0, address: "node-\($0)") }
    do {
      return try Membership(
        configurations: configurations, members: members, leavingRule: leaving,
        terms: .init(cluster: .test))
    } catch {
      preconditionFailure("\(error)")
    }
  }
}

extension ClusterID {
  static let test = ClusterID(high: 1, low: 2)
}

extension [Command] {
  /// The appends among the commands: to whom, what precedes, through where.
  var appends: [String] {
    self.compactMap { command in
      guard case .sendAppend(let peer, let through, _, let header, _) = command else { return nil }
      let previous = header.previous.map(String.init(describing:)) ?? "start"
      return "\(peer): after \(previous) through \(through)"
    }
  }

  var responses: [Response] {
    self.compactMap { command in
      guard case .respond(_, let response) = command else { return nil }
      return response
    }
  }
}

extension EngineConfiguration {
  /// The defaults, but that a node stands at once; pre-votes have tests of their own.
  static let withoutPreVote: EngineConfiguration = {
    var configuration = EngineConfiguration()
    configuration.isPreVoteEnabled = false
    return configuration
  }()
}

extension ReadWish {
  static let readIndex = ReadWish(ageMax: nil, isAsking: true, timeout: 300 * milliseconds)
  static let lease = ReadWish(ageMax: .max, isAsking: true, timeout: 300 * milliseconds)
}

/// Nanoseconds in a millisecond.
let milliseconds: Int64 = 1_000_000
