import RaftEngine
import Testing

@Suite("Planning changes of the membership")
struct MembershipChangeTests {
  private static let sets = subsets(ofNodes: 4).filter { !$0.isEmpty }

  @Test(
    "Voters change through one joint membership, for every pair of sets over four nodes",
    arguments: [true, false])
  func everyPair(retaining: Bool) throws {
    for old in Self.sets {
      for new in Self.sets {
        let before = try membership(old, learners: [1, 2, 3, 4, 5])
        let next = try before.applying(.replaceVoters(new), retainingRemoved: retaining)
        #expect(next.terms == before.terms)
        #expect(next.members == before.members)
        try #require(quorumsIntersect(before, next, ofNodes: 4), "\(before), \(next)")
        guard old != new else {
          #expect(next == before)
          continue
        }
        #expect(next.configurations == [old, new])
        let after = next.leavingJoint()
        #expect(after.configurations == [new])
        #expect(after.terms == before.terms)
        #expect(after.leavingRule == .retain)
        let dropped = retaining ? [] : old.filter { !new.contains($0) }
        #expect(after.members == before.members.filter { !dropped.contains($0.id) })
        try #require(quorumsIntersect(next, after, ofNodes: 4), "\(next), \(after)")
      }
    }
  }

  @Test("Without the joint step some quorums would not meet: the check can fail")
  func checkCanFail() throws {
    #expect(try !quorumsIntersect(membership([1, 2]), membership([3, 4]), ofNodes: 4))
  }

  @Test("Voters are added and removed one by one, as the same step as a new set")
  func addingAndRemoving() throws {
    let before = try membership([1, 2, 3], learners: [4])
    #expect(
      try before.applying(.addVoters([4, 4, 1]), retainingRemoved: false)
        == before.applying(.replaceVoters([4, 3, 2, 1]), retainingRemoved: false))
    #expect(
      try before.applying(.removeVoters([3, 9, 4]), retainingRemoved: true)
        == before.applying(.replaceVoters([1, 2]), retainingRemoved: true))
  }

  @Test("What changes no voter's vote needs no joint step")
  func withoutVotes() throws {
    let before = try membership([1, 2], learners: [3])
    func after(_ change: MembershipChange) throws -> Membership {
      try before.applying(change, retainingRemoved: false)
    }
    #expect(try after(.addVoters([1])) == before)
    #expect(try after(.removeVoters([3, 7])) == before)
    #expect(try after(.batch([])) == before)
    #expect(try after(.addLearners([server(4)])) == membership([1, 2], learners: [3, 4]))
    #expect(try after(.removeMembers([3, 8])) == membership([1, 2]))
    #expect(try after(.batch([.removeVoters([2]), .addVoters([2])])) == before)
  }

  @Test("Members that are there stay as they are described when they are added again")
  func addedTwice() throws {
    let before = try membership([1, 2], learners: [3])
    let next = try before.applying(
      .addLearners([server(3, address: "elsewhere"), server(1, address: "elsewhere")]),
      retainingRemoved: false)
    #expect(next == before)
  }

  @Test("Members are described anew where they are and added where they are not")
  func updates() throws {
    let before = try membership([1, 2], learners: [3])
    let next = try before.applying(
      .updateMembers([server(4), server(2, address: "moved")]), retainingRemoved: false)
    #expect(next.configurations == [[1, 2]])
    #expect(next.members == [server(1), server(2, address: "moved"), server(3), server(4)])
  }

  @Test("Members are replaced as a whole, as long as every voter stays")
  func replacement() throws {
    let before = try membership([1, 2], learners: [3])
    let wanted = [server(4), server(2, address: "moved"), server(1)]
    let next = try before.applying(.replaceMembers(wanted), retainingRemoved: false)
    #expect(next.configurations == [[1, 2]])
    #expect(next.members == [server(1), server(2, address: "moved"), server(4)])
  }

  @Test("Learners and voters of one batch come with one joint step")
  func batch() throws {
    let before = try membership([1, 2, 3], learners: [4])
    let next = try before.applying(
      .batch([
        .addLearners([server(5), server(6)]), .addVoters([5]),
        .batch([.removeVoters([1]), .removeMembers([4])]),
      ]), retainingRemoved: false)
    #expect(
      try next == membership([1, 2, 3], [2, 3, 5], learners: [6], leaving: .drop(except: [])))
    #expect(try next.leavingJoint() == membership([2, 3, 5], learners: [6]))
  }

  @Test("A voter that loses its vote and leaves in one batch stays until the joint step is over")
  func removedWithItsVote() throws {
    let before = try membership([1, 2, 3, 4])
    let change = MembershipChange.batch([.removeVoters([3, 4]), .removeMembers([4])])
    let retaining = try before.applying(change, retainingRemoved: true)
    #expect(try retaining == membership([1, 2, 3, 4], [1, 2], leaving: .drop(except: [3])))
    #expect(try retaining.leavingJoint() == membership([1, 2], learners: [3]))
    let dropping = try before.applying(change, retainingRemoved: false)
    #expect(try dropping.leavingJoint() == membership([1, 2]))
    let replacing = try before.applying(
      .batch([.replaceVoters([1, 2]), .replaceMembers([server(1), server(2), server(3)])]),
      retainingRemoved: true)
    #expect(replacing == retaining)
  }
}
