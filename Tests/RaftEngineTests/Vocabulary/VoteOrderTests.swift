import RaftEngine
import Testing

@Suite("The order of votes")
struct VoteOrderTests {
  @Test("Both rules order votes partially", arguments: LeadershipRule.allCases)
  func partialOrder(rule: LeadershipRule) {
    expectPartialOrder(smallVotes) { rule.allows($1, after: $0) }
  }

  @Test("With many leaders a round, any two votes of different leaderships can be compared")
  func manyPerTermIsTotal() {
    for old in smallVotes {
      for new in smallVotes {
        let rule = LeadershipRule.manyPerTerm
        #expect(rule.allows(new, after: old) || rule.allows(old, after: new), "\(old), \(new)")
      }
    }
  }

  @Test("With one leader a round, only votes that exclude each other cannot be compared")
  func onePerTermIncomparables() {
    for old in smallVotes {
      for new in smallVotes {
        let exclude =
          old.term == new.term && old.leader != new.leader && old.isCommitted == new.isCommitted
        let rule = LeadershipRule.onePerTerm
        #expect(
          (rule.allows(new, after: old) || rule.allows(old, after: new)) != exclude,
          "\(old), \(new)")
      }
    }
  }

  @Test(
    "A later round comes after everything of an earlier one", arguments: LeadershipRule.allCases)
  func laterRoundsWin(rule: LeadershipRule) {
    for old in smallVotes {
      for new in smallVotes where new.term > old.term {
        #expect(rule.allows(new, after: old), "\(old), \(new)")
        #expect(!rule.allows(old, after: new), "\(old), \(new)")
      }
    }
  }

  @Test(
    "A committed vote comes after its own candidacy, never before it",
    arguments: LeadershipRule.allCases)
  func committedBeatsUncommitted(rule: LeadershipRule) {
    for vote in smallVotes {
      #expect(rule.allows(vote.committed, after: vote.uncommitted))
      #expect(!rule.allows(vote.uncommitted, after: vote.committed))
    }
  }

  @Test("With one leader a round, an elected leader comes after all candidates of its round")
  func electedLeaderBeatsCandidates() {
    let rule = LeadershipRule.onePerTerm
    for candidate in smallVotes where !candidate.isCommitted {
      for elected in smallVotes where elected.isCommitted && elected.term == candidate.term {
        #expect(rule.allows(elected, after: candidate), "\(candidate), \(elected)")
        #expect(!rule.allows(candidate, after: elected), "\(candidate), \(elected)")
      }
    }
  }

  @Test("With many leaders a round, a higher candidate comes after an elected leader")
  func higherCandidateBeatsElected() {
    let elected = Vote(leader: LeaderID(term: 1, node: 1), isCommitted: true)
    let higher = Vote(leader: LeaderID(term: 1, node: 2), isCommitted: false)
    #expect(LeadershipRule.manyPerTerm.allows(higher, after: elected))
    #expect(!LeadershipRule.manyPerTerm.allows(elected, after: higher))
    #expect(!LeadershipRule.onePerTerm.allows(higher, after: elected))
  }

  @Test("Every vote may follow the initial one", arguments: LeadershipRule.allCases)
  func initialIsLeast(rule: LeadershipRule) {
    let real = smallVotes.filter { $0.term > 0 } + [.initial]
    #expect(real.allSatisfy { rule.allows($0, after: .initial) })
  }

  @Test("Votes are printed with their leadership, and a star once a quorum chose them")
  func descriptions() {
    let vote = Vote(leader: LeaderID(term: 3, node: 1), isCommitted: false)
    #expect("\(vote)" == "T3-N1")
    #expect("\(vote.committed)" == "T3-N1*")
    #expect(vote.committed.uncommitted == vote)
  }
}
