import RaftEngine
import Testing

@Suite("Preconditions, promotion and removal")
struct MaintenanceTests {
  private static let own = LeaderID.led(1, by: 1)
  private static let zero = LeaderID.led(0, by: 1)

  private static func marked(_ ids: NodeID...) -> [Member] {
    ids.map { Member(id: $0, address: "node-\($0)", isPromotedWhenCaughtUp: true) }
  }

  /// A leader of three voters with marked learners that have nothing yet.
  private static func leader(marking ids: NodeID...) -> Fixture {
    var leader = Fixture.leader()
    let learners = ids.map { Member(id: $0, address: "node-\($0)", isPromotedWhenCaughtUp: true) }
    _ = leader.change(.addLearners(learners))
    _ = leader.flush()
    _ = leader.acknowledge(2)
    return leader
  }

  // MARK: Preconditions

  @Test("A change meant for another membership is refused, and one for this membership is not")
  func preconditions() {
    var leader = Fixture.leader()
    let ticket = leader.ticket()
    func wish(_ expected: LogID?) -> Input {
      .membershipChangeRequested(
        .addLearners(Self.marked(4)), retainingRemoved: false, expected: expected,
        timestamp: .epoch, ticket)
    }
    #expect(
      leader.step(wish(Self.own.at(1))) == [
        .respond(
          ticket,
          .membershipRefused(
            .preconditionFailed(expected: Self.own.at(1), actual: Self.zero.at(0))))
      ])
    #expect(leader.step(wish(Self.zero.at(0))).appends.count == 3)
  }

  @Test("Of two changes for one membership the second fails, though the first is not committed")
  func compareAndSet() {
    var leader = Self.leader(marking: 4)
    let expected = leader.engine.membership.effective.logID
    func wish(_ change: MembershipChange, _ ticket: Ticket) -> Input {
      .membershipChangeRequested(
        change, retainingRemoved: false, expected: expected, timestamp: .epoch, ticket)
    }
    _ = leader.step(wish(.removeMembers([4]), leader.ticket()))
    #expect(
      leader.step(wish(.removeVoters([3]), leader.ticket())).responses == [
        .membershipRefused(
          .preconditionFailed(expected: Self.own.at(2), actual: Self.own.at(3)))
      ])
  }

  // MARK: Promotion

  @Test("A marked learner that has caught up becomes a voter, with a round of heartbeats")
  func promotes() {
    var leader = Self.leader(marking: 4)
    _ = leader.beat()
    #expect(leader.engine.effective?.isJoint == false)
    _ = leader.acknowledge(4)
    _ = leader.beat()
    #expect(leader.engine.effective?.configurations == [[1, 2, 3], [1, 2, 3, 4]])
    #expect(leader.engine.effective?.member(4)?.isPromotedWhenCaughtUp == false)
  }

  @Test("Reads that never pause do not put off the round that promotes")
  func promotesBetweenReads() {
    var leader = Self.leader(marking: 4)
    _ = leader.beat()
    _ = leader.acknowledge(4)
    for _ in 0..<6 {
      leader.time += 10
      _ = leader.step(.readRequested(.readIndex, leader.ticket()))
      // The next read needs a round of its own.
      _ = leader.acknowledge(2)
      _ = leader.step(.elapsed)
    }
    #expect(leader.engine.effective?.configurations == [[1, 2, 3], [1, 2, 3, 4]])
  }

  @Test("A learner that lacks more than the allowed entries, or is silent, is not promoted")
  func notYet() {
    var leader = Self.leader(marking: 4)
    _ = leader.acknowledge(4)
    _ = leader.propose(101)
    _ = leader.flush()
    _ = leader.acknowledge(2)
    leader.time += 50
    _ = leader.step(.elapsed)
    #expect(leader.engine.effective?.isJoint == false)
    _ = leader.acknowledge(4)
    leader.time += 299
    _ = leader.acknowledge(2)
    leader.time += 1
    _ = leader.step(.elapsed)
    #expect(leader.engine.effective?.isJoint == false)
  }

  @Test("Learners are promoted one after the other, and one that lags does not hold up the rest")
  func oneAtATime() {
    var leader = Self.leader(marking: 4, 5, 6)
    _ = leader.acknowledge(5)
    _ = leader.acknowledge(6)
    _ = leader.beat()
    #expect(leader.engine.effective?.configurations == [[1, 2, 3], [1, 2, 3, 5]])
    _ = leader.flush()
    for peer in [2, 3, 5] as [NodeID] { _ = leader.acknowledge(peer) }
    _ = leader.flush()
    for peer in [2, 3, 5] as [NodeID] { _ = leader.acknowledge(peer) }
    _ = leader.acknowledge(6)
    _ = leader.beat()
    #expect(leader.engine.effective?.configurations == [[1, 2, 3, 5], [1, 2, 3, 5, 6]])
  }

  @Test("A learner that never catches up does not block other changes")
  func doesNotBlock() {
    var leader = Self.leader(marking: 4)
    _ = leader.beat()
    _ = leader.change(.removeVoters([3]))
    #expect(leader.engine.effective?.isJoint == true)
  }

  @Test("A leader that finds the mark in its log promotes, too")
  func survivesLeaderChange() {
    let membership = try! Membership(
      configurations: [[1, 2, 3]],
      members: Self.marked(4) + [1, 2, 3].map { Member(id: $0, address: "node-\($0)") },
      terms: .init(cluster: .test))
    var leader = Fixture.leader(of: membership)
    _ = leader.beat()
    #expect(leader.engine.effective?.configurations == [[1, 2, 3], [1, 2, 3, 4]])
  }

  @Test("A member whose data was replaced comes back with a vote as soon as it was removed")
  func comesBack() {
    var leader = Fixture.livingLeader(of: .voters(1, 2, 3).naming(1, 2, 3))
    _ = leader.step(.contactRefused(by: 3, reached: Incarnation(99)))
    #expect(leader.replaced == [3])
    _ = leader.change(.batch([.removeVoters([3]), .removeMembers([3])]))
    for _ in 1...2 {
      _ = leader.flush()
      _ = leader.acknowledge(2, as: .usual(of: 2))
    }
    #expect(leader.engine.effective == Membership.voters(1, 2).naming(1, 2))
    let member = Member(id: 3, address: "node-3")
    _ = leader.change(.batch([.addLearners([member]), .addVoters([3])]))
    #expect(leader.engine.effective?.configurations == [[1, 2], [1, 2, 3]])
  }

  // MARK: One entry for everything

  private static let short = Membership.Terms(cluster: .test, largestPromise: milliseconds)
  private static let agreed = Membership.Terms(cluster: .test, largestPromise: 150 * milliseconds)

  @Test("Lives and a longer promise come in by one entry, and then there is nothing left to do")
  func oneEntry() {
    var leader = Fixture.livingLeader(of: .voters(1, 2, 3).with(Self.short))
    let wanted = Membership.voters(1, 2, 3).naming(1, 2, 3).with(Self.agreed)
    #expect(leader.engine.effective == wanted)
    _ = leader.flush()
    _ = leader.acknowledge(2, as: .usual(of: 2))
    _ = leader.beat()
    _ = leader.beat()
    #expect(leader.engine.membership.effective.logID == Self.own.at(2))
    #expect(leader.engine.membership.isSettled)
  }

  @Test("An operator's change carries along what is due, and one that meets an entry waits for it")
  func operators() {
    var leader = Fixture.leader(of: .voters(1, 2, 3).with(Self.short))
    _ = leader.change(.addLearners([Member(id: 4, address: "node-4")]))
    #expect(leader.engine.effective?.terms == Self.agreed)
    #expect(leader.engine.effective?.member(4) != nil)

    var busy = Fixture.leader(of: .voters(1, 2, 3).with(Self.short))
    _ = busy.beat()
    #expect(busy.engine.effective?.terms == Self.agreed)
    #expect(busy.change(.addLearners([Member(id: 4, address: "node-4")])) == [])
    _ = busy.flush()
    _ = busy.acknowledge(2)
    #expect(busy.engine.effective?.member(4) != nil)
  }

  @Test("While leadership is handed over, the leader changes nothing of its own accord")
  func notWhileHandingOver() {
    var leader = Fixture.leader(of: .voters(1, 2, 3).with(Self.short))
    _ = leader.step(.transferWanted(to: 3, within: nil, leader.ticket()))
    _ = leader.beat()
    #expect(leader.engine.membership.effective.logID == Self.zero.at(0))
  }

  // MARK: Removal

  @Test("A refusal to a node that is no member says which membership leaves it out")
  func refusalNamesMembership() {
    var voter = Fixture.follower(of: .voters(1, 2))
    let refusal = voter.askVote(.led(1, by: 3), last: nil).responses
    guard case .vote(let response)? = refusal.first else {
      Issue.record("no answer: \(refusal)")
      return
    }
    #expect(!response.isGranted && response.excludedBy == Self.zero.at(0))
    guard case .vote(let member)? = voter.askVote(.led(1, by: 2), last: nil).responses.first else {
      Issue.record("no answer")
      return
    }
    #expect(!member.isGranted && member.excludedBy == nil)
  }

  @Test("A node that learns of its removal stops standing until it is a member again (S82)")
  func removedStopsStanding() {
    var node = Fixture.candidate()
    let entry = Self.zero.at(7)
    let refusal = VoteResponse(
      vote: node.engine.vote, isGranted: false, lastLogID: nil, excludedBy: entry)
    _ = node.step(.voteAnswered(refusal, from: 2, under: node.engine.vote))
    #expect(node.engine.removedAt == entry && node.engine.serverState == .follower)
    node.time += 100_000
    #expect(node.step(.elapsed) == [])
    #expect(node.engine.deadline == .distantFuture)
    let leader = LeaderID.led(5, by: 2)
    _ = node.append([leader.run(1...8)], after: Self.zero.at(0), under: leader)
    let back = leader.run(9...9, kind: .membership, membership: .voters(1, 2, 3))
    _ = node.append([back], after: leader.at(8), under: leader)
    #expect(node.engine.removedAt == nil)
    #expect(node.step(.electionRequested) != [])
  }

  @Test("A membership that the node has itself already says nothing of its removal")
  func oldExclusion() {
    var node = Fixture.candidate()
    let refusal = VoteResponse(
      vote: node.engine.vote, isGranted: false, lastLogID: nil, excludedBy: Self.zero.at(0))
    _ = node.step(.voteAnswered(refusal, from: 2, under: node.engine.vote))
    #expect(node.engine.removedAt == nil && node.engine.serverState == .candidate)
  }

  @Test("A removed node that gets the farewell knows where it was removed")
  func farewell() {
    var node = Fixture.follower(3)
    let leader = LeaderID.led(1, by: 1)
    let run = leader.run(1...1, kind: .membership, membership: .voters(1, 2))
    _ = node.append([run], after: Self.zero.at(0), under: leader, committed: leader.at(1))
    _ = node.flush()
    _ = node.append([], after: leader.at(1), under: leader, committed: leader.at(1))
    #expect(node.engine.removedAt == leader.at(1))
  }

  // MARK: Odd wishes

  @Test("Adding a voter that is one, or removing an unknown id, changes nothing (S83)")
  func oddWishes() {
    let wishes: [MembershipChange] = [.addVoters([2]), .removeVoters([9]), .removeMembers([9])]
    for wish in wishes {
      var leader = Fixture.leader()
      _ = leader.change(wish)
      _ = leader.flush()
      #expect(
        leader.acknowledge(2).responses == [
          .membershipChanged(Self.own.at(2), .voters(1, 2, 3))
        ])
    }
  }

  @Test("Promoting an absent learner is refused, and later changes work (S83)")
  func absentLearner() {
    var leader = Fixture.leader()
    #expect(
      leader.change(.addVoters([9])).responses == [
        .membershipRefused(.invalid(.unknownVoter(9)))
      ])
    #expect(leader.change(.removeVoters([3])).appends.count == 2)
  }
}
