import Testing

@testable import Raft

@Suite("What is stuck costs a bounded amount of memory, and no heartbeat", .timeLimit(.minutes(5)))
struct OverloadTests {
  private static var configuration: Configuration {
    var configuration = SoloNode.configuration
    configuration.writeBytesMax = 500
    configuration.pendingBytesMax = 1000
    return configuration
  }

  private static let command = [UInt8](repeating: 1, count: 300)

  @Test("A stuck disk refuses writes beyond the limit, and takes them again afterwards")
  func disk() async throws {
    try await withSoloNode(SoloNode(Self.configuration)) { solo, _ in
      try await solo.lead()
      solo.log.hold()
      let writes = try await self.fill(solo)
      await #expect(throws: WriteError.overloaded) { try await solo.node.write(Self.command) }
      solo.log.release()
      for write in writes { #expect(await write.value.failure == nil) }
      try await solo.turn()
      #expect(try await solo.node.write(Self.command) == 5)
    }
  }

  @Test("A stuck machine refuses writes beyond the limit, and takes them again afterwards")
  func machine() async throws {
    try await withSoloNode(SoloNode(Self.configuration)) { solo, _ in
      try await solo.lead()
      solo.gate.close()
      let writes = try await self.fill(solo)
      await #expect(throws: WriteError.overloaded) { try await solo.node.write(Self.command) }
      solo.gate.open()
      for write in writes { #expect(await write.value.failure == nil) }
      try await solo.turn()
      #expect(try await solo.node.write(Self.command) == 5)
    }
  }

  @Test("A leader whose disk is nearly full refuses writes, goes on leading, and takes them again")
  func leaderWithFullDisk() async throws {
    try await withSoloNode(SoloNode(Self.configuration)) { solo, _ in
      try await solo.lead()
      #expect(try await solo.node.write(Self.command) == 2)
      solo.log.setShortage(StorageError(.full, "nearly"))
      await #expect(throws: WriteError.storageFull) { try await solo.node.write(Self.command) }
      #expect(try await solo.node.writeBarrier().index == 3)
      solo.log.setShortage(nil)
      #expect(try await solo.node.write(Self.command) == 4)
    }
  }

  @Test("A follower whose disk is nearly full hears its leader, but takes no entries until later")
  func followerWithFullDisk() async throws {
    try await withSoloNode(SoloNode(Self.configuration)) { solo, _ in
      await solo.serve()
      solo.log.setShortage(StorageError(.full, "nearly"))
      _ = try await solo.node.respond(to: ScriptedLeader.append([], after: nil))
      let append = ScriptedLeader.append([ScriptedLeader.entries(from: 0, count: 2)], after: nil)
      await #expect(throws: RequestError.busy) { try await solo.node.respond(to: append) }
      #expect(solo.node.metrics.lastLogID == nil)
      solo.log.setShortage(nil)
      _ = try await solo.node.respond(to: append)
      try await solo.node.wait(for: .logIndex(atLeast: 1), within: TestCluster.limit)
    }
  }

  /// Three writes, as many as fit.
  private func fill(_ solo: SoloNode) async throws -> [Task<Result<LogIndex, WriteError>, Never>] {
    var writes: [Task<Result<LogIndex, WriteError>, Never>] = []
    for index in [2, 3, 4] as [LogIndex] {
      writes.append(
        outcome { () async throws(WriteError) in try await solo.node.write(Self.command) })
      try await solo.node.wait(for: .logIndex(atLeast: index), within: TestCluster.limit)
    }
    return writes
  }

  @Test("A leader that commits without its own disk does not take writes for ever")
  func ownDisk() async throws {
    let solo = try SoloNode(Self.configuration, transport: ScriptedTransport.obedient)
    try await withSoloNode(solo) { solo, _ in
      try await solo.lead(with: [2, 3])
      solo.log.hold()
      for index in [2, 3, 4] as [LogIndex] {
        #expect(try await solo.node.write(Self.command) == index)
      }
      await #expect(throws: WriteError.overloaded) { try await solo.node.write(Self.command) }
      solo.log.release()
      try await solo.turn()
      #expect(try await solo.node.write(Self.command) == 5)
    }
  }

  @Test("What one writer brings counts before it is taken, and what was just taken counts too")
  func strict() async throws {
    let mailbox = Mailbox(pendingBytesMax: 1000, writeBytesMax: 500)
    #expect(await Self.propose([400, 400], to: mailbox) == nil)
    #expect(await Self.propose([300], to: mailbox) == .overloaded)
    #expect(await Self.propose([400, 400, 400], to: mailbox) == .overloaded)
    #expect(await Self.propose([501], to: mailbox) == .tooLarge(bytes: 501, limit: 500))
    var batch = Mailbox.Batch()
    #expect(mailbox.take(into: &batch, pendingBytes: 0))
    #expect(batch.writes.ends == [400, 800])
    #expect(await Self.propose([300], to: mailbox) == .overloaded)
    #expect(await Self.propose([100], to: mailbox) == nil)
    var next = Mailbox.Batch()
    #expect(mailbox.take(into: &next, pendingBytes: 0))
    #expect(next.writes.ends == [100])
    #expect(
      await Self.propose([400, 400, 400], to: mailbox) == .tooLarge(bytes: 1296, limit: 1000))
  }

  /// Proposes commands of these lengths; nobody waits for the end.
  private static func propose(_ lengths: [Int], to mailbox: Mailbox) async -> WriteError? {
    let result: Result<Int, WriteError> = await withUnsafeContinuation { continuation in
      let refusal = mailbox.propose(
        count: lengths.count, form: .several, token: ReplyToken(continuation)
      ) { writer, number in
        writer.write([UInt8](repeating: 0, count: lengths[number]))
      }
      continuation.resume(returning: refusal.map { .failure($0) } ?? .success(lengths.count))
    }
    return result.failure
  }

  @Test("A follower whose machine is stuck keeps a bounded part of what it lags in memory")
  func follower() async throws {
    try await withSoloNode(SoloNode(Self.configuration)) { solo, _ in
      await solo.serve()
      solo.gate.close()
      for number in 0..<20 {
        let index = LogIndex(UInt64(number))
        let response = try await solo.node.respond(
          to: ScriptedLeader.append(
            [ScriptedLeader.entries(from: index, count: 1, bytes: 400)], after: index.previous,
            committed: index))
        #expect(response.outcome == .matched(through: ScriptedLeader.logID(index)))
      }
      await solo.gate.reached()
      #expect(solo.node.core.worker.backlogBytes <= 1400)
      solo.gate.open()
      try await solo.node.wait(for: .applied(atLeast: 19), within: TestCluster.limit)
      #expect(try await solo.lines().map(\.index) == (0..<20).map { LogIndex($0) })
      #expect(solo.node.core.worker.backlogBytes == 0)
    }
  }

  @Test("A leader leads on while its machine and its disk are stuck")
  func leadsOn() async throws {
    try await withSoloNode(SoloNode(transport: ScriptedTransport.obedient)) { solo, _ in
      try await solo.lead(with: [2, 3])
      solo.gate.close()
      solo.log.hold()
      let write = outcome { () async throws(WriteError) in try await solo.node.write([1]) }
      await solo.gate.reached()
      let before = solo.node.metrics
      let later = try #require(before.quorumAcknowledgedAt).nanoseconds + 600_000_000
      let after = try await solo.node.wait(
        for: WaitCondition("two election timeouts on") { metrics in
          metrics.quorumAcknowledgedAt.map { $0.nanoseconds > later } ?? true
        }, within: TestCluster.limit)
      #expect(after.state == .leader && after.hasQuorumContact && after.term == before.term)
      solo.gate.open()
      #expect(await write.value == .success(2))
    }
  }
}
