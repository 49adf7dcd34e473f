import Raft
import Testing

@Suite("From one set of voters to another", .serialized, .timeLimit(.minutes(5)))
struct ChangeMatrixTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let from: [NodeID]
    let change: MembershipChange
    let to: [NodeID]

    var testDescription: String { "\(self.from.map(\.rawValue)), \(self.change)" }
  }

  static let cases: [Case] = [
    Case(from: [1], change: .replaceVoters([1, 2]), to: [1, 2]),
    Case(from: [1], change: .replaceVoters([1, 2, 3]), to: [1, 2, 3]),
    Case(from: [1, 2], change: .replaceVoters([1, 2]), to: [1, 2]),
    Case(from: [1, 2], change: .replaceVoters([1]), to: [1]),
    Case(from: [1, 2], change: .replaceVoters([2]), to: [2]),
    Case(from: [1, 2], change: .replaceVoters([3]), to: [3]),
    Case(from: [1, 2], change: .replaceVoters([3, 4]), to: [3, 4]),
    Case(from: [1, 2, 3], change: .replaceVoters([4]), to: [4]),
    Case(from: [1, 2, 3], change: .replaceVoters([4, 5, 6]), to: [4, 5, 6]),
    Case(from: [1, 2, 3, 4, 5], change: .replaceVoters([1, 2, 3]), to: [1, 2, 3]),
    Case(from: [1, 2, 3], change: .replaceVoters([3, 4, 5]), to: [3, 4, 5]),
    Case(from: [1, 2, 3], change: .addVoters([4]), to: [1, 2, 3, 4]),
    Case(from: [1, 2, 3], change: .addVoters([1]), to: [1, 2, 3]),
    Case(from: [1, 2, 3], change: .removeVoters([3]), to: [1, 2]),
    Case(from: [1, 2, 3], change: .removeVoters([1, 9]), to: [2, 3]),
    Case(
      from: [1, 2, 3], change: .batch([.addVoters([4]), .removeVoters([2])]), to: [1, 3, 4]),
  ]

  @Test("The new voters decide from then on, and have all that was written", arguments: cases)
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
    #expect(Self.cases.count == 16)
  }
}
