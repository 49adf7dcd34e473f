import RaftEngine
import Testing

@Suite("Membership changes")
struct ReconfigurationTests {
  private static let own = LeaderID.led(1, by: 1)

  private static func member(_ id: NodeID) -> Member { Member(id: id, address: "node-\(id)") }

  @Test("A new learner gets the log at once, without any further write (S69)")
  func learnerIsFed() {
    var leader = Fixture.leader()
    let commands = leader.change(.addLearners([Self.member(4)]))
    #expect(
      commands.appends == [
        "2: after T1-N1.1 through 2", "3: after T1-N1.1 through 2", "4: after T1-N1.1 through 2",
      ])
    let nothing = AppendOutcome.conflict(rejected: Self.own.at(1), hint: nil)
    #expect(
      leader.step(.appendAnswered(nothing, leader.sent[4]!)).appends == [
        "4: after start through 2"
      ])
    _ = leader.flush()
    #expect(
      leader.acknowledge(2).responses == [
        .membershipChanged(Self.own.at(2), .voters(1, 2, 3, learners: [4]))
      ])
  }

  @Test("Changing voters takes a joint membership, which the leader leaves by itself (S69, S76)")
  func throughJoint() {
    var leader = Fixture.leader(of: .voters(1, learners: [2]))
    #expect(leader.change(.addVoters([2])).responses == [])
    #expect(leader.engine.effective == .joint([[1], [1, 2]], leaving: .drop(except: [])))
    _ = leader.flush()
    let left = leader.acknowledge(2)
    #expect(left.responses == [] && left.appends == ["2: after T1-N1.2 through 3"])
    #expect(leader.engine.effective == .voters(1, 2))
    _ = leader.flush()
    #expect(
      leader.acknowledge(2).responses == [.membershipChanged(Self.own.at(3), .voters(1, 2))])
  }

  @Test("A joint membership is left after its own commit, not after an earlier entry's (S76)")
  func leftAfterCommit() {
    var leader = Fixture.leader()
    _ = leader.propose()
    _ = leader.change(.removeVoters([3]))
    _ = leader.flush()
    _ = leader.acknowledge(2, through: Self.own.at(2))
    #expect(leader.engine.committed == Self.own.at(2))
    #expect(leader.engine.log.last == Self.own.at(3))
    _ = leader.acknowledge(2)
    #expect(leader.engine.log.last == Self.own.at(4))
  }

  @Test("A joint membership decides by a majority of both sides (S74)")
  func jointMajority() {
    var leader = Fixture.leader(of: .voters(1, 2, 3, learners: [4, 5, 6]))
    _ = leader.change(.replaceVoters([4, 5, 6]))
    _ = leader.flush()
    for peer in [2, 3, 4] as [NodeID] { _ = leader.acknowledge(peer) }
    #expect(leader.engine.committed == Self.own.at(1))
    _ = leader.acknowledge(5)
    #expect(leader.engine.committed == Self.own.at(2))
  }

  @Test("A second change is refused until the first is finished (S72)")
  func oneAtATime() {
    var leader = Fixture.leader()
    _ = leader.change(.removeVoters([3]))
    let refusal = MembershipRefusal.inProgress(
      committed: LeaderID.led(0, by: 1).at(0), effective: Self.own.at(2))
    #expect(leader.change(.removeVoters([2])).responses == [.membershipRefused(refusal)])
    _ = leader.flush()
    _ = leader.acknowledge(2)
    #expect(
      leader.change(.removeVoters([2])).responses == [
        .membershipRefused(.inProgress(committed: Self.own.at(2), effective: Self.own.at(3)))
      ])
    _ = leader.flush()
    _ = leader.acknowledge(2)
    #expect(leader.change(.addLearners([Self.member(7)])).responses == [])
  }

  @Test("A fresh leader begins a change after its first entry is committed (S73)")
  func waitsForFirst() {
    var leader = Fixture.elected()
    #expect(leader.change(.removeVoters([3])) == [])
    _ = leader.flush()
    _ = leader.acknowledge(2)
    #expect(leader.engine.effective == .joint([[1, 2, 3], [1, 2]], leaving: .drop(except: [])))
  }

  @Test("The next leader finishes a joint membership, whether it was committed or not (S76)")
  func nextLeaderFinishes() {
    let joint = Membership.joint([[1, 2, 3], [1, 2]], leaving: .drop(except: []))
    for committed in [nil, 0] as [LogIndex?] {
      var leader = Fixture.elected(of: joint, committed: committed)
      _ = leader.flush()
      let commands = leader.acknowledge(2)
      #expect(leader.engine.effective == .voters(1, 2))
      #expect(commands.appends.count == 1)
      #expect(!leader.propose().isEmpty && leader.engine.effective == .voters(1, 2))
      _ = leader.flush()
      #expect(leader.acknowledge(2).responses == [])
      #expect(leader.engine.membership.isSettled)
    }
  }

  @Test("A wish that is no membership is refused, and later ones work (S75, S83)")
  func refusesNonsense() {
    var leader = Fixture.leader()
    #expect(
      leader.change(.addVoters([9])).responses == [.membershipRefused(.invalid(.unknownVoter(9)))])
    #expect(
      leader.change(.removeVoters([1, 2, 3])).responses == [
        .membershipRefused(.invalid(.emptyConfiguration))
      ])
    #expect(
      leader.change(.removeMembers([2])).responses == [
        .membershipRefused(.invalid(.removedVoter(2)))
      ])
    #expect(leader.engine.effective == .voters(1, 2, 3))
    #expect(leader.change(.removeVoters([3])).responses == [])
  }

  @Test("A follower refuses a change")
  func follower() {
    var follower = Fixture.follower()
    #expect(
      follower.change(.removeVoters([3])) == [.respond(Ticket(1), .membershipRefused(.notLeader))])
  }

  @Test("A leader that is removed leads until the removal is committed, then gives up (S77, S78)")
  func removedLeader() {
    var leader = Fixture.leader()
    _ = leader.change(.removeVoters([1]))
    _ = leader.flush()
    for peer in [2, 3] as [NodeID] { _ = leader.acknowledge(peer) }
    #expect(leader.engine.effective == .voters(2, 3) && leader.engine.isLeader)
    // It takes writes; they wait behind the removal that is under way.
    #expect(leader.propose().count == 1)
    _ = leader.flush()
    // Its own copy does not count any more: the second of two voters decides.
    let removal = Self.own.at(3)
    _ = leader.acknowledge(2, through: removal)
    #expect(leader.engine.committed == Self.own.at(2) && leader.engine.isLeader)
    let commands = leader.acknowledge(3, through: removal)
    #expect(commands.responses == [.membershipChanged(removal, .voters(2, 3))])
    #expect(leader.engine.isLeader && leader.engine.transferTarget == 2)
    // It takes no more proposals, and is gone when its time is up, come what may.
    #expect(leader.propose() == [.refuseProposed(.transferring(to: 2))])
    leader.time += 300
    #expect(leader.step(.elapsed).last == .abandonWrites(after: removal))
    #expect(!leader.engine.isLeader && leader.engine.deadline == .distantFuture)
  }

  /// A leader that a committed membership has just taken the vote from.
  private func removed(retaining: Bool = false) -> Fixture {
    var leader = Fixture.leader()
    _ = leader.change(.removeVoters([1]), retaining: retaining)
    _ = leader.flush()
    for peer in [2, 3, 2] as [NodeID] { _ = leader.acknowledge(peer) }
    return leader
  }

  @Test("A removed leader asks the best voter to take over, and goes when it hears its vote (S80)")
  func removedLeaderHandsOver() {
    var leader = self.removed()
    let request = TransferRequest(from: leader.engine.vote, to: 2, lastLogID: Self.own.at(3))
    #expect(leader.acknowledge(3).contains(.sendTransfer(to: 2, request)))
    #expect(leader.engine.isLeader)
    _ = leader.step(
      .appendAnswered(.higherVote(LeaderID.led(2, by: 2).standing), leader.sent[3]!))
    #expect(!leader.engine.isLeader)
  }

  @Test("A removed leader whom nobody hears steps down at once")
  func removedLeaderAlone() {
    var leader = Fixture.leader()
    _ = leader.change(.removeVoters([1]))
    _ = leader.flush()
    _ = leader.acknowledge(2)
    _ = leader.acknowledge(3)
    let late = [leader.sent[2]!, leader.sent[3]!]
    leader.time += 300
    for sent in late {
      _ = leader.step(.appendAnswered(.matched(through: leader.engine.log.last), sent))
    }
    #expect(leader.engine.membership.isSettled && !leader.engine.isLeader)
  }

  @Test("A removed leader cannot be kept by wishes for other targets")
  func removedLeaderIsNotKept() {
    var leader = self.removed()
    _ = leader.acknowledge(3)
    leader.time += 200
    let ticket = leader.ticket()
    _ = leader.step(.transferWanted(to: 3, within: 9_000_000_000, ticket))
    leader.time += 100
    #expect(leader.step(.elapsed).responses == [.transferRefused(.outcomeUnknown)])
    #expect(!leader.engine.isLeader)
  }

  @Test("A demoted leader that cannot hand over leads on, and tries no more")
  func demotedLeaderLeadsOn() {
    var leader = self.removed(retaining: true)
    _ = leader.acknowledge(3)
    #expect(leader.engine.transferTarget == 2)
    leader.time += 300
    _ = leader.step(.elapsed)
    for peer in [2, 3] as [NodeID] { _ = leader.acknowledge(peer) }
    #expect(leader.engine.isLeader && leader.engine.transferTarget == nil)
    #expect(leader.propose().appends.count == 2)
  }

  @Test("A leader that stays a member without a vote leads until another takes over")
  func demotedLeader() {
    var leader = Fixture.leader()
    _ = leader.change(.removeVoters([1]), retaining: true)
    _ = leader.flush()
    for _ in 0..<2 { for peer in [2, 3] as [NodeID] { _ = leader.acknowledge(peer) } }
    #expect(leader.engine.membership.isSettled && leader.engine.isLeader)
    #expect(leader.engine.effective == .joint([[2, 3]], learners: [1]))
  }

  @Test("Removing a dead voter lets entries commit that waited for it (S79)")
  func removalCommits() {
    var leader = Fixture.leader(of: .voters(1, 2))
    _ = leader.propose()
    _ = leader.change(.removeVoters([2]))
    _ = leader.flush()
    #expect(leader.engine.committed == Self.own.at(1))
    // The joint membership still needs node 2; afterwards node 1 is enough.
    _ = leader.acknowledge(2, through: Self.own.at(3))
    _ = leader.flush()
    #expect(leader.engine.committed == leader.engine.log.last)
    _ = leader.propose()
    _ = leader.flush()
    #expect(leader.engine.committed == leader.engine.log.last)
  }

  @Test("A change's asker learns that its outcome is unknown when the leadership ends")
  func outcomeUnknown() {
    var leader = Fixture.leader()
    _ = leader.change(.removeVoters([3]))
    #expect(
      leader.append([], after: nil, under: .led(9, by: 2)).responses == [
        .membershipRefused(.outcomeUnknown)
      ])
  }

  @Test("Answers from before a removal and return mean nothing (etcd-io/raft#349)")
  func returns() {
    var leader = Fixture.leader(of: .voters(1, 2, learners: [3]))
    let before = leader.sent[3]!
    _ = leader.change(.removeMembers([3]))
    _ = leader.flush()
    _ = leader.acknowledge(2)
    _ = leader.change(.addLearners([Self.member(3)]))
    let change = leader.engine.log.last!
    #expect(leader.step(.appendAnswered(.matched(through: change), before)) == [])
    let nothing = AppendOutcome.conflict(rejected: Self.own.at(2), hint: nil)
    #expect(
      leader.step(.appendAnswered(nothing, leader.sent[3]!)).appends == [
        "3: after start through 3"
      ])
  }

  @Test("A voter that becomes a learner keeps its progress (S71)")
  func demotion() {
    var leader = Fixture.leader()
    _ = leader.change(.removeVoters([3]), retaining: true)
    _ = leader.flush()
    _ = leader.acknowledge(2)
    _ = leader.flush()
    _ = leader.acknowledge(2)
    #expect(leader.engine.effective == .voters(1, 2, learners: [3]))
    _ = leader.acknowledge(3)
    #expect(leader.propose().appends.last == "3: after T1-N1.3 through 4")
  }
}
