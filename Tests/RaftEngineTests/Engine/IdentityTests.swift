import RaftEngine
import Testing

@Suite("Lives of a node's data")
struct IdentityTests {
  private static let own = LeaderID.led(1, by: 1)
  private static let three = Membership.voters(1, 2, 3).naming(1, 2, 3)
  /// What a node comes back as that lost its data.
  private static let other = Incarnation(99)

  @Test("A vote counts only from the life that the membership names")
  func votes() {
    var candidate = Fixture.living(of: Self.three)
    _ = candidate.step(.electionRequested)
    _ = candidate.flush()
    #expect(candidate.grant(2, as: Self.other) == [])
    #expect(candidate.grant(3, as: nil) == [])
    #expect(!candidate.engine.isLeader)
    _ = candidate.grant(2, as: .usual(of: 2))
    #expect(candidate.engine.isLeader)
  }

  @Test("Before anybody is named the votes of all count, so that a founder can be elected")
  func foundingVotes() {
    var founder = Fixture.living(of: .voters(1, 2, 3).naming(1))
    _ = founder.step(.electionRequested)
    _ = founder.flush()
    _ = founder.grant(2, as: Self.other)
    #expect(founder.engine.isLeader)
  }

  @Test("A confirmation from another life commits nothing, is no contact and confirms no read")
  func confirmations() {
    var leader = Fixture.livingLeader(of: Self.three)
    _ = leader.propose()
    _ = leader.flush()
    let ticket = leader.ticket()
    _ = leader.step(.readRequested(.readIndex, ticket))
    leader.time += 250
    #expect(leader.acknowledge(2, as: Self.other) == [])
    #expect(leader.engine.committed == Self.own.at(1))
    #expect(leader.replaced == [2])
    leader.time += 50
    #expect(leader.propose() == [.refuseProposed(.noQuorum)])
  }

  @Test("The life that counts is heard again when its data comes back")
  func comesBack() {
    var leader = Fixture.livingLeader(of: Self.three)
    _ = leader.step(.contactRefused(by: 2, reached: Self.other))
    #expect(leader.replaced == [2])
    _ = leader.beat()
    _ = leader.acknowledge(2, as: .usual(of: 2))
    #expect(leader.replaced == [])
  }

  @Test("A late refusal that names the life that counts marks nobody")
  func lateRefusal() {
    var leader = Fixture.livingLeader(of: Self.three)
    _ = leader.step(.contactRefused(by: 2, reached: .usual(of: 2)))
    #expect(leader.replaced == [])
  }

