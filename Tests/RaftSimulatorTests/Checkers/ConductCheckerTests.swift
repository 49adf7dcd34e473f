import RaftEngine
import Testing

@testable import RaftSimulator

@Suite("Checkers of who stands, who leads and who waits")
struct ConductCheckerTests {
  @Test("Candidacies: who asks first stands with the consent of a quorum to its last question")
  func consent() throws {
    let three = try membership([[1, 2, 3]])
    func stands(
      _ grants: [(Vote, NodeID)], question: Vote? = nil, for own: Vote, asked: Membership?
    ) -> Property? {
      finding { () throws(Finding) in
        var checker = Candidacies(nodeCount: 5)
        checker.asked(question ?? own)
        for (vote, voter) in grants { checker.granted(vote, by: voter) }
        try checker.stood(1, for: own, asked: asked)
      }
    }
    #expect(stands([(vote(2, 1), 3)], for: vote(2, 1), asked: three) == nil)
    #expect(stands([], for: vote(2, 1), asked: three) == .candidacies)
    #expect(stands([], for: vote(2, 1), asked: nil) == nil)
    #expect(stands([], for: vote(2, 1), asked: try membership([[1]])) == nil)
    // It refused others meanwhile, so it stands above them.
    #expect(stands([(vote(2, 1), 3)], question: vote(2, 1), for: vote(3, 1), asked: three) == nil)
    // Consent to an earlier question, from a learner, or to somebody else.
    #expect(stands([(vote(2, 1), 3)], for: vote(3, 1), asked: three) == .candidacies)
    #expect(stands([(vote(2, 1), 4)], for: vote(2, 1), asked: three) == .candidacies)
    #expect(stands([(vote(2, 3), 2)], for: vote(2, 1), asked: three) == .candidacies)
    // Told twice by one of five.
    let five = try membership([[1, 2, 3, 4, 5]])
    let twice = [(vote(2, 1), 2), (vote(2, 1), 2)] as [(Vote, NodeID)]
    #expect(stands(twice, for: vote(2, 1), asked: five) == .candidacies)
  }

  @Test("Candidacies: a node stands above all rounds that it refused since its start")
  func refusedRounds() {
    func stands(in term: UInt64, restarted: Bool) -> Property? {
      finding { () throws(Finding) in
        var checker = Candidacies(nodeCount: 3)
        checker.refused(4, by: 1)
        checker.refused(2, by: 1)
        if restarted { checker.started(1) }
        try checker.stood(1, for: vote(term, 1), asked: nil)
      }
    }
    #expect(stands(in: 4, restarted: false) == .candidacies)
    #expect(stands(in: 5, restarted: false) == nil)
    #expect(stands(in: 4, restarted: true) == nil)
  }

  @Test("Quorum contact: no candidate deposes a leader that hears a quorum, except in its transfer")
  func steadyLeader() {
    let leader = vote(3, 1).committed
    func finds(_ request: VoteRequest, hasContact: Bool?, after: Vote) -> Property? {
      finding { () throws(Finding) in
        try QuorumContact().stepped(
          1, .voteRequested(request, from: Sender(node: 2, cluster: nil), Ticket(1)),
          from: .init(vote: leader, last: nil, hasContact: hasContact),
          to: .init(vote: after, last: nil, hasContact: nil))
      }
    }
    let request = VoteRequest(vote: vote(4, 2), lastLogID: nil)
    #expect(finds(request, hasContact: true, after: request.vote) == .quorumContact)
    #expect(finds(request, hasContact: true, after: leader) == nil)
    #expect(finds(request, hasContact: false, after: request.vote) == nil)
    #expect(finds(request, hasContact: nil, after: request.vote) == nil)
    let transfer = VoteRequest(vote: vote(4, 2), lastLogID: nil, transferredFrom: leader)
    #expect(finds(transfer, hasContact: true, after: request.vote) == nil)
  }

  @Test("Quorum contact: without it a leader takes no writes, asks for nothing and delays nobody")
  func lonelyLeader() {
    let checker = QuorumContact()
    let leader = vote(3, 1).committed
    func writes(_ hasContact: Bool?, through index: UInt64) -> Property? {
      finding { () throws(Finding) in
        try checker.stepped(
          1, .proposed(count: 1, byteCount: 8, timestamp: .epoch),
          from: .init(vote: leader, last: id(3, 1, 5), hasContact: hasContact),
          to: .init(vote: leader, last: id(3, 1, index), hasContact: hasContact))
      }
    }
    #expect(writes(false, through: 6) == .quorumContact)
    #expect(writes(false, through: 5) == nil)
    #expect(writes(true, through: 6) == nil)
    for (promise, hasContact, property) in [
      (20, false, .quorumContact), (0, false, nil), (20, true, nil),
    ] as [(Int64, Bool, Property?)] {
      #expect(
        finding { () throws(Finding) in
          try checker.asks(leader, for: promise, hasContact: hasContact)
        } == property)
    }
    for (before, after, property) in [
      (50, 80, .quorumContact), (50, 50, nil), (20, 30, nil), (20, 31, .quorumContact),
    ] as [(Int64, Int64, Property?)] {
      #expect(
        finding { () throws(Finding) in
          try checker.probed(
            2, from: Instant(nanoseconds: before), to: Instant(nanoseconds: after),
            at: Instant(nanoseconds: 30))
        } == property)
    }
    #expect(
      finding { () throws(Finding) in
        let now = Instant(nanoseconds: 30)
        try checker.probed(2, from: .distantFuture, to: Instant(nanoseconds: 90), at: now)
        try checker.probed(2, from: now, to: .distantFuture, at: now)
      } == nil)
  }

  @Test("Backed leases: a promise binds as long as it was given, and as a restart remembers it")
  func bonds() {
    let now = Instant(nanoseconds: 100)
    var checker = BackedLeases(nodeCount: 2)
    #expect(checker.rest(of: 1, at: now, longest: 60) == 0)
    checker.promised(1, for: 50, at: now)
    checker.promised(1, for: 0, at: Instant(nanoseconds: 140))
    checker.promised(1, for: 5, at: Instant(nanoseconds: 120))
    #expect(checker.rest(of: 1, at: Instant(nanoseconds: 120), longest: 60) == 30)
    #expect(checker.rest(of: 1, at: Instant(nanoseconds: 120), longest: 20) == 20)
    #expect(checker.rest(of: 1, at: Instant(nanoseconds: 151), longest: 60) == 0)
    checker.started(1, clock: Instant(nanoseconds: 7), clockBefore: now, longest: 40)
    #expect(checker.rest(of: 1, at: Instant(nanoseconds: 7), longest: 60) == 40)
    checker.emptied(1)
    #expect(checker.rest(of: 1, at: now, longest: 60) == nil)
  }

  @Test("Backed leases: no lease holds when no quorum is bound any more")
  func unbackedLease() {
    let checker = BackedLeases(nodeCount: 1)
    for (holds, property) in [(true, .exclusiveLease), (false, nil)] as [(Bool, Property?)] {
      #expect(
        finding { () throws(Finding) in
          try checker.check(
            LeaderID(term: 2, node: 1), boundUntil: Instant(nanoseconds: 5), holds: holds)
        } == property)
    }
  }
}
