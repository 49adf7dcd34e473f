import RaftEngine
import Testing

/// How many rounds a leader needs to find where another log agrees with its own.
@Suite("The search for the agreement")
struct SearchTests {
  /// A leader that has to find out about node 2, and node 2, connected by perfect messages.
  private struct Pair {
    var leader: Fixture
    var follower: Fixture
    /// How many appends the follower got until the first that brought nothing but what it lacked.
    var rounds = 0
    /// How many entries it got.
    var entries = 0

    init(leader: [LeaderID], follower: [LeaderID], purged: LogIndex? = nil) {
      let last = leader.map(\.term).max()!
      let next = max(last, follower.map(\.term).max() ?? 0)
      self.leader = Fixture.candidate(
        vote: LeaderID(term: next, node: 3).standing, log: leader, committed: purged ?? 0,
        purged: purged)
      self.follower = Fixture.follower(2, log: follower, committed: nil)
    }

    /// Exchanges appends and answers until the logs are equal, or a snapshot is wanted.
    mutating func connect() -> Bool {
      var commands = self.leader.grant(3)
      while self.rounds < 5000 {
        guard
          case .sendAppend(to: 2, let through, let message, let header, _)? =
            commands.first(where: {
              if case .sendAppend(to: 2, _, _, _, _) = $0 { return true }
              return false
            })
        else { return false }
        self.rounds += 1
        let runs = self.leader.runs(after: header.previous, through: through)
        self.entries += runs.count
        let ticket = self.follower.ticket()
        var answers = self.follower.step(
          .appendReceived(header, runs, from: Sender(node: 1, cluster: .test), ticket))
        answers += self.follower.flush()
        guard case .append(let outcome)? = answers.responses.first else { return false }
        let sent = Sent(
          peer: 2, session: header.session, message: message, at: self.leader.now)
        commands = self.leader.step(.appendAnswered(outcome, sent))
        if self.follower.engine.log == self.leader.engine.log { return true }
      }
      return false
    }
  }

  /// Logs that agree in `common` leaderships of two entries each and then alternate: the leader's
  /// in even rounds, the follower's in odd ones between them.
  private static func alternating(common: Int, differing: Int) -> Pair {
    let head = (0..<common).flatMap { term -> [LeaderID] in
      Array(repeating: .led(UInt64(term), by: 1), count: 2)
    }
    let tail = { (odd: Int) -> [LeaderID] in
      (0..<differing).flatMap { number -> [LeaderID] in
        let term = UInt64(common + 2 * number + odd)
        return Array(repeating: .led(term, by: UInt64(odd) + 1), count: 2)
      }
    }
    return Pair(leader: head + tail(1), follower: head + tail(0))
  }

  @Test("A few leaderships take about one round each (S41)", arguments: 1...6)
  func fewLeaderships(differing: Int) {
    var pair = Self.alternating(common: 3, differing: differing)
    let isEqual = pair.connect()
    #expect(isEqual)
    #expect(pair.rounds <= differing + 3)
  }

  @Test(
    "Many leaderships take few rounds: about as many as their number has binary digits (S41)",
    arguments: [(1, 1000), (10, 1000), (500, 500), (990, 30), (1, 64), (200, 7)])
  func manyLeaderships(common: Int, differing: Int) {
    var pair = Self.alternating(common: common, differing: differing)
    let isEqual = pair.connect()
    #expect(isEqual)
    let digits = Int.bitWidth - (common + differing).leadingZeroBitCount
    #expect(pair.rounds <= min(digits * 3 / 2 + 6, differing + 3))
    // One entry goes with each question, and what differs goes once.
    #expect(pair.entries <= 2 * differing + 1 + pair.rounds + 12)
  }

  @Test("A log that is only shorter, however often leaders changed, takes two rounds")
  func shorter() {
    let log = (0..<200).map { LeaderID.led(UInt64($0), by: 1) }
    var pair = Pair(leader: log, follower: Array(log.prefix(20)))
    let isEqual = pair.connect()
    #expect(isEqual)
    #expect(pair.rounds == 2)
  }

  @Test("A follower with other entries everywhere is found out, from the start of the log on")
  func nothingInCommon() {
    let leader = (0..<300).map { LeaderID.led(UInt64(2 * $0 + 1), by: 1) }
    let follower = (0..<300).map { LeaderID.led(UInt64(2 * $0), by: 2) }
    var pair = Pair(leader: leader, follower: follower)
    pair.follower = Fixture.follower(2, log: follower, committed: nil)
    let isEqual = pair.connect()
    #expect(isEqual)
    #expect(pair.rounds <= 15)
  }

  @Test("If the agreement lies before what is purged, the search ends in a snapshot")
  func beforePurged() {
    let leader = (0..<300).map { LeaderID.led(UInt64(2 * $0 + 1), by: 1) }
    let follower = (0..<300).map { LeaderID.led(UInt64(2 * $0), by: 2) }
    var pair = Pair(leader: leader, follower: follower, purged: 40)
    let isEqual = pair.connect()
    #expect(!isEqual)
    #expect(pair.rounds <= 15)
    #expect(pair.leader.engine.load.snapshotsSent == 1)
  }
}
