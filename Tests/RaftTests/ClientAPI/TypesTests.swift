import Raft
import RaftMemoryStore
import RaftStoreTesting
import Testing

@Suite("The types of an application", .timeLimit(.minutes(5)))
struct TypesTests {
  /// A machine whose command is a value of its own, and whose response is no value of bytes.
  private struct Counters: Unkept {
    enum Command: Sendable {
      case add(UInt8, to: UInt8)
    }

    struct Total: Sendable, Equatable {
      let counter: UInt8
      let before: UInt64
      let after: UInt64
    }

    private(set) var totals: [UInt8: UInt64] = [:]

    static func encode(_ command: Command, into writer: inout PayloadWriter) {
      switch command {
      case .add(let number, let counter): writer.write([number, counter])
      }
    }

    static func decode(_ payload: PayloadReader) throws -> Command {
      let bytes = payload.bytes
      return .add(bytes[0], to: bytes[1])
    }

    mutating func apply(_ command: Command, in context: ApplyContext) async throws -> Total {
      switch command {
      case .add(let number, let counter):
        let before = self.totals[counter] ?? 0
        self.totals[counter] = before + UInt64(number)
        return Total(counter: counter, before: before, after: before + UInt64(number))
      }
    }
  }

  @Test("Command and response may be any types; the response never leaves the process")
  func anyTypes() async throws {
    let clock = PatientClock()
    let ticking = Task { await clock.run() }
    defer { ticking.cancel() }
    let node = try RaftNode(
      id: 1, machine: Counters(), logStore: MemoryLogStore(),
      snapshotStore: MemorySnapshotStore(), transport: InProcessNetwork().transport(for: 1),
      configuration: TestCluster.configuration, clock: clock, seed: 1)
    let run = outcome { () async throws(NodeFailure) in try await node.run() }
    try await node.bootstrap(with: [TestCluster.member(1)])
    try await node.wait(for: .servingLeader, within: TestCluster.limit)
    let one = try await node.write(.add(5, to: 1))
    #expect(one == Counters.Total(counter: 1, before: 0, after: 5))
    let many = try await node.write(contentsOf: [.add(2, to: 1), .add(3, to: 2)])
    #expect(many.map(\.after) == [7, 3])
    #expect(try await node.read { $0.totals } == [1: 7, 2: 3])
    await node.shutdown()
    #expect(await run.value.failure == nil)
  }
}
