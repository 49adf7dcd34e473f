import Raft
import Testing

@Suite("From one set of voters to another", .serialized, .timeLimit(.minutes(5)))
struct ChangeMatrixTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let from: [NodeID]
    let change: MembershipChange
    let to: [NodeID]

    init(_ name: String, from: [NodeID], _ change: MembershipChange, to: [NodeID]) {
      self.testDescription = name
      self.from = from
      self.change = change
      self.to = to
    }
  }

  /// The cases of openraft under their names there; its nodes begin with 0.
  static let cases: [Case] = [
    Case("m0_change_m12", from: [1], .replaceVoters([2, 3]), to: [2, 3]),
    Case("m0_change_m123", from: [1], .replaceVoters([2, 3, 4]), to: [2, 3, 4]),
    Case("m01_change_m12", from: [1, 2], .replaceVoters([2, 3]), to: [2, 3]),
    Case("m01_change_m1", from: [1, 2], .replaceVoters([2]), to: [2]),
    Case("m01_change_m2", from: [1, 2], .replaceVoters([3]), to: [3]),
    Case("m01_change_m3", from: [1, 2], .replaceVoters([4]), to: [4]),
    Case("m012_change_m4", from: [1, 2, 3], .replaceVoters([5]), to: [5]),
    Case("m012_change_m456", from: [1, 2, 3], .replaceVoters([5, 6, 7]), to: [5, 6, 7]),
    Case(
      "m01234_change_m0123", from: [1, 2, 3, 4, 5], .replaceVoters([1, 2, 3, 4]),
      to: [1, 2, 3, 4]),
    Case("m0_add_m01", from: [1], .addVoters([1, 2]), to: [1, 2]),
    Case("m0_add_m12", from: [1], .addVoters([2, 3]), to: [1, 2, 3]),
    Case("m01_add_m", from: [1, 2], .addVoters([]), to: [1, 2]),
    Case("m012_remove_m01", from: [1, 2, 3], .removeVoters([1, 2]), to: [3]),
    Case("m012_remove_m3", from: [1, 2, 3], .removeVoters([4]), to: [1, 2, 3]),
    Case("m012_remove_m", from: [1, 2, 3], .removeVoters([]), to: [1, 2, 3]),
    Case("m012_remove_m13", from: [1, 2, 3], .removeVoters([2, 4]), to: [1, 3]),
  ]

  static let further: [Case] = [
    Case("none goes, none comes", from: [1, 2], .replaceVoters([1, 2]), to: [1, 2]),
    Case("two of three go", from: [1, 2, 3], .replaceVoters([3, 4, 5]), to: [3, 4, 5]),
    Case(
      "one goes while one comes", from: [1, 2, 3],
      .batch([.addVoters([4]), .removeVoters([2])]), to: [1, 3, 4]),
  ]

  @Test(
    "The new voters decide from then on, and have all that was written",
    arguments: cases + further)
  func change(_ step: Case) async throws {
    try await withCluster(TestCluster.steady) { cluster in
      let leader = try await cluster.form(step.from)
      _ = try await leader.write([1])
      let added = Set(step.to).subtracting(step.from).sorted()
      for id in added { try cluster.start(id) }
      if !added.isEmpty {
        try await leader.changeMembership(.addLearners(added.map(TestCluster.member)))
      }
      let receipt = try await leader.changeMembership(step.change)
      #expect(receipt.membership.configurations == [step.to])
      #expect(receipt.membership.members.map(\.id) == step.to)
      let next = try await cluster.leader(among: step.to)
      let last = try await next.write([2])
      for id in step.to {
        let node = cluster.node(id)
        try await node.wait(for: .applied(atLeast: last), within: TestCluster.limit)
        #expect(node.voterIDs == step.to)
        #expect(try await node.lines().map(\.command) == [[1], [2]])
      }
    }
  }

  @Test("There are as many cases as ways to change a set")
  func count() {
    #expect(Set(Self.cases.map(\.testDescription)).count == 16)
  }
}
