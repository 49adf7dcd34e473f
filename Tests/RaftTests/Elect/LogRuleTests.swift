import Raft
import RaftMemoryStore
import Testing

@Suite("Who is elected, and what becomes of the others' entries", .timeLimit(.minutes(5)))
struct LogRuleTests {
  @Test("Only who has all that was acknowledged is elected")
  func longerLog() async throws {
    try await withCluster { cluster in
      let old = try await cluster.form([1, 2, 3])
      let behind = others(than: old.id)[0]
      let ahead = others(than: old.id)[1]
      cluster.network.isolate(behind)
      for number in 0..<10 { _ = try await old.write([UInt8(number)]) }
      let left = cluster.node(behind).metrics.lastLogID
      await cluster.stop(old.id)
      #expect(cluster.node(behind).metrics.lastLogID == left)
      cluster.network.heal()
      let next = try await cluster.leader(among: [behind, ahead])
      #expect(next.id == ahead)
      let last = try await next.write([10])
      try await cluster.node(behind).wait(for: .applied(atLeast: last), within: TestCluster.limit)
      #expect(
        try await cluster.node(behind).lines().map(\.command) == (0...10).map { [UInt8($0)] })
    }
  }

  @Test("A leader that was cut off with a hundred entries of its own gives them up")
  func manyConflicts() async throws {
    var configuration = TestCluster.configuration
    configuration.abandonWritesAfter = .milliseconds(200)
    try await withCluster(configuration) { cluster in
      let old = try await cluster.form([1, 2, 3])
      let first = try await old.write([1])
      cluster.network.isolate(old.id)
      let lost = outcome { () async throws(WriteError) in
        try await old.write(contentsOf: (0..<100).map { [66, UInt8($0)] })
      }
      try await old.wait(for: .logIndex(atLeast: first + 100), within: TestCluster.limit)
      let next = try await cluster.leader(among: others(than: old.id))
      let last = try await next.write([2])
      #expect(await lost.value.failure == .outcomeUnknown)
      cluster.network.heal()
      try await old.wait(for: .applied(atLeast: last), within: TestCluster.limit)
      #expect(try await old.lines().map(\.command) == [[1], [2]])
      #expect(old.metrics.lastLogID == next.metrics.lastLogID)
    }
  }

  @Test("A write whose confirmations are lost has an unknown outcome, and took effect")
  func unheardConfirmation() async throws {
    var configuration = TestCluster.configuration
    configuration.abandonWritesAfter = .milliseconds(200)
    try await withCluster(configuration) { cluster in
      let old = try await cluster.form([1, 2, 3])
      _ = try await old.write([1])
      let rest = others(than: old.id)
      for id in rest { cluster.network.cut(from: id, to: old.id) }
      await #expect(throws: WriteError.outcomeUnknown) { try await old.write([2]) }
      let next = try await cluster.leader(among: rest)
      cluster.network.heal()
      let last = try await next.write([3])
      for id: NodeID in [1, 2, 3] {
        let node = cluster.node(id)
        try await node.wait(for: .applied(atLeast: last), within: TestCluster.limit)
        #expect(try await node.lines().map(\.command) == [[1], [2], [3]])
      }
    }
  }
}
