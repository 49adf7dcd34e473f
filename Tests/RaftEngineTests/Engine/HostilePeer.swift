import RaftEngine

/// A peer that sends random well-typed messages; the node's own disk and machine behave.
struct HostilePeer {
  private var random: SeededGenerator
  private(set) var attacks = 0
  private(set) var stops = 0
  private var node = Fixture.fresh()
  /// Snapshots that are being received, and what the machine has to do.
  private var receiving: [(SnapshotMeta, Ticket)] = []
  private var machine: [Input] = []

  init(seed: UInt64) {
    self.random = SeededGenerator(seed: seed)
  }

  /// A node in some state gets messages until it stops, or for so many steps.
  mutating func attack(steps: Int) {
    self.attacks += 1
    self.receiving = []
    self.machine = []
    let log = (0..<8).map { LeaderID.led(UInt64($0 / 2), by: 1) }
    switch self.number(6) {
    case 0: self.node = .fresh()
    case 1: self.node = .follower(log: log, committed: 3)
    case 2: self.node = .follower(log: log, committed: 7, purged: 5)
    case 3: self.node = .candidate(log: log, committed: 3)
    case 4: self.node = .elected(log: log, committed: 5, purged: 4)
    default: self.node = .leader(log: log)
    }
    for _ in 0..<steps {
      self.node.time += Int64(self.number(80))
      let commands = self.node.step(self.input())
      if self.carryOut(commands) {
        self.stops += 1
        return
      }
    }
  }

  /// Notes what the machine must do; whether the node stopped.
  private mutating func carryOut(_ commands: [Command]) -> Bool {
    for command in commands {
      switch command {
      case .apply(let logID): self.machine.append(.applied(through: logID))
      case .installSnapshot(let meta):
        self.machine.append(.snapshotInstalled(through: meta.lastLogID))
      case .receiveSnapshot(let meta, let ticket): self.receiving.append((meta, ticket))
      case .stop: return true
      default: break
      }
    }
    return false
  }

  private mutating func input() -> Input {
    let ticket = self.node.ticket()
    let sender = self.node(leader: self.leader())
    switch self.number(18) {
    case 0: return .elapsed
    case 1:
      return .flushed(
        IOID(
          sequence: self.node.engine.io.submitted, vote: self.node.engine.vote,
          logID: self.node.engine.log.last))
    case 2 where !self.machine.isEmpty: return self.machine.removeFirst()
    case 3 where !self.receiving.isEmpty:
      let (meta, ticket) = self.receiving.removeFirst()
      return .snapshotReceived(meta, ticket)
    case 4:
      let vote = self.vote()
      return .voteRequested(
        VoteRequest(vote: vote, lastLogID: self.position(), transferredFrom: self.vote()),
        from: self.node(leader: vote.leader), ticket)
    case 5:
      return .voteAnswered(
        VoteResponse(vote: self.vote(), isGranted: self.number(2) == 0, lastLogID: nil),
        from: sender.node, under: self.node.engine.vote)
    case 6:
      return .transferRequested(
        TransferRequest(from: self.vote(), to: NodeID(self.number(4)), lastLogID: self.position()),
        ticket)
    case 7, 8:
      let vote = self.vote()
      let meta = SnapshotMeta(
        lastLogID: self.position() ?? LeaderID.led(1, by: 1).at(3), membership: self.logged())
      return .snapshotOffered(vote, meta, from: self.node(leader: vote.leader), ticket)
    case 9, 10: return .appendAnswered(self.outcome(), self.sent())
    case 11: return .snapshotAnswered(self.vote(), through: self.snapshot(), self.sent())
    case 12 where self.number(2) == 0:
      return .peerFailed(PeerFailure.allCases[Int(self.number(6))], self.sent())
    case 12 where self.number(2) == 0:
      return .appendSent(
        through: LogIndex(self.number(9)), byteCount: Int(self.number(99)), self.sent())
    case 12: return .proposed(count: 2, byteCount: 2, timestamp: .epoch)
    case 13:
      let target = self.number(3)
      return .transferWanted(to: target == 0 ? nil : NodeID(target), within: nil, ticket)
    case 14:
      return .transferAnswered(
        self.transferAnswer(), from: NodeID(self.number(4)), under: self.node.engine.vote)
    default: return self.append(ticket)
    }
  }

  private mutating func append(_ ticket: Ticket) -> Input {
    let vote = self.vote()
    var previous = self.position()
    if self.number(2) == 0 { previous = self.node.engine.log.last }
    let header = AppendHeader(
      vote: vote, previous: previous, committed: self.position(),
      promise: [0, 1_000_000, -1, .max][Int(self.number(4))], session: 1)
    var runs: [EntryRun] = []
    var next = (previous?.index.rawValue ?? UInt64.max) &+ 1
    for _ in 0..<self.number(4) {
      let membership = self.number(3) == 0 ? Membership.voters(1, 2) : nil
      let count = membership == nil ? Int(self.number(3)) + 1 : 1
      runs.append(
        EntryRun(
          leader: self.leader(), first: LogIndex(next), count: count, byteCount: count,
          kind: membership == nil ? .command : .membership, timestamp: .epoch,
          membership: membership))
      next &+= UInt64(count)
    }
    return .appendReceived(header, runs, from: self.node(leader: vote.leader), ticket)
  }

  private mutating func transferAnswer() -> TransferResponse? {
    switch self.number(4) {
    case 0: .accepted
    case 1: .logNotFlushed(expected: self.position(), actual: self.position())
    case 2: .voteChanged(expected: self.vote(), actual: self.vote())
    default: nil
    }
  }

  private mutating func outcome() -> AppendOutcome {
    switch self.number(3) {
    case 0: .matched(through: self.position())
    case 1: .conflict(rejected: self.position(), hint: self.position())
    default: .higherVote(self.vote())
    }
  }

  private mutating func sent() -> Sent {
    self.node.sent[NodeID(self.number(4))]
      ?? Sent(peer: 2, session: 1, message: self.number(5), at: self.node.now)
  }

  /// What this node itself sent as its newest snapshot.
  private func snapshot() -> LogID {
    self.node.engine.snapshot ?? self.node.engine.log.purged ?? LeaderID.led(0, by: 1).at(0)
  }

  private mutating func vote() -> Vote {
    if self.number(4) == 0 { return self.node.engine.vote }
    return Vote(leader: self.leader(), isCommitted: self.number(4) != 0)
  }

  private mutating func leader() -> LeaderID {
    let term = self.number(20) == 0 ? UInt64.max - self.number(3) : self.number(12)
    return .led(term, by: self.number(4))
  }

  private mutating func position() -> LogID? {
    switch self.number(12) {
    case 0: nil
    case 1: self.leader().at(LogIndex(UInt64.max - self.number(3)))
    case 2...5:
      self.node.engine.log.logID(at: LogIndex(self.number(10))) ?? self.node.engine.log.last
    default: self.leader().at(LogIndex(self.number(14)))
    }
  }

  private mutating func logged() -> LoggedMembership {
    guard let logID = self.position() else { return .none }
    return LoggedMembership(logID: logID, membership: .voters(1, 2, 3))
  }

  private func node(leader: LeaderID) -> Sender { Sender(node: leader.node, cluster: .test) }

  private mutating func number(_ count: UInt64) -> UInt64 { self.random.next() % count }
}
