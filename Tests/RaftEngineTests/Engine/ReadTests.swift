import RaftEngine
import Testing

@Suite("Linearizable reads")
struct ReadTests {
  private static let own = LeaderID.led(1, by: 1)

  private func ask(_ leader: inout Fixture) -> [Command] {
    let ticket = leader.ticket()
    return leader.step(.readRequested(.readIndex, ticket))
  }

  @Test("A read waits for a quorum's answer to a message that left after the question (S50, S53)")
  func waitsForQuorum() {
    var leader = Fixture.leader()
    let earlier = leader.sent[2]!
    #expect(self.ask(&leader).count == 2)
    #expect(leader.step(.appendAnswered(.matched(through: Self.own.at(1)), earlier)) == [])
    #expect(
      leader.acknowledge(3) == [.respond(Ticket(1), .readable(from: Self.own.at(1), while: nil))])
  }

  @Test("A fresh leader's read waits for its own first entry (S51)")
  func waitsForOwnEntry() {
    var leader = Fixture.elected()
    _ = self.ask(&leader)
    #expect(
      leader.acknowledge(2, through: nil).responses == [.readable(from: Self.own.at(1), while: nil)]
    )
    #expect(leader.engine.committed == LeaderID.led(0, by: 1).at(0))
  }

  @Test("A read is refused when the leadership ends before it is confirmed (S52)")
  func refusedWhenDeposed() {
    var leader = Fixture.leader()
    _ = self.ask(&leader)
    #expect(
      leader.append([], after: nil, under: .led(4, by: 2)).responses == [
        .readRefused(.notLeader)
      ])
  }

  @Test("One round answers all reads before it and none after it; those share the next (S54)")
  func oneRound() {
    var leader = Fixture.leader()
    let ready = Response.readable(from: Self.own.at(1), while: nil)
    #expect(self.ask(&leader).count == 2)
    #expect(self.ask(&leader) == [] && self.ask(&leader) == [])
    let second = leader.acknowledge(2)
    #expect(second.first == .respond(Ticket(1), ready) && second.count == 3)
    #expect(leader.acknowledge(2) == [.respond(Ticket(2), ready), .respond(Ticket(3), ready)])
  }

  @Test("A round that is lost is sent again with the next heartbeats")
  func lostRound() {
    var leader = Fixture.leader()
    _ = self.ask(&leader)
    leader.time += 50
    #expect(leader.step(.elapsed).count == 2)
    #expect(self.ask(&leader) == [])
    #expect(leader.acknowledge(2).responses == [.readable(from: Self.own.at(1), while: nil)])
    #expect(leader.acknowledge(2).responses == [.readable(from: Self.own.at(1), while: nil)])
  }

  @Test("A joint membership confirms a read by a majority of both sides")
  func joint() {
    var leader = Fixture.leader(of: .voters(1, 2, 3, learners: [4, 5]))
    _ = leader.change(.replaceVoters([1, 4, 5]))
    _ = self.ask(&leader)
    #expect(leader.acknowledge(2, through: nil).responses == [])
    #expect(leader.acknowledge(4, through: nil).responses.count == 1)
  }

  @Test("A read that waits is confirmed when the membership shrinks to this node (S56)")
  func shrinks() {
    var leader = Fixture.leader(of: .voters(1, 2))
    _ = leader.change(.removeVoters([2]))
    _ = leader.acknowledge(2)
    _ = self.ask(&leader)
    let commands = leader.flush()
    #expect(leader.engine.effective == .voters(1))
    #expect(
      (commands + leader.flush()).responses.contains(.readable(from: Self.own.at(1), while: nil)))
  }

  @Test("A single voter answers at once, whoever learns beside it (S57)")
  func singleVoter() {
    var leader = Fixture.leader(of: .voters(1, learners: [2, 3]))
    #expect(
      self.ask(&leader).first == .respond(Ticket(1), .readable(from: Self.own.at(1), while: nil)))
  }

  @Test("A leader without a vote does not count itself")
  func notVoter() {
    var leader = Fixture.leader()
    _ = leader.change(.removeVoters([1]), retaining: true)
    _ = leader.flush()
    for peer in [2, 3] as [NodeID] { _ = leader.acknowledge(peer) }
    for peer in [2, 3] as [NodeID] { _ = leader.acknowledge(peer) }
    #expect(leader.engine.effective == .joint([[2, 3]], learners: [1]) && leader.engine.isLeader)
    _ = self.ask(&leader)
    #expect(leader.acknowledge(2).responses == [])
    #expect(leader.acknowledge(3).responses.count == 1)
  }

  @Test("A read that no quorum confirms in time is refused with those who did (S50)")
  func timesOut() {
    var leader = Fixture.leader(of: .voters(1, 2, 3, 4, 5))
    _ = self.ask(&leader)
    _ = leader.acknowledge(4)
    leader.time += 299
    #expect(leader.step(.elapsed).responses == [])
    #expect(leader.engine.deadline <= leader.now.advanced(byNanoseconds: milliseconds))
    leader.time += 1
    #expect(leader.step(.elapsed).responses == [.readRefused(.noQuorum(heard: [1, 4]))])
  }

  @Test("A read that comes late finds those gone whose time ran out while the node stood still")
  func timesOutBeforeTheNextRead() {
    var leader = Fixture.leader(of: .voters(1, 2, 3))
    _ = self.ask(&leader)
    leader.time += 300
    #expect(self.ask(&leader).responses == [.readRefused(.noQuorum(heard: [1]))])
    #expect(leader.engine.load.readCount == 1)
  }

  @Test("A follower refuses")
  func follower() {
    var follower = Fixture.follower()
    #expect(self.ask(&follower) == [.respond(Ticket(1), .readRefused(.notLeader))])
  }
}
