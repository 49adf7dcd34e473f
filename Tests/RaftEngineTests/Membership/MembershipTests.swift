import RaftEngine
import Testing

@Suite("Memberships")
struct MembershipTests {
  @Test("What could not decide anything, or names somebody twice or nobody, is refused")
  func refusals() {
    func error(_ configurations: [[NodeID]], members: [NodeID]) -> MembershipError? {
      do throws(MembershipError) {
        _ = try Membership(configurations: configurations, members: members.map { server($0) })
        return nil
      } catch {
        return error
      }
    }
    #expect(error([], members: [1]) == .configurationCount(0))
    #expect(error([[1], [1], [1]], members: [1]) == .configurationCount(3))
    #expect(error([[]], members: [1]) == .emptyConfiguration)
    #expect(error([[1], []], members: [1]) == .emptyConfiguration)
    #expect(error([[2, 1, 2]], members: [1, 2]) == .duplicateVoter(2))
    #expect(error([[1], [3, 3]], members: [1, 3]) == .duplicateVoter(3))
    #expect(error([[1]], members: [1, 2, 1]) == .duplicateMember(1))
    #expect(error([[1, 3]], members: [1, 2, 4]) == .unknownVoter(3))
    #expect(error([[1], [5, 1]], members: [1, 2, 4]) == .unknownVoter(5))
    #expect(error([[3, 1]], members: [1, 2, 3]) == nil)
  }

  @Test("Every error says what is wrong and what to do")
  func errorTexts() {
    let errors: [MembershipError: String] = [
      .configurationCount(3): "a membership has one configuration, or two while it changes, not 3",
      .emptyConfiguration:
        "a configuration without voters could never decide anything: name at least one voter",
      .duplicateVoter(2): "node 2 stands twice among the voters: name each node once",
      .duplicateMember(2): "node 2 stands twice among the members: name each node once",
      .unknownVoter(2): "node 2 is no member: add it as a learner before it becomes a voter",
      .removedVoter(2):
        "node 2 has a vote: take the vote first, before its removal or earlier in the same batch",
      .exchangedIncarnation(2): """
      node 2 has a vote that belongs to its former data: take the vote, then describe the new \
      incarnation, then give the vote again
      """,
    ]
    for (error, text) in errors { #expect("\(error)" == text) }
  }

  @Test("Order does not matter")
  func order() throws {
    let one = try Membership(
      configurations: [[2, 1, 3], [3, 4]], members: [1, 2, 3, 4].map { server($0) },
      leavingRule: .drop(except: [2, 1]))
    let other = try Membership(
      configurations: [[3, 2, 1], [4, 3]], members: [4, 2, 1, 3].map { server($0) },
      leavingRule: .drop(except: [1, 2]))
    #expect(one == other)
    #expect(one.hashValue == other.hashValue)
    #expect(one.configurations == [[1, 2, 3], [3, 4]])
    #expect(one.members.map(\.id) == [1, 2, 3, 4])
    #expect(one.leavingRule == .drop(except: [1, 2]))
    let swapped = try Membership(configurations: [[3, 4], [1, 2, 3]], members: one.members)
    #expect(one != swapped)
  }

  @Test("Voters are named by a configuration, all other members are learners")
  func roles() throws {
    let joint = try membership([1, 2], [2, 4], learners: [3, 5])
    #expect(joint.isJoint)
    #expect(joint.voters == [1, 2, 4])
    #expect(joint.learners == [3, 5])
    #expect([1, 2, 4].allSatisfy { joint.isVoter($0) })
    #expect([3, 5, 6].allSatisfy { !joint.isVoter($0) })
    #expect(try !membership([1, 2]).isJoint)
  }

  @Test("A member is found by its number and by its name")
  func lookUp() throws {
    let member = Member(id: 2, address: "b", name: "berta", metadata: ["rack": "7"])
    let membership = try Membership(voters: [server(1), member])
    #expect(membership.voters == [1, 2])
    #expect(membership.member(2) == member)
    #expect(membership.member(3) == nil)
    #expect(membership.member(named: "berta") == member)
    #expect(membership.member(named: "anton") == nil)
    #expect("\(member)" == "2@b")
  }

  @Test("Other terms change nothing else")
  func terms() throws {
    let old = try membership([1, 2], [2, 3], learners: [4], leaving: .drop(except: [1]))
    let terms = Membership.Terms(
      cluster: ClusterID(high: 1, low: 2), leadershipRule: .onePerTerm, largestPromise: 5,
      featureLevel: 2)
    let new = old.with(terms)
    #expect(new.terms == terms)
    #expect(new != old)
    #expect(new.with(old.terms) == old)
  }

  @Test("A membership is printed by its configurations and learners")
  func descriptions() throws {
    #expect(try "\(membership([3, 1, 2]))" == "[1,2,3]")
    let joint = try membership([1], [1, 2], learners: [3])
    #expect("\(joint)" == "[1]&[1,2]+{3}")
    let logged = LoggedMembership(logID: LogID(term: 1, node: 1, index: 4), membership: joint)
    #expect("\(logged)" == "[1]&[1,2]+{3} at T1-N1.4")
    #expect("\(LoggedMembership.none)" == "none")
  }
}
