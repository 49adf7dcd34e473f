import RaftConcurrency
import Testing

@testable import Raft

@Suite("Whatever the machine does, its writers are answered once", .timeLimit(.minutes(5)))
struct MachineTests {
  @Test("A machine that throws leaves no writer of the batches behind without an answer")
  func throwing() async throws {
    try await withSoloNode(SoloNode(poison: [66])) { solo, run in
      try await solo.lead()
      solo.log.hold()
      // Three batches that one report commits, and one job applies.
      var writes: [Task<Result<LogIndex, WriteError>, Never>] = []
      for (number, command) in ([[1], [66], [2]] as [[UInt8]]).enumerated() {
        writes.append(outcome { () async throws(WriteError) in try await solo.node.write(command) })
        try await solo.node.wait(
          for: .logIndex(atLeast: LogIndex(UInt64(2 + number))), within: TestCluster.limit)
      }
      solo.log.release()
      #expect(await writes[0].value == .success(2))
      #expect(await writes[1].value == .failure(.outcomeUnknown))
      #expect(await writes[2].value == .failure(.outcomeUnknown))
      guard case .stateMachine = await run.value.failure else {
        Issue.record("the node did not stop for its machine")
        return
      }
    }
  }

  @Test("A stuck machine does not hold up the end, and its writers do not know the outcome")
  func stuck() async throws {
    try await withSoloNode(SoloNode()) { solo, run in
      try await solo.lead()
      solo.gate.close()
      let write = outcome { () async throws(WriteError) in
        try await solo.node.write(contentsOf: [[1], [2]])
      }
      await solo.gate.reached()
      let next = outcome { () async throws(WriteError) in try await solo.node.write([3]) }
      try await solo.node.wait(for: .committed(atLeast: 4), within: TestCluster.limit)
      let isRefused = Latch<Bool>()
      solo.node.core.worker.add(
        .lend(.init(lend: { isRefused.open(false) }, refuse: { isRefused.open(true) })))
      await solo.node.shutdown()
      #expect(await run.value.failure == nil)
      #expect(await write.value == .failure(.outcomeUnknown))
      #expect(await next.value == .failure(.outcomeUnknown))
      #expect(await isRefused.wait())
      #expect(solo.log.closeCount == 1)
    }
  }

  @Test("What the machine has when the node stops is applied and answered, if it is in time")
  func slow() async throws {
    var configuration = SoloNode.configuration
    configuration.shutdownTimeout = .seconds(60)
    try await withSoloNode(SoloNode(configuration)) { solo, run in
      try await solo.lead()
      solo.gate.close()
      let write = outcome { () async throws(WriteError) in try await solo.node.write([1]) }
      await solo.gate.reached()
      await solo.node.shutdown()
      solo.gate.open()
      #expect(await write.value == .success(2))
      #expect(await run.value.failure == nil)
    }
  }

  @Test("A writer whose commands come in parts is answered when the last one is applied")
  func parts() async throws {
    let (items, box) = (try Self.twoParts(), MachineBox(Ledger()))
    let (one, several) = await Self.wait(for: items, in: box) { box in
      try await box.apply(items[0].slice)
      try await box.apply(items[1].slice)
    }
    #expect(one == .success(0))
    #expect(several == .success([1, 2, 3]))
  }

  @Test("A writer that was given up in the middle gets no second answer, and the next its own")
  func givenUp() async throws {
    let (items, box) = (try Self.twoParts(), MachineBox(Ledger()))
    let (one, several) = await Self.wait(for: items, in: box) { box in
      try await box.apply(items[0].slice)
      box.abandon(from: 2)
      // A later leader's entries, or the same ones after all.
      try await box.apply(items[1].slice)
    }
    #expect(one == .success(0))
    #expect(several == .failure(.outcomeUnknown))
    let next: Result<[LogIndex], WriteError> = await withUnsafeContinuation { continuation in
      box.expect(
        [Writer(first: 0, last: 1, form: .several, token: ReplyToken(continuation))], from: 4)
      Task { try await box.apply(ScriptedLeader.entries(from: 4, count: 2)) }
    }
    #expect(next == .success([4, 5]))
  }

  @Test("After its end nobody is expected any more")
  func closed() async throws {
    let box = MachineBox(Ledger())
    box.close()
    let result: Result<LogIndex, WriteError> = await withUnsafeContinuation { continuation in
      box.expect(
        [Writer(first: 0, last: 0, form: .single, token: ReplyToken(continuation))], from: 0)
    }
    #expect(result == .failure(.outcomeUnknown))
  }

  /// A batch of four entries, handed over in two parts.
  private static func twoParts() throws -> [LogTail.Item] {
    var tail = LogTail(end: 0, unapplied: 0, bytesMax: 1000)
    tail.append(ScriptedLeader.entries(from: 0, count: 4), writers: [])
    let items = tail.handOver(through: 1) + tail.handOver(through: 3)
    try #require(items.map(\.slice.count) == [2, 2])
    return items
  }

  /// One writer of the first entry, and one of the other three.
  private static func wait(
    for items: [LogTail.Item], in box: MachineBox<Ledger>,
    _ body: @escaping @Sendable (MachineBox<Ledger>) async throws -> Void
  ) async -> (Result<LogIndex, WriteError>, Result<[LogIndex], WriteError>) {
    let first = Latch<Writer>()
    async let one: Result<LogIndex, WriteError> = withUnsafeContinuation { continuation in
      first.open(Writer(first: 0, last: 0, form: .single, token: ReplyToken(continuation)))
    }
    let writer = await first.wait()
    let several: Result<[LogIndex], WriteError> = await withUnsafeContinuation { continuation in
      box.expect(
        [writer, Writer(first: 1, last: 3, form: .several, token: ReplyToken(continuation))],
        from: 0)
      Task { try await body(box) }
    }
    return (await one, several)
  }
}
