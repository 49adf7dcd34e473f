import RaftEngine
import Testing

@testable import RaftSimulator

@Suite("Checkers of what nodes promise")
struct PromiseCheckerTests {
  @Test("Promises kept: what a node says is on its disk, and it waits as long as it promised")
  func promisesKept() {
    var checker = PromisesKept(rule: .onePerTerm, nodeCount: 3)
    let now = Instant(nanoseconds: 100)
    #expect(
      finding { () throws(Finding) in
        try checker.spoke(1, under: vote(2, 2), durable: vote(2, 2))
        try checker.stood(1, behind: vote(3, 3), at: now)
        try checker.confirms(
          1, through: id(1, 1, 0), vote: vote(2, 2), durable: vote(2, 2), isHeld: true)
      } == nil)
    #expect(
      finding { () throws(Finding) in
        try checker.spoke(1, under: vote(4, 2), durable: vote(3, 2))
      } == .promisesKept)
    #expect(
      finding { () throws(Finding) in
        try checker.confirms(
          1, through: id(1, 1, 0), vote: vote(2, 2), durable: vote(2, 2), isHeld: false)
      } == .promisesKept)
    checker.promised(1, under: vote(2, 2).committed, for: 50, at: now)
    #expect(
      finding { () throws(Finding) in
        try checker.stood(1, behind: vote(5, 3), at: Instant(nanoseconds: 149))
      } == .promisesKept)
    #expect(
      finding { () throws(Finding) in
        try checker.stood(1, behind: vote(5, 2), at: Instant(nanoseconds: 149))
        try checker.stood(1, behind: vote(5, 3), at: Instant(nanoseconds: 150))
      } == nil)
    #expect(
      finding { () throws(Finding) in
        try checker.started(
          1, vote: vote(1, 3), clock: now, clockBefore: now, longest: 50)
      } == .promisesKept)
    // What it promised binds it after a restart as far as its memberships tell.
    let start = Instant(nanoseconds: 140)
    for (moment, property) in [(159, .promisesKept), (160, nil)] as [(Int64, Property?)] {
      #expect(
        finding { () throws(Finding) in
          try checker.started(
            1, vote: vote(4, 2), clock: start, clockBefore: Instant(nanoseconds: 120), longest: 20)
          try checker.stood(1, behind: vote(5, 3), at: Instant(nanoseconds: moment))
        } == property)
    }
  }

  @Test(
    "Exclusive lease: nobody begins to lead in a later round while another could read by its lease")
  func exclusiveLease() {
    let checker = ExclusiveLease()
    let one = LeaderID(term: 2, node: 1)
    for (term, holds, property) in [
      (3, true, .exclusiveLease), (3, false, nil), (1, true, nil),
    ] as [(Term, Bool, Property?)] {
      #expect(
        finding { () throws(Finding) in
          try checker.check(
            LeaderID(term: term, node: 2), beside: one, whoseLeaseHolds: holds)
        } == property)
    }
  }

  @Test("Quiet transfers: nothing is added while a leader hands over, as long as it does")
  func quietTransfers() {
    let checker = QuietTransfers()
    let leader = vote(3, 1).committed
    func scene(_ target: NodeID?, _ index: UInt64, _ vote: Vote? = nil) -> QuietTransfers.Scene {
      .init(vote: vote ?? leader, target: target, last: id(3, 1, index))
    }
    #expect(
      finding { () throws(Finding) in
        try checker.stepped(1, from: scene(2, 5), to: scene(2, 5))
        try checker.stepped(1, from: scene(2, 5), to: scene(nil, 6))
        try checker.stepped(1, from: scene(nil, 5), to: scene(2, 6))
        try checker.stepped(1, from: scene(2, 5), to: scene(3, 6))
      } == nil)
    #expect(
      finding { () throws(Finding) in
        try checker.stepped(1, from: scene(2, 5), to: scene(2, 6))
      } == .quietTransfers)
  }

  @Test("Promises kept: only the leader behind which a node stands may ask it to take over")
  func takingOver() {
    var checker = PromisesKept(rule: .manyPerTerm, nodeCount: 3)
    let leader = vote(3, 1).committed
    let own = vote(4, 2)
    func finds(
      _ request: TransferRequest, from before: Vote, to after: Vote, isHeld: Bool = true
    ) -> Property? {
      finding { () throws(Finding) in
        try checker.tookOver(2, asked: request, from: before, to: after, isHeld: isHeld)
      }
    }
    let request = TransferRequest(from: leader, to: 2, lastLogID: nil)
    #expect(finds(request, from: leader, to: own) == nil)
    #expect(finds(request, from: leader, to: own, isHeld: false) == .promisesKept)
    #expect(finds(request, from: vote(3, 3).committed, to: vote(3, 3).committed) == nil)
    #expect(finds(request, from: vote(3, 3).committed, to: own) == .promisesKept)
    let other = TransferRequest(from: leader, to: 3, lastLogID: nil)
    #expect(finds(other, from: leader, to: own) == .promisesKept)
    let standing = TransferRequest(from: leader.uncommitted, to: 2, lastLogID: nil)
    #expect(finds(standing, from: leader.uncommitted, to: own) == .promisesKept)
  }

  @Test("Promises kept: a promise under a vote that the disk lost was heard by nobody")
  func unheard() {
    for (stored, property) in [(vote(3, 1).committed, .promisesKept), (vote(2, 3).committed, nil)]
      as [(Vote, Property?)]
    {
      var checker = PromisesKept(rule: .manyPerTerm, nodeCount: 3)
      let now = Instant(nanoseconds: 5)
      checker.promised(2, under: vote(3, 1).committed, for: 100, at: now)
      #expect(
        finding { () throws(Finding) in
          try checker.started(2, vote: stored, clock: now, clockBefore: now, longest: 100)
          try checker.stood(2, behind: vote(4, 3), at: now)
        } == property)
    }
  }

  @Test("Promises kept: who asks a node to take over lets it off its promise, nobody else")
  func letOff() {
    var checker = PromisesKept(rule: .manyPerTerm, nodeCount: 3)
    let leader = vote(3, 1).committed
    let now = Instant(nanoseconds: 5)
    checker.promised(2, under: leader, for: 100, at: now)
    #expect(
      finding { () throws(Finding) in
        try checker.stood(2, behind: vote(5, 2), at: now)
      } == .promisesKept)
    #expect(
      finding { () throws(Finding) in
        let request = TransferRequest(from: leader, to: 2, lastLogID: nil)
        try checker.tookOver(2, asked: request, from: leader, to: vote(4, 2), isHeld: true)
        try checker.stood(2, behind: vote(5, 2), at: now)
      } == nil)
  }
}
