import RaftEngine
import Testing

@Suite("Changes of the membership that are refused, and what they must not touch")
struct MembershipChangeRefusalTests {
  private static func error(
    of change: MembershipChange, to membership: Membership
  ) -> MembershipError? {
    do throws(MembershipError) {
      _ = try membership.applying(change, retainingRemoved: true)
      return nil
    } catch {
      return error
    }
  }

  @Test("A node becomes a member before it becomes a voter")
  func unknownVoters() throws {
    let before = try membership([1, 2, 3], learners: [4])
    #expect(Self.error(of: .addVoters([4, 9]), to: before) == .unknownVoter(9))
    #expect(Self.error(of: .replaceVoters([1, 9]), to: before) == .unknownVoter(9))
    #expect(
      Self.error(of: .batch([.addVoters([4]), .removeMembers([4])]), to: before)
        == .unknownVoter(4))
  }

  @Test("The last voter keeps its vote")
  func noVoters() throws {
    let before = try membership([1, 2], learners: [3])
    #expect(Self.error(of: .replaceVoters([]), to: before) == .emptyConfiguration)
    #expect(Self.error(of: .removeVoters([1, 2, 3]), to: before) == .emptyConfiguration)
  }

  @Test("A voter does not leave the members as long as it has its vote")
  func removedVoters() throws {
    let before = try membership([1, 2, 3], learners: [4])
    #expect(Self.error(of: .removeMembers([4, 2]), to: before) == .removedVoter(2))
    #expect(
      Self.error(of: .replaceMembers([server(1), server(2)]), to: before) == .removedVoter(3))
    #expect(
      Self.error(of: .batch([.removeMembers([3]), .addLearners([server(3)])]), to: before) == nil)
  }

  @Test("A wish that names a member twice is refused")
  func duplicates() throws {
    let before = try membership([1, 2])
    let twice = [server(3), server(3, address: "elsewhere")]
    #expect(Self.error(of: .addLearners(twice), to: before) == .duplicateMember(3))
    #expect(Self.error(of: .updateMembers(twice), to: before) == .duplicateMember(3))
    #expect(
      Self.error(of: .replaceMembers([server(1), server(2)] + twice), to: before)
        == .duplicateMember(3))
  }

  @Test("A description without an incarnation keeps the one that is known")
  func incarnationsAreKept() throws {
    let before = try Membership(
      configurations: [[1]],
      members: [server(1, incarnation: 11), server(2, incarnation: 22), server(3)])
    let described = [server(1, address: "a"), server(2, address: "b"), server(3, incarnation: 33)]
    let expected = [
      server(1, address: "a", incarnation: 11), server(2, address: "b", incarnation: 22),
      server(3, incarnation: 33),
    ]
    let updated = try before.applying(.updateMembers(described), retainingRemoved: false)
    #expect(updated.members == expected)
    let replaced = try before.applying(.replaceMembers(described), retainingRemoved: false)
    #expect(replaced.members == expected)
  }

  @Test("The vote of a node is not handed to another life of it")
  func incarnationsOfVoters() throws {
    let before = try Membership(
      configurations: [[1, 2]],
      members: [server(1), server(2, incarnation: 22), server(3, incarnation: 33)])
    let another = server(2, incarnation: 99)
    #expect(Self.error(of: .updateMembers([another]), to: before) == .exchangedIncarnation(2))
    #expect(
      Self.error(of: .batch([.removeVoters([2]), .updateMembers([another])]), to: before)
        == .exchangedIncarnation(2))
    #expect(
      Self.error(of: .batch([.removeMembers([2]), .addLearners([server(2)])]), to: before)
        == .exchangedIncarnation(2))
    // A voter is bound to its first life, and a learner may have another one.
    #expect(Self.error(of: .updateMembers([server(1, incarnation: 11)]), to: before) == nil)
    #expect(
      Self.error(of: .updateMembers([server(3, incarnation: 99)]), to: before) == nil)
  }

  @Test("Marks for promotion stay with learners and leave with the vote")
  func promotionMarks() throws {
    func marked(_ id: NodeID) -> Member {
      Member(id: id, address: "host\(id)", isPromotedWhenCaughtUp: true)
    }
    let before = try Membership(
      configurations: [[1, 2]], members: [server(1), marked(2), marked(3), marked(4)])
    let next = try before.applying(
      .batch([.addVoters([3]), .removeVoters([2]), .addLearners([marked(5)])]),
      retainingRemoved: true)
    let expected = [server(1), server(2), server(3), marked(4), marked(5)]
    #expect(next.members == expected)
    #expect(next.leavingJoint().members == expected)
  }

  @Test("A joint membership is left before it changes again")
  func joint() async {
    await #expect(processExitsWith: .failure) {
      let members = [Member(id: 1, address: "a"), Member(id: 2, address: "b")]
      let joint = try Membership(configurations: [[1], [1, 2]], members: members)
      _ = try joint.applying(.removeVoters([2]), retainingRemoved: true)
    }
  }

  @Test("Only a joint membership is left")
  func notJoint() async {
    await #expect(processExitsWith: .failure) {
      _ = try Membership(voters: [Member(id: 1, address: "a")]).leavingJoint()
    }
  }
}
