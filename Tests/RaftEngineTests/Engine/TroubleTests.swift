import RaftEngine
import Testing

/// Requests that come to nothing, and peers that forget.
@Suite("Troubles with peers")
struct TroubleTests {
  private static let own = LeaderID.led(1, by: 1)

  private static func configuration(
    _ change: (inout EngineConfiguration) -> Void
  ) -> EngineConfiguration {
    var configuration = EngineConfiguration.withoutPreVote
    change(&configuration)
    return configuration
  }

  private func trouble(_ leader: Fixture, _ peer: NodeID = 2) -> PeerTrouble? {
    guard let lead = leader.engine.lead else { return nil }
    return lead.progress(of: peer)?.trouble
  }

  /// How long the leader waits, in milliseconds, after each of several such failures in a row.
  private func pauses(
    _ failure: PeerFailure, count: Int,
    _ configuration: EngineConfiguration = .withoutPreVote
  ) -> [Int64] {
    var leader = Fixture.leader(configuration: configuration)
    _ = leader.propose()
    var pauses: [Int64] = []
    for _ in 0..<count {
      _ = leader.step(.peerFailed(failure, leader.sentAppends[2]!))
      let failed = leader.time
      while leader.time < failed + 2000 {
        leader.time += 50
        let commands = leader.step(.elapsed)
        _ = leader.acknowledge(3)
        if commands.appends.contains(where: { $0.hasPrefix("2:") }) { break }
      }
      pauses.append(leader.time - failed)
    }
    return pauses
  }

  @Test("Who cannot be reached or fails is given twice as long each time, up to a limit")
  func doubling() {
    let doubled: [Int64] = [50, 100, 200, 400, 800, 1000, 1000, 1000]
    #expect(self.pauses(.unreachable, count: 8) == doubled)
    #expect(self.pauses(.remote, count: 8) == doubled)
    #expect(self.pauses(.unreadable, count: 8) == doubled)
  }

