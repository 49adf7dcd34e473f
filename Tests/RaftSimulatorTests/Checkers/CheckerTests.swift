import RaftEngine
import Testing

@testable import RaftSimulator

@Suite("Checkers bite and let pass")
struct CheckerTests {
  @Test("Sound progress: what a leader takes for held is there, or was until a later leader")
  func soundProgress() {
    let checker = SoundProgress()
    let leader = vote(3, 1).leader
    #expect(
      finding { () throws(Finding) in
        try checker.answered(
          by: 2, to: leader, known: id(3, 1, 7), isHeld: false, vote: vote(3, 1))
      } == .soundProgress)
    #expect(
      finding { () throws(Finding) in
        try checker.answered(by: 2, to: leader, known: id(3, 1, 7), isHeld: true, vote: nil)
        try checker.answered(
          by: 2, to: leader, known: id(3, 1, 7), isHeld: false, vote: vote(4, 3))
      } == nil)
  }

  @Test("Sound progress: only who lost something durable is said to have")
  func falseLoss() {
    let checker = SoundProgress()
    let leader = vote(3, 1).leader
    #expect(
      finding { () throws(Finding) in
        try checker.missing(7, at: 2, by: leader, hasLost: false)
      } == .soundProgress)
    #expect(
      finding { () throws(Finding) in
        try checker.missing(7, at: 2, by: leader, hasLost: true)
      } == nil)
  }

  @Test("Election safety: a leader has a quorum's votes, as far as disks still tell")
  func chosenLeader() throws {
    let members = (1...3).map { Member(id: NodeID($0), address: "n\($0)") }
    let membership = try Membership(voters: members)
    let leader = vote(3, 1).leader
    func outcome(_ rule: LeadershipRule, _ second: Vote?) -> Property? {
      let votes: [NodeID: Vote?] = [1: vote(3, 1), 2: second, 3: vote(2, 3)]
      return finding { () throws(Finding) in
        try ElectionSafety(rule: rule).chosen(leader, by: membership) { votes[$0] ?? nil }
      }
    }
    for chosen in [vote(3, 1), vote(4, 3), nil] {
      #expect(outcome(.onePerTerm, chosen) == nil && outcome(.manyPerTerm, chosen) == nil)
    }
    #expect(outcome(.onePerTerm, vote(3, 2)) == .electionSafety)
    #expect(outcome(.manyPerTerm, vote(3, 2)) == nil)
    #expect(outcome(.manyPerTerm, vote(2, 1)) == .electionSafety)
  }

  @Test("Sound progress: what was asked before a member was added again counts for nothing")
  func lateAnswer() {
    let checker = SoundProgress()
    let before = SoundProgress.LateAnswer(peer: 2, session: 5, matched: nil, message: 0)
    for (matched, message) in [(LogIndex(7), UInt64(0)), (nil, 3)] {
      #expect(
        finding { () throws(Finding) in
          try checker.answeredLate(
            before, to: 1, after: .init(peer: 2, session: 5, matched: matched, message: message))
        } == .soundProgress)
    }
    #expect(
      finding { () throws(Finding) in
        try checker.answeredLate(before, to: 1, after: before)
        try checker.answeredLate(before, to: 1, after: nil)
        try checker.answeredLate(
          before, to: 1, after: .init(peer: 2, session: 6, matched: 7, message: 9))
      } == nil)
  }

  @Test("Candidacies: a leader stands anew for a member that its own round's candidate bars")
  func barredLeader() {
    let checker = Candidacies(nodeCount: 3)
    let leadership = Vote(leader: vote(3, 1).leader, isCommitted: true)
    let barring = Vote(leader: vote(3, 2).leader, isCommitted: false)
    #expect(
      finding { () throws(Finding) in
        try checker.goesOn(leadership, refusedBehind: barring)
      } == .candidacies)
    #expect(
      finding { () throws(Finding) in
        try checker.goesOn(
          leadership, refusedBehind: Vote(leader: vote(4, 2).leader, isCommitted: false))
        try checker.goesOn(
          leadership, refusedBehind: Vote(leader: vote(3, 2).leader, isCommitted: true))
        try checker.goesOn(
          leadership, refusedBehind: Vote(leader: vote(3, 1).leader, isCommitted: false))
      } == nil)
  }

  @Test("State machine safety: who does not lead applies what it cannot lose")
  func handsOver() {
    let checker = StateMachineSafety()
    #expect(
      finding { () throws(Finding) in
        try checker.handsOver(id(1, 1, 4), isHeld: false, node: 2)
      } == .stateMachineSafety)
    #expect(
      finding { () throws(Finding) in
        try checker.handsOver(id(1, 1, 4), isHeld: true, node: 2)
      } == nil)
  }

  @Test("Election safety: one leader for a leadership, in one life")
  func electionSafety() {
    var checker = ElectionSafety(rule: .manyPerTerm)
    #expect(
      finding { () throws(Finding) in
        try checker.elected(vote(1, 1).leader, node: 1, life: 1)
        try checker.elected(vote(1, 2).leader, node: 2, life: 1)
        try checker.elected(vote(2, 1).leader, node: 1, life: 2)
      } == nil)
    #expect(
      finding { () throws(Finding) in
        try checker.elected(vote(1, 1).leader, node: 1, life: 3)
      } == .electionSafety)
    #expect(
      finding { () throws(Finding) in
        try checker.elected(vote(9, 1).leader, node: 2, life: 1)
      } == .electionSafety)
    var strict = ElectionSafety(rule: .onePerTerm)
    #expect(
      finding { () throws(Finding) in
        try strict.elected(vote(3, 1).leader, node: 1, life: 1)
        try strict.elected(vote(3, 2).leader, node: 2, life: 1)
      } == .electionSafety)
  }

  @Test("Log matching: a position has one content and one history")
  func logMatching() {
    var checker = LogMatching()
    let entries = log([id(1, 1, 0), id(1, 1, 1), id(2, 2, 2)])
    #expect(
      finding { () throws(Finding) in
        try checker.proposed(entries[0...1], after: 0, node: 1)
        try checker.received(entries[0...1], after: 0, node: 2)
        try checker.proposed(entries[2...2], after: entries[1].chain, node: 2)
        try checker.received(entries[2...2], after: entries[1].chain, node: 1)
      } == nil)
    #expect(
      finding { () throws(Finding) in
        try checker.received(entries[2...2], after: entries[0].chain, node: 3)
      } == .logMatching)
    let other = log([id(1, 1, 0), id(1, 1, 1)], payloads: [1, 99])
    #expect(
      finding { () throws(Finding) in
        try checker.proposed(other[1...1], after: other[0].chain, node: 1)
      } == .logMatching)
    let unknown = log([id(5, 3, 0)])
    #expect(
      finding { () throws(Finding) in
        try checker.received(unknown[...], after: 0, node: 1)
      } == .logMatching)
  }

  @Test("Leader completeness: a leader holds what was committed before")
  func leaderCompleteness() {
    let checker = LeaderCompleteness()
    let past = history([id(1, 1, 0), id(1, 1, 1)])
    let whole = simulatedLog([id(1, 1, 0), id(1, 1, 1)])
    let short = simulatedLog([id(1, 1, 0)])
    let later = vote(2, 2).leader
    #expect(finding { () throws(Finding) in try checker.elected(later, log: whole, past) } == nil)
    #expect(
      finding { () throws(Finding) in try checker.elected(later, log: short, past) }
        == .leaderCompleteness)
    let overtaken = vote(0, 3).leader
    #expect(
      finding { () throws(Finding) in try checker.elected(overtaken, log: short, past) }
        == nil)
    #expect(
      finding { () throws(Finding) in
        try checker.committed(id(1, 1, 1), by: vote(1, 1).leader, while: later, log: short)
      } == .leaderCompleteness)
  }

  @Test("State machine safety: the same commands, in order, to the same effect")
  func stateMachineSafety() {
    var checker = StateMachineSafety()
    let past = history([id(1, 1, 0), id(1, 1, 1)])
    let other = log([id(1, 1, 0), id(3, 3, 1)])
    #expect(
      finding { () throws(Finding) in
        try checker.applies(past.entries[0], after: nil, node: 1, past)
        try checker.applied(through: 0, digest: 7, node: 1)
        try checker.applied(through: 0, digest: 7, node: 2)
      } == nil)
    #expect(
      finding { () throws(Finding) in
        try checker.applied(through: 0, digest: 8, node: 3)
      } == .stateMachineSafety)
    #expect(
      finding { () throws(Finding) in
        try checker.applies(past.entries[1], after: nil, node: 1, past)
      } == .stateMachineSafety)
    #expect(
      finding { () throws(Finding) in
        try checker.applies(other[1], after: id(1, 1, 0), node: 1, past)
      } == .stateMachineSafety)
    #expect(
      finding { () throws(Finding) in
        try checker.committed(other[1], node: 1, past)
      } == .stateMachineSafety)
  }

  @Test("Leader append-only: a leader adds at the end, under its own vote")
  func leaderAppendOnly() {
    let checker = LeaderAppendOnly()
    #expect(
      finding { () throws(Finding) in
        try checker.proposed(id(2, 1, 4), after: id(1, 1, 3), vote: vote(2, 1).committed)
      } == nil)
    #expect(
      finding { () throws(Finding) in
        try checker.proposed(id(2, 1, 3), after: id(1, 1, 3), vote: vote(2, 1).committed)
      } == .leaderAppendOnly)
    #expect(
      finding { () throws(Finding) in
        try checker.proposed(id(2, 1, 4), after: id(1, 1, 3), vote: vote(2, 1))
      } == .leaderAppendOnly)
    #expect(
      checker.truncated(after: nil, leadingSince: vote(2, 1).committed).property
        == .leaderAppendOnly)
  }

  @Test("Committed never lost: durable on a quorum, and not cut by who must know")
  func committedNeverLost() throws {
    let checker = CommittedNeverLost()
    let three = try membership([[1, 2, 3]])
    #expect(
      finding { () throws(Finding) in
        try checker.committed(id(1, 1, 0), memberships: [three]) { id, _ in id <= 2 }
      } == nil)
    #expect(
      finding { () throws(Finding) in
        try checker.committed(id(1, 1, 0), memberships: [three]) { id, _ in id == 2 }
      } == .committedNeverLost)
    let joint = try membership([[1, 2, 3], [3, 4, 5]])
    #expect(
      finding { () throws(Finding) in
        try checker.committed(id(1, 1, 0), memberships: [joint]) { id, _ in id <= 3 }
      } == .committedNeverLost)
    let named = three.binding(1, to: Incarnation(1)).binding(2, to: Incarnation(2))
    #expect(
      finding { () throws(Finding) in
        // Node 2 has the entry in a later life than the one that is named.
        try checker.committed(id(1, 1, 0), memberships: [named]) { id, life in
          id == 1 || id == 2 && life == Incarnation(3)
        }
      } == .committedNeverLost)
    let held = simulatedLog([id(1, 1, 0), id(1, 1, 1)])
    let past = history([id(1, 1, 0), id(1, 1, 1)], by: [id(1, 1, 0), id(3, 1, 1)])
    func cut(_ leader: Vote, snapshot: LogID? = nil) -> Property? {
      finding { () throws(Finding) in
        try checker.truncated(
          held, after: id(1, 1, 0), following: leader.leader, snapshot: snapshot, node: 2, past)
      }
    }
    #expect(cut(vote(3, 2)) == .committedNeverLost)
    #expect(cut(vote(2, 2)) == nil)
    #expect(cut(vote(3, 2), snapshot: id(1, 1, 1)) == nil)
  }

  @Test("Monotony: nothing goes back in one life")
  func monotony() {
    var checker = Monotony(rule: .onePerTerm, nodeCount: 2)
    func step(_ vote: Vote, _ committed: LogID?, _ applied: LogID?) -> Property? {
      finding { () throws(Finding) in
        try checker.stepped(2, vote: vote, committed: committed, applied: applied)
      }
    }
    #expect(step(vote(2, 1), id(1, 1, 4), id(1, 1, 3)) == nil)
    #expect(step(vote(2, 2), id(1, 1, 4), id(1, 1, 3)) == .monotony)
    #expect(step(vote(2, 1), id(1, 1, 3), id(1, 1, 3)) == .monotony)
    #expect(step(vote(2, 1), id(1, 1, 4), nil) == .monotony)
    checker.started(2, vote: .initial, committed: nil, applied: nil)
    #expect(step(vote(1, 1), nil, nil) == nil)
  }

  @Test("Configuration overlap: quorums meet, and changes wait for each other")
  func configurationOverlap() throws {
    let checker = ConfigurationOverlap()
    let past = history([id(1, 1, 0), id(2, 2, 1)])
    let old = LoggedMembership(logID: id(1, 1, 0), membership: try membership([[1, 2, 3]]))
    func propose(_ next: [[NodeID]], _ position: LogID, _ past: CommittedHistory) throws
      -> Property?
    {
      let wanted = LoggedMembership(logID: position, membership: try membership(next))
      return finding { () throws(Finding) in try checker.proposed(wanted, after: old, past) }
    }
    #expect(try propose([[1, 2, 3], [3, 4]], id(2, 2, 2), past) == nil)
    #expect(try propose([[3, 4]], id(2, 2, 2), past) == .configurationOverlap)
    #expect(try propose([[1, 2, 3], [3]], id(3, 3, 2), past) == .configurationOverlap)
    #expect(try propose([[1, 2, 3], [3]], id(2, 2, 2), history([])) == .configurationOverlap)
  }

  @Test("Client oracle: no phantom, nothing twice, nothing that was refused, no lost write")
  func clientOracle() throws {
    var checker = ClientOracle()
    var call = ClientCall(
      number: 1, kind: .write, register: 0, value: 1, node: 1, asked: 1, askedAt: 0)
    let entry = log([id(1, 1, 0)])[0]
    #expect(
      finding { () throws(Finding) in try checker.committed(nil, at: id(1, 1, 0)) }
        == .clientOracle)
    #expect(finding { () throws(Finding) in try checker.committed(call, at: id(1, 1, 0)) } == nil)
    #expect(
      finding { () throws(Finding) in try checker.acknowledged(call, as: entry, node: 1) }
        == .clientOracle)
    call.commitCount = 1
    #expect(
      finding { () throws(Finding) in try checker.committed(call, at: id(1, 1, 1)) }
        == .clientOracle)
    #expect(finding { () throws(Finding) in try checker.refused(call) } == .clientOracle)
    #expect(
      finding { () throws(Finding) in try checker.acknowledged(call, as: entry, node: 1) }
        == nil)
    #expect(
      finding { () throws(Finding) in
        try checker.admitted(from: id(1, 1, 4), floor: 5, node: 1)
      } == .clientOracle)
    call.commitCount = 0
    call.outcome = .refused
    #expect(
      finding { () throws(Finding) in try checker.committed(call, at: id(1, 1, 0)) }
        == .clientOracle)
    let changed = try membership([[1]])
    #expect(
      finding { () throws(Finding) in
        try checker.changed(changed, at: id(1, 1, 0), nil, node: 1)
      } == .clientOracle)
    #expect(
      finding { () throws(Finding) in
        try checker.changed(id(1, 1, 4), expected: id(1, 1, 0), node: 1)
      } == .clientOracle)
    #expect(
      finding { () throws(Finding) in
        try checker.changed(id(1, 1, 0), expected: id(1, 1, 0), node: 1)
      } == nil)
  }

  @Test("A change of the membership is refused for a reason that holds")
  func refusedChanges() {
    let checker = ClientOracle()
    let (old, new) = (id(1, 1, 0), id(1, 1, 4))
    let unfounded: [MembershipRefusal] = [
      .preconditionFailed(expected: old, actual: old),
      .inProgress(committed: new, effective: new),
    ]
    for refusal in unfounded {
      #expect(
        finding { () throws(Finding) in try checker.refused(refusal, isJoint: false, node: 1) }
          == .clientOracle)
    }
    let founded: [(MembershipRefusal, isJoint: Bool)] = [
      (.preconditionFailed(expected: old, actual: new), false),
      (.inProgress(committed: old, effective: new), false),
      (.inProgress(committed: new, effective: new), true), (.notLeader, false),
    ]
    for (refusal, isJoint) in founded {
      #expect(
        finding { () throws(Finding) in try checker.refused(refusal, isJoint: isJoint, node: 1) }
          == nil)
    }
  }
}