  @Test("When the last unnamed member has answered, the leader has all named in one entry")
  func bindingOfAll() {
    let leader = Fixture.livingLeader(of: .voters(1, 2, 3, learners: [4]).naming(1))
    #expect(leader.engine.log.last == Self.own.at(2))
    #expect(
      leader.engine.effective == .voters(1, 2, 3, learners: [4]).naming(1, 2, 3, 4))
  }

  @Test("A silent member delays the naming of the others until the next round of heartbeats")
  func binding() {
    let membership = Membership.voters(1, 2, 3, learners: [4, 5]).naming(1)
    var leader = Fixture.livingLeader(of: membership, silent: [5])
    #expect(leader.engine.log.last == Self.own.at(1))
    let commands = leader.beat()
    #expect(
      commands.appends == [
        "2: after T1-N1.1 through 2", "3: after T1-N1.1 through 2", "4: after T1-N1.1 through 2",
      ])
    #expect(leader.engine.effective == membership.naming(1, 2, 3, 4))
    _ = leader.flush()
    _ = leader.acknowledge(2, as: .usual(of: 2))
    #expect(leader.beat().appends.isEmpty)
    #expect(leader.engine.log.last == Self.own.at(2))
  }

  @Test("Nobody is named before the leader's first entry is committed, or while a change runs")
  func bindingWaits() {
    var leader = Fixture.living(of: .voters(1, 2, 3).naming(1))
    _ = leader.step(.electionRequested)
    _ = leader.flush()
    _ = leader.grant(2, as: .usual(of: 2))
    _ = leader.step(
      .appendAnswered(
        .conflict(rejected: LeaderID.led(0, by: 1).at(0), hint: nil), leader.sent[2]!,
        by: .usual(of: 2)))
    _ = leader.beat()
    #expect(leader.engine.log.last == Self.own.at(1))
  }

  @Test("Of an unnamed member only the life counts that answered first")
  func firstCounts() {
    var leader = Fixture.livingLeader(of: .voters(1, 2, 3).naming(1, 3))
    _ = leader.propose()
    _ = leader.flush()
    _ = leader.acknowledge(2, as: Self.other)
    #expect(leader.engine.committed == Self.own.at(2) && leader.engine.log.last == Self.own.at(3))
    #expect(leader.engine.contact(to: 2).receiverIncarnation == .usual(of: 2))
  }

  @Test("A change that the leader makes of its own accord delays another one and refuses none")
  func bindingDelaysChanges() {
    var leader = Fixture.livingLeader(of: .voters(1, 2, 3).naming(1))
    let learner = Member(id: 4, address: "node-4")
    #expect(leader.change(.addLearners([learner])) == [])
    _ = leader.flush()
    _ = leader.acknowledge(2, as: .usual(of: 2))
    #expect(leader.engine.log.last == Self.own.at(3))
    #expect(leader.engine.effective?.learners == [4])
  }

  @Test("A member that is removed and added again is another life, known by what it states")
  func addedAgain() {
    var leader = Fixture.livingLeader(of: .voters(1, 2, 3, learners: [4]).naming(1, 2, 3, 4))
    _ = leader.step(.contactRefused(by: 4, reached: Self.other))
    let again = Member(id: 4, address: "node-4")
    _ = leader.change(.batch([.removeMembers([4]), .addLearners([again])]))
    #expect(leader.engine.contact(to: 4).receiverIncarnation == nil)
    #expect(leader.replaced == [])
    _ = leader.flush()
    _ = leader.acknowledge(2, as: .usual(of: 2))
    _ = leader.acknowledge(4, as: Self.other)
    _ = leader.beat()
    #expect(leader.engine.effective?.member(4)?.incarnation == Self.other)
  }

  @Test("A member whose data is known to be replaced gets no vote")
  func replacedGetsNoVote() {
    var leader = Fixture.livingLeader(of: .voters(1, 2, 3, learners: [4]).naming(1, 2, 3, 4))
    _ = leader.step(.contactRefused(by: 4, reached: Self.other))
    #expect(
      leader.change(.addVoters([4])).responses == [
        .membershipRefused(.invalid(.replacedMember(4)))
      ])
  }

  @Test("Whoever leaves a joint membership names those that helped to commit it")
  func leavingNames() {
    var leader = Fixture.livingLeader(of: .voters(1, learners: [2]).naming(1), silent: [2])
    _ = leader.change(.replaceVoters([2]), retaining: true)
    #expect(leader.engine.effective?.isJoint == true)
    _ = leader.flush()
    _ = leader.acknowledge(2, as: .usual(of: 2))
    #expect(leader.engine.effective?.configurations == [[2]])
    #expect(leader.engine.effective?.member(2)?.incarnation == .usual(of: 2))
  }

  @Test("A voter's life is never exchanged, not even the leader's own")
  func neverExchanged() {
    for id in [1, 2] as [NodeID] {
      var leader = Fixture.livingLeader(
        of: Membership.voters(1, 2, 3, learners: [4]).naming(1, 3), silent: [4])
      let member = Member(id: id, address: "elsewhere", incarnation: Self.other)
      #expect(
        leader.change(.updateMembers([member])).responses == [
          .membershipRefused(.invalid(.exchangedIncarnation(id)))
        ])
    }
  }

  @Test("A founder names itself")
  func founder() {
    var recovered = Engine.Recovered()
    recovered.incarnation = .usual(of: 1)
    var founder = Fixture(1, recovered)
    let ticket = founder.ticket()
    _ = founder.step(.bootstrapRequested(.voters(1, 2, 3), timestamp: .epoch, ticket))
    let agreed = Membership.Terms(cluster: .test, largestPromise: 150 * milliseconds)
    #expect(founder.engine.effective == .voters(1, 2, 3).naming(1).with(agreed))
  }

  @Test("A node whose membership names another life never stands for election")
  func wipedNeverStands() {
    var wiped = Fixture.living(2, of: Self.three, life: Self.other)
    wiped.time += 10_000
    #expect(wiped.step(.elapsed) == [])
    #expect(wiped.step(.electionRequested) == [])
  }

  @Test("By the founding membership nobody stands unnamed who lacks what a leader has committed")
  func latecomerNeverStands() {
    var founder = Fixture.living(2, of: .voters(1, 2, 3).naming(1))
    #expect(founder.step(.electionRequested) != [])
    var latecomer = Fixture.living(2, of: .voters(1, 2, 3).naming(1), life: Self.other)
    let leader = LeaderID.led(4, by: 3)
    _ = latecomer.append(
      [], after: LeaderID.led(0, by: 1).at(0), under: leader, committed: leader.at(50))
    #expect(latecomer.step(.electionRequested) == [])
  }

  @Test("A message for another life is refused, with what to do; a stranger's is not")
  func contacts() {
    let node = Fixture.living(2, of: Self.three, life: Self.other).engine
    var contact = Contact(cluster: .test, sender: 1, receiver: 2)
    contact.receiverIncarnation = .usual(of: 2)
    let refusal = node.refusal(of: contact)
    #expect(refusal == .wrongIncarnation(meant: .usual(of: 2), reached: Self.other))
    #expect("\(refusal!)".contains("remove the member and add it again"))
    contact.receiverIncarnation = Self.other
    contact.senderIncarnation = Incarnation(77)
    #expect(node.refusal(of: contact) == nil)
    contact.sender = 9
    #expect(node.refusal(of: contact) == nil)
  }

  @Test("A sender whose cluster elects by another rule is refused (S95)")
  func rules() {
    let node = Fixture.living(2, of: Self.three).engine
    var contact = Fixture.living(1, of: Self.three).engine.contact(to: 2)
    #expect(contact.leadershipRule == .manyPerTerm && node.refusal(of: contact) == nil)
    contact.leadershipRule = .onePerTerm
    let refusal = node.refusal(of: contact)
    #expect(refusal == .wrongLeadershipRule(theirs: .onePerTerm, ours: .manyPerTerm))
    #expect(Fixture.fresh(2).engine.refusal(of: contact) == nil)
  }
}
