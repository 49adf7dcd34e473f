import RaftEngine
import Testing

@Suite("The exclusive lease")
struct LeaseTests {
  private static let own = LeaderID.led(1, by: 1)

  /// Voters that agreed on a largest promise.
  private static func voters(
    _ ids: NodeID..., promise: Int64? = 150 * milliseconds
  ) -> Membership {
    Membership.joint([ids]).with(.init(cluster: .test, largestPromise: promise))
  }

  private func ask(_ leader: inout Fixture, _ wish: ReadWish = .lease) -> [Command] {
    let ticket = leader.ticket()
    return leader.step(.readRequested(wish, ticket))
  }

  /// A leader to which nobody has answered since its election, 200 ms ago.
  private func idleLeader(
    of membership: Membership = Self.voters(1, 2, 3),
    configuration: EngineConfiguration = .withoutPreVote
  ) -> Fixture {
    var leader = Fixture.leader(of: membership, configuration: configuration)
    leader.time += 200
    _ = leader.step(.elapsed)
    return leader
  }

  @Test("A quorum's promises are enough to read, from when the message left, less the drift")
  func lasts() {
    var configuration = EngineConfiguration.withoutPreVote
    configuration.clockDriftPerMillion = 100_000
    var leader = self.idleLeader(configuration: configuration)
    let end = leader.now.advanced(byNanoseconds: 150 * milliseconds / 1_100_000 * 900_000)
    leader.time += 10
    _ = leader.acknowledge(2)
    #expect(self.ask(&leader) == [.respond(Ticket(1), .readable(from: Self.own.at(1), while: end))])
    leader.time += 112
    #expect(leader.now < end)
    #expect(self.ask(&leader).responses.count == 1)
    leader.time += 1
    #expect(leader.now > end)
    #expect(self.ask(&leader).responses == [])
  }

