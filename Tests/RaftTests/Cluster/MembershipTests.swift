import Raft
import TestPace
import Testing

@Suite("Clusters in one process change their members")
struct MembershipTests {
  @Test("One node grows to three by way of learners")
  func grow() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1])
      _ = try await leader.write([1])
      for id: NodeID in [2, 3] {
        try cluster.start(id)
        try await leader.addLearner(TestCluster.member(id))
        #expect(cluster.node(id).metrics.state == .learner)
      }
      let receipt = try await leader.changeMembership(.addVoters([2, 3]))
      #expect(receipt.membership.configurations == [[1, 2, 3]])
      for id: NodeID in [1, 2, 3] {
        try await cluster.node(id).wait(for: .voters([1, 2, 3]), within: TestCluster.limit)
      }
      // A quorum of the new set serves without the first node.
      await cluster.stop(1)
      let next = try await cluster.leader(among: [2, 3])
      _ = try await next.write([2])
      #expect(try await next.lines().map(\.command) == [[1], [2]])
    }
  }

  @Test("Three nodes shrink to two, and the removed one is told")
  func shrink() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1, 2, 3])
      let gone = others(than: leader.id)[0]
      let rest = others(than: gone)
      let receipt = try await leader.changeMembership(.removeVoters([gone]))
      #expect(receipt.membership.configurations == [rest])
      #expect(receipt.membership.member(gone) == nil)
      try await cluster.node(gone).wait(for: .voters(rest), within: TestCluster.limit)
      #expect(cluster.node(gone).metrics.state == .learner)
      _ = try await leader.write([1])
    }
  }

  @Test("A removed leader steps down after the change is committed, and the others go on")
  func removeLeader() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1, 2, 3])
      let rest = others(than: leader.id)
      try await leader.changeMembership(.removeVoters([leader.id]))
      try await leader.wait(for: .state(.learner), within: TestCluster.limit)
      let next = try await cluster.leader(among: rest)
      _ = try await next.write([1])
    }
  }

  @Test("Voters that lose their vote may stay as learners")
  func retain() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1, 2, 3])
      let demoted = others(than: leader.id)[0]
      let receipt = try await leader.changeMembership(
        .removeVoters([demoted]), removedVoters: .becomeLearners)
      #expect(receipt.membership.learners == [demoted])
      let last = try await leader.write([1])
      try await cluster.node(demoted).wait(for: .applied(atLeast: last), within: TestCluster.limit)
    }
  }

  @Test("Wishes that make no membership are refused with the reason")
  func refusals() async throws {
    try await withCluster { cluster in
      let leader = try await cluster.form([1])
      await #expect(throws: MembershipChangeError.invalid(.unknownVoter(9))) {
        try await leader.changeMembership(.addVoters([9]))
      }
      await #expect(throws: MembershipChangeError.invalid(.emptyConfiguration)) {
        try await leader.changeMembership(.removeVoters([1]))
      }
      await #expect(throws: MembershipChangeError.notCaughtUp(2)) {
        try await leader.addLearner(
          TestCluster.member(2), admission: .whenCaughtUp(lag: 0, within: .milliseconds(100)))
      }
      #expect(leader.metrics.effectiveMembership.membership?.learners == [2])
    }
  }

  @Test("What a change is answered with stands in the metrics when the answer comes")
  func shown() async throws {
    try await withCluster { cluster in
      let node = try cluster.start(1)
      try await node.bootstrap(with: [TestCluster.member(1)])
      #expect(node.metrics.cluster != nil && node.metrics.lastLogID != nil)
      try await node.wait(for: .servingLeader, within: TestCluster.limit)
      for id: NodeID in [2, 3, 4, 5] {
        let receipt = try await node.addLearner(TestCluster.member(id), admission: .atOnce)
        #expect(node.metrics.committedMembership.logID == receipt.logID)
        #expect(node.metrics.committedMembership.membership == receipt.membership)
      }
    }
  }

  @Test("A cluster is founded once, by one of its own voters")
  func bootstrap() async throws {
    try await withCluster { cluster in
      let node = try cluster.start(1)
      await #expect(throws: BootstrapError.self) {
        try await node.bootstrap(with: [TestCluster.member(2)])
      }
      await #expect(throws: BootstrapError.invalid(.emptyConfiguration)) {
        try await node.bootstrap(with: [])
      }
      try await node.bootstrap(with: [TestCluster.member(1)])
      await #expect(throws: BootstrapError.self) {
        try await node.bootstrap(with: [TestCluster.member(1)])
      }
      #expect(node.metrics.cluster != nil)
    }
  }

  @Test("A program that starts again founds nothing twice, and is told so")
  func bootstrapIfNew() async throws {
    try await withCluster { cluster in
      let node = try cluster.start(1)
      let members = [TestCluster.member(1)]
      await #expect(throws: BootstrapError.notVoter(1, [TestCluster.member(2)])) {
        try await node.bootstrapIfNew(with: [TestCluster.member(2)])
      }
      #expect(try await node.bootstrapIfNew(with: members) == .founded)
      let cluster = node.metrics.cluster
      guard case .notNew(let found, let vote) = try await node.bootstrapIfNew(with: members) else {
        Issue.record("founded twice")
        return
      }
      #expect(found != nil && vote != .initial)
      #expect(cluster != nil && node.metrics.cluster == cluster)
    }
  }

  @Test("Of several nodes that are told to found the same cluster, all end up in one")
  func bootstrapEverywhere() async throws {
    try await withCluster { cluster in
      let members = [1, 2, 3].map(TestCluster.member)
      let id = ClusterID(high: 1, low: 2)
      let nodes = try [1, 2, 3].map { try cluster.start($0) }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for node in nodes {
          group.addTask { try await node.bootstrapIfNew(with: members, cluster: id) }
        }
        try await group.waitForAll()
      }
      for node in nodes {
        try await node.wait(for: .anyLeader, within: .seconds(20).patient)
        #expect(node.metrics.cluster == id)
      }
    }
  }

  @Test("Nodes of different clusters refuse each other")
  func otherCluster() async throws {
    try await withCluster { cluster in
      let one = try await cluster.form([1])
      let two = try await cluster.form([2])
      await #expect(throws: MembershipChangeError.notCaughtUp(2)) {
        try await one.addLearner(
          TestCluster.member(2), admission: .whenCaughtUp(lag: 0, within: .milliseconds(200)))
      }
      #expect(two.metrics.state == .leader)
      _ = try await two.write([1])
    }
  }
}
