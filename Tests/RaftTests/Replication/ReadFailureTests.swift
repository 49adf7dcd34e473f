import Raft
import Testing

@Suite("A leader that cannot read its log", .timeLimit(.minutes(5)))
struct ReadFailureTests {
  /// A peer whose log is empty.
  private static let empty = ScriptedTransport(
    append: { request in
      guard let previous = request.header.previous else {
        return .matched(through: request.entries.last?.lastLogID)
      }
      return .conflict(rejected: previous, hint: nil)
    }, grantsVotes: true)

  @Test("Entries that a peer needs and the disk does not give back stop the node; none is made up")
  func damaged() async throws {
    var configuration = SoloNode.configuration
    configuration.tailBytesMax = 0
    let solo = try SoloNode(configuration, transport: Self.empty)
    try await withSoloNode(solo) { solo, run in
      try await solo.lead()
      for number in 0..<10 { _ = try await solo.node.write([UInt8(number)]) }
      try await solo.turn()
      let error = StorageError(.corrupted, "a torn page")
      solo.log.failReading(with: error)
      _ = try? await solo.node.addLearner(TestCluster.member(2), admission: .atOnce)
      #expect(await run.value.failure == .storage(error))
      await #expect(throws: WriteError.stopped(.storage(error))) { try await solo.node.write([1]) }
    }
  }
}