  @Test("Without a lease the quorum is asked, and a lease that comes meanwhile is enough")
  func fallsBack() {
    var leader = self.idleLeader()
    let heartbeat = leader.sent[2]!
    #expect(self.ask(&leader).count == 2)
    let end = leader.now.advanced(byNanoseconds: 150 * milliseconds / 1_001_000 * 999_000)
    #expect(
      leader.step(.appendAnswered(.matched(through: Self.own.at(1)), heartbeat)) == [
        .respond(Ticket(1), .readable(from: Self.own.at(1), while: end))
      ])
  }

  @Test("A read index is not answered by a lease")
  func readIndex() {
    var leader = self.idleLeader()
    _ = leader.acknowledge(2)
    #expect(self.ask(&leader, .readIndex).responses == [])
  }

  @Test("A promise counts from a peer that holds the agreed membership, and up to its length")
  func agreed() {
    var leader = self.idleLeader()
    let sent = leader.sent[2]!
    let conflict = AppendOutcome.conflict(rejected: nil, hint: nil)
    var fresh = Fixture.elected(of: Self.voters(1, 2, 3))
    _ = fresh.flush()
    _ = fresh.step(.appendAnswered(conflict, fresh.sent[2]!))
    #expect(!fresh.engine.holdsLease(at: fresh.now))
    let longer = Sent(
      peer: 2, session: sent.session, message: sent.message, at: sent.at,
      promise: 900 * milliseconds)
    _ = leader.step(.appendAnswered(.matched(through: Self.own.at(1)), longer))
    let end = leader.now.advanced(byNanoseconds: 150 * milliseconds / 1_001_000 * 999_000)
    #expect(leader.engine.holdsLease(at: end.advanced(byNanoseconds: -1)))
    #expect(!leader.engine.holdsLease(at: end))
  }

  @Test("A promise of another life of a voter's data counts for nothing")
  func otherLife() {
    var leader = Fixture.livingLeader(of: Self.voters(1, 2, 3).naming(1, 2, 3))
    leader.time += 200
    _ = leader.step(.elapsed)
    _ = leader.acknowledge(2, as: Incarnation(99))
    #expect(!leader.engine.holdsLease(at: leader.now))
    _ = leader.acknowledge(3, as: .usual(of: 3))
    #expect(leader.engine.holdsLease(at: leader.now))
  }

  @Test("A peer that lost what it had confirmed may have forgotten its promise: it counts no more")
  func lostData() {
    for policy in LogReversionPolicy.allCases {
      var configuration = EngineConfiguration.withoutPreVote
      configuration.logReversion = policy
      var leader = self.idleLeader(configuration: configuration)
      _ = leader.acknowledge(2)
      _ = leader.beat()
      #expect(leader.engine.holdsLease(at: leader.now))
      let refusal = AppendOutcome.conflict(rejected: Self.own.at(1), hint: nil)
      _ = leader.step(.appendAnswered(refusal, leader.sent[2]!))
      #expect(!leader.engine.holdsLease(at: leader.now))
      // Nor does anything count that it promises before its log is what it was.
      _ = leader.beat()
      _ = leader.acknowledge(2, through: nil)
      #expect(!leader.engine.holdsLease(at: leader.now))
      _ = leader.acknowledge(3)
      #expect(leader.engine.holdsLease(at: leader.now))
    }
  }

  @Test("A peer that was let start over is bound again when it holds what was agreed")
  func startedOver() {
    var leader = self.idleLeader()
    _ = leader.acknowledge(2)
    _ = leader.beat()
    let refusal = AppendOutcome.conflict(rejected: Self.own.at(1), hint: nil)
    _ = leader.step(.appendAnswered(refusal, leader.sent[2]!))
    let ticket = leader.ticket()
    #expect(leader.step(.reversionAllowed(2, ticket)).responses == [.reversionAllowed])
    #expect(!leader.engine.holdsLease(at: leader.now))
    _ = leader.acknowledge(2)
    #expect(leader.engine.holdsLease(at: leader.now))
  }

  @Test("Without an agreed promise there is no lease")
  func notAgreed() {
    var leader = self.idleLeader(of: Self.voters(1, 2, 3, promise: nil))
    _ = leader.acknowledge(2)
    #expect(!leader.engine.holdsLease(at: leader.now))
  }

  @Test("A probe asks for no promise, and its answer makes no lease")
  func probe() {
    var leader = self.idleLeader()
    leader.time += 300
    _ = leader.step(.elapsed)
    let sent = leader.sent[2]!
    let probe = Sent(peer: 2, session: sent.session, message: sent.message, at: sent.at)
    _ = leader.step(.appendAnswered(.matched(through: Self.own.at(1)), probe))
    #expect(leader.engine.hasQuorumContact && !leader.engine.holdsLease(at: leader.now))
  }

  @Test("A joint membership needs promises of both sides")
  func joint() {
    let members = Membership.joint([[1, 2, 3]], learners: [4, 5])
      .with(.init(cluster: .test, largestPromise: 150 * milliseconds))
    var leader = self.idleLeader(of: members)
    _ = leader.acknowledge(2)
    #expect(leader.engine.holdsLease(at: leader.now))
    _ = leader.change(.replaceVoters([4, 5]))
    leader.time += 1
    _ = leader.step(.elapsed)
    for (peer, holds) in [(4, false), (5, true)] as [(NodeID, Bool)] {
      _ = leader.acknowledge(peer, through: Self.own.at(1))
      #expect(leader.engine.holdsLease(at: leader.now) == holds)
    }
  }

  @Test("The only voter reads by itself, for ever (S57)")
  func onlyVoter() {
    var leader = Fixture.leader(of: Self.voters(1))
    #expect(
      self.ask(&leader) == [
        .respond(Ticket(1), .readable(from: Self.own.at(1), while: .distantFuture))
      ])
  }

  @Test("A custom read takes a lease that is young enough, and otherwise does as it is told")
  func custom() {
    var leader = self.idleLeader()
    _ = leader.acknowledge(2)
    leader.time += 20
    let young = ReadWish(ageMax: 30 * milliseconds, isAsking: false, timeout: 0)
    let end = leader.now.advanced(byNanoseconds: 10 * milliseconds)
    #expect(self.ask(&leader, young).responses == [.readable(from: Self.own.at(1), while: end)])
    leader.time += 10
    #expect(self.ask(&leader, young).responses == [.readRefused(.noQuorum(heard: [1]))])
    let patient = ReadWish(
      ageMax: 30 * milliseconds, isAsking: false, timeout: 100 * milliseconds)
    #expect(self.ask(&leader, patient) == [])
    let asking = ReadWish(ageMax: 30 * milliseconds, isAsking: true, timeout: 100 * milliseconds)
    #expect(self.ask(&leader, asking).count == 2)
  }

  @Test("A voter that starts waits for the largest promise of its memberships")
  func startingVoter() {
    var recovered = Engine.Recovered()
    recovered.cluster = .test
    recovered.vote = LeaderID.led(0, by: 2).chosen
    recovered.log = .init([.led(0, by: 2), .led(0, by: 2)])
    let long = Self.voters(1, 2, 3, promise: 5000 * milliseconds)
    recovered.membership = MembershipState(
      committed: .init(logID: LeaderID.led(0, by: 2).at(0), membership: long),
      effective: .init(logID: LeaderID.led(0, by: 2).at(1), membership: Self.voters(1, 2, 3)))
    var voter = Fixture(1, recovered)
    for (time, isGranted) in [(4999, false), (5000, true)] as [(Int64, Bool)] {
      voter.time = time
      _ = voter.askVote(.led(UInt64(time), by: 3), last: recovered.log.last)
      #expect((voter.engine.vote.leader == .led(UInt64(time), by: 3)) == isGranted)
    }
  }

  @Test("A leader that may ask for more first agrees on it, and asks for less until then")
  func agrees() {
    let membership = Self.voters(1, 2, 3, promise: 20 * milliseconds)
    var leader = Fixture.elected(of: membership)
    _ = leader.flush()
    #expect(leader.sent[2]?.promise == 20 * milliseconds)
    #expect(leader.acknowledge(2).appends == [])
    leader.time += 50
    let commands = leader.step(.elapsed)
    let agreed = Self.voters(1, 2, 3)
    #expect(
      commands.contains { command in
        guard case .appendProposed(let run, _) = command else { return false }
        return run.membership == agreed
      })
    #expect(leader.sent[2]?.promise == 20 * milliseconds)
    _ = leader.flush()
    _ = leader.acknowledge(2)
    leader.time += 50
    _ = leader.step(.elapsed)
    #expect(leader.sent[2]?.promise == 150 * milliseconds)
    #expect(leader.engine.effective == agreed && leader.engine.membership.isSettled)
  }

  @Test("The lease ends when another node is asked to take over, and no promise brings it back")
  func handedOver() {
    var leader = self.idleLeader()
    let heartbeat = leader.sent[3]!
    _ = leader.acknowledge(2)
    #expect(leader.engine.holdsLease(at: leader.now))
    let ticket = leader.ticket()
    let commands = leader.step(.transferWanted(to: 2, within: nil, ticket))
    #expect(
      commands == [
        .sendTransfer(
          to: 2, TransferRequest(from: Self.own.chosen, to: 2, lastLogID: Self.own.at(1)))
      ])
    #expect(!leader.engine.holdsLease(at: leader.now))
    #expect(self.ask(&leader).responses == [])
    _ = leader.step(.appendAnswered(.matched(through: Self.own.at(1)), heartbeat))
    #expect(!leader.engine.holdsLease(at: leader.now))
    // The quorum answers a message that left after the question.
    #expect(leader.acknowledge(3).responses == [.readable(from: Self.own.at(1), while: nil)])
    leader.time += 300
    #expect(leader.step(.elapsed).responses == [.transferRefused(.givenUp(2))])
    _ = leader.acknowledge(2)
    #expect(!leader.engine.holdsLease(at: leader.now))
  }

  @Test("A leader that hands over agrees on no longer promise before it has given that up")
  func agreesLater() {
    var leader = Fixture.elected(of: Self.voters(1, 2, 3, promise: 20 * milliseconds))
    _ = leader.flush()
    let ticket = leader.ticket()
    _ = leader.step(.transferWanted(to: 3, within: nil, ticket))
    _ = leader.acknowledge(2)
    #expect(leader.engine.committed == Self.own.at(1) && leader.engine.log.last == Self.own.at(1))
    leader.time += 300
    #expect(leader.step(.elapsed).responses == [.transferRefused(.givenUp(3))])
    _ = leader.acknowledge(2)
    _ = leader.beat()
    #expect(leader.engine.effective == Self.voters(1, 2, 3))
  }
}