  @Test("The first pauses may be given one by one; the last of them is doubled then")
  func steps() {
    let configuration = Self.configuration {
      $0.backoffSteps = [100, 150, 150, 300].map { $0 * milliseconds }
    }
    #expect(
      self.pauses(.unreachable, count: 7, configuration)
        == [100, 150, 150, 300, 600, 1000, 1000])
    #expect(self.pauses(.lost, count: 2, configuration) == [100, 100])
  }

  @Test("A lost answer costs a short pause each time; who refuses is left alone for long")
  func others() {
    #expect(self.pauses(.lost, count: 4) == [50, 50, 50, 50])
    #expect(self.pauses(.refused, count: 3) == [1000, 1000, 1000])
  }

  @Test("Any answer ends the pause, however long the peer was away (openraft#1723)")
  func answersEndPauses() {
    var leader = Fixture.leader()
    _ = leader.propose()
    for _ in 0..<8 {
      _ = leader.step(.peerFailed(.unreachable, leader.sentAppends[2]!))
      leader.time += 1000
      _ = leader.step(.elapsed)
      _ = leader.acknowledge(3)
      _ = leader.step(.elapsed)
    }
    _ = leader.step(.peerFailed(.unreachable, leader.sentAppends[2]!))
    #expect(self.trouble(leader) == .failing(.unreachable))
    leader.time += 50
    _ = leader.step(.elapsed)
    // The heartbeat gets through.
    #expect(leader.acknowledge(2, through: Self.own.at(1)).appends.count == 1)
    #expect(self.trouble(leader) == nil)
    // And the next failure is the first one again.
    _ = leader.step(.peerFailed(.unreachable, leader.sentAppends[2]!))
    leader.time += 50
    #expect(leader.step(.elapsed).appends.contains { $0.hasPrefix("2:") })
  }

  @Test("A failed heartbeat is shown and changes nothing else; an old failure says nothing")
  func heartbeats() {
    var leader = Fixture.leader()
    leader.time += 50
    _ = leader.step(.elapsed)
    let heartbeat = leader.sent[2]!
    #expect(leader.step(.peerFailed(.refused, heartbeat)) == [])
    #expect(self.trouble(leader) == .failing(.refused))
    #expect(leader.propose().appends.first == "2: after T1-N1.1 through 2")
    _ = leader.acknowledge(2)
    #expect(leader.step(.peerFailed(.lost, heartbeat)) == [])
    #expect(self.trouble(leader) == nil)
  }

  private func refuseSize(_ leader: inout Fixture) -> [String] {
    leader.step(.peerFailed(.tooLarge, leader.sentAppends[2]!)).appends
  }

  @Test("An append that is too large is sent by halves until one entry alone is; that one waits")
  func tooLarge() {
    var leader = Fixture.leader()
    #expect(leader.propose(5).appends.first == "2: after T1-N1.1 through 6")
    let half = self.refuseSize(&leader)
    #expect(half == ["2: after T1-N1.1 through 3"])
    let one = self.refuseSize(&leader)
    #expect(one == ["2: after T1-N1.1 through 2"])
    #expect(self.trouble(leader) == .failing(.tooLarge))
    let none = self.refuseSize(&leader)
    #expect(none == [])
    #expect(self.trouble(leader) == .entryTooLarge(2))
    // Heartbeats get through all the time, and do not hurry it.
    leader.time += 10
    _ = leader.step(.readRequested(.readIndex, leader.ticket()))
    #expect(leader.acknowledge(2, through: Self.own.at(1)).appends == [])
    #expect(self.trouble(leader) == .entryTooLarge(2))
    leader.time += 50
    #expect(leader.step(.elapsed).appends.first == "2: after T1-N1.1 through 2")
    // Somebody raised the limit.
    let sent = leader.sentAppends[2]!
    let commands = leader.step(.appendAnswered(.matched(through: Self.own.at(2)), sent))
    #expect(commands.appends == ["2: after T1-N1.2 through 4"])
    #expect(self.trouble(leader) == nil)
  }

  // MARK: Lost data

  /// A heartbeat reaches peer 2, which has nothing any more.
  private func forget(_ leader: inout Fixture) -> [Command] {
    leader.time += 50
    _ = leader.step(.elapsed)
    let refusal = AppendOutcome.conflict(rejected: Self.own.at(1), hint: nil)
    return leader.step(.appendAnswered(refusal, leader.sent[2]!))
  }

  @Test("A peer that lost what it had confirmed gets nothing and counts for nothing")
  func lostData() {
    var leader = Fixture.leader()
    let forgotten = self.forget(&leader)
    #expect(forgotten.appends == [])
    #expect(self.trouble(leader) == .lostData(confirmed: 1))
    #expect(leader.propose().appends == ["3: after T1-N1.1 through 2"])
    _ = leader.flush()
    _ = leader.acknowledge(2)
    #expect(leader.engine.committed == Self.own.at(1))
    // Nor does it keep the leader in office.
    leader.time += 400
    _ = leader.step(.elapsed)
    _ = leader.acknowledge(2)
    #expect(!leader.engine.hasQuorumContact)
    _ = leader.acknowledge(3)
    #expect(leader.engine.hasQuorumContact && leader.engine.committed == Self.own.at(2))
    #expect(self.trouble(leader)?.description.contains("lost entries through 1") == true)
  }

  @Test("If that is allowed the peer starts over; its earlier answers mean nothing any more")
  func startsOver() {
    var leader = Fixture.leader(configuration: Self.configuration { $0.logReversion = .allowed })
    let before = leader.sent[2]!
    let forgotten = self.forget(&leader)
    #expect(forgotten.appends == ["2: after T0-N1.0 through 1"])
    #expect(leader.engine.committed == Self.own.at(1))
    #expect(leader.step(.appendAnswered(.matched(through: Self.own.at(1)), before)) == [])
    let refusal = AppendOutcome.conflict(rejected: LeaderID.led(0, by: 1).at(0), hint: nil)
    #expect(
      leader.step(.appendAnswered(refusal, leader.sent[2]!)).appends == [
        "2: after start through 1"
      ])
    #expect(leader.acknowledge(2).appends == [])
    #expect(self.trouble(leader) == nil)
  }

  @Test("Somebody may let one peer start over, once; only the leader, only if it lost something")
  func startsOverOnce() {
    var leader = Fixture.leader()
    let early = leader.ticket()
    #expect(
      leader.step(.reversionAllowed(2, early)) == [
        .respond(early, .reversionRefused(.nothingLost(2)))
      ])
    _ = self.forget(&leader)
    let ticket = leader.ticket()
    let commands = leader.step(.reversionAllowed(2, ticket))
    #expect(commands.appends == ["2: after T0-N1.0 through 1"])
    #expect(commands.responses == [.reversionAllowed])
    #expect(self.trouble(leader) == nil)
    var follower = Fixture.follower()
    let asked = follower.ticket()
    #expect(
      follower.step(.reversionAllowed(2, asked)) == [
        .respond(asked, .reversionRefused(.notLeader))
      ])
  }

  @Test("A refusal that is older than the confirmation is no loss (openraft#1500)")
  func delayedConflict() {
    var leader = Fixture.elected()
    _ = leader.flush()
    _ = leader.acknowledge(3)
    let append = leader.sentAppends[2]!
    leader.time += 50
    _ = leader.step(.elapsed)
    // A heartbeat that was sent before peer 2 confirmed anything is refused late.
    let heartbeat = leader.sent[2]!
    _ = leader.step(.appendAnswered(.matched(through: Self.own.at(1)), append))
    let refusal = AppendOutcome.conflict(rejected: Self.own.at(1), hint: nil)
    _ = leader.step(.appendAnswered(refusal, heartbeat))
    #expect(self.trouble(leader) == nil)
    #expect(leader.propose().appends.contains("2: after T1-N1.1 through 2"))
  }
}
