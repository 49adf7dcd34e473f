import RaftConcurrency
import Testing

@testable import Raft

@Suite("Whoever waits is answered once, whatever stops the node", .timeLimit(.minutes(5)))
struct StopTests {
  @Test("Writers that wait for the disk hear that the outcome is unknown")
  func writersBeforeTheDisk() async throws {
    try await withSoloNode(SoloNode()) { solo, run in
      try await solo.lead()
      solo.log.hold()
      let one = outcome { () async throws(WriteError) in try await solo.node.write([1]) }
      let batch = outcome { () async throws(WriteError) in
        try await solo.node.write(contentsOf: [[2], [3]])
      }
      try await solo.node.wait(for: .logIndex(atLeast: 4), within: TestCluster.limit)
      await solo.node.shutdown()
      #expect(await one.value == .failure(.outcomeUnknown))
      #expect(await batch.value == .failure(.outcomeUnknown))
      #expect(await run.value.failure == nil)
      #expect(solo.log.closeCount == 1)
    }
  }

  @Test("A read that no quorum confirms ends with the node")
  func read() async throws {
    try await withSoloNode(SoloNode(transport: ScriptedTransport.silent)) { solo, _ in
      try await solo.lead(with: [2, 3], until: .state(.leader))
      let result = await withUnsafeContinuation {
        (continuation: UnsafeContinuation<Result<ReadPermit, ReadError>, Never>) in
        solo.node.core.post(.read(ReadPolicy.readIndex.wish(within: .seconds(1)), continuation))
        solo.node.core.post(.stop(.shutdown))
      }
      #expect(result == .failure(.stopped(.shutdown)))
    }
  }

  @Test("A wait for a position that never comes ends with the node")
  func position() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      try await solo.lead()
      let barrier = LogID(term: 9, node: 1, index: 99)
      let wait = outcome { () async throws(ReadError) in
        try await solo.node.waitUntilApplied(through: barrier)
      }
      await solo.node.shutdown()
      #expect(await wait.value.failure == .stopped(.shutdown))
    }
  }

  @Test("The fate of a membership change under way is unknown")
  func membershipChange() async throws {
    let transport = ScriptedTransport.obedient(through: 1)
    try await withSoloNode(SoloNode(transport: transport)) { solo, _ in
      try await solo.lead(with: [2, 3])
      let change = outcome { () async throws(MembershipChangeError) in
        try await solo.node.changeMembership(.addLearners([TestCluster.member(4)]))
      }
      try await solo.node.wait(for: .logIndex(atLeast: 2), within: TestCluster.limit)
      await solo.node.shutdown()
      #expect(await change.value.failure == .outcomeUnknown)
    }
  }

  @Test("A bootstrap that waits for the disk ends with the node")
  func bootstrap() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      solo.log.hold()
      let bootstrap = outcome { () async throws(BootstrapError) in
        try await solo.node.bootstrap(with: [TestCluster.member(1)])
      }
      try await solo.node.wait(for: .logIndex(atLeast: 0), within: TestCluster.limit)
      await solo.node.shutdown()
      #expect(await bootstrap.value.failure == .stopped(.shutdown))
    }
  }

  @Test("Peers whose messages wait for the disk are told that the node stops")
  func messages() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      await solo.serve()
      solo.log.hold()
      let append = outcome { () async throws(RequestError) in
        try await solo.node.respond(
          to: ScriptedLeader.append([ScriptedLeader.entries(from: 0, count: 2)], after: nil))
      }
      try await solo.node.wait(for: .logIndex(atLeast: 1), within: TestCluster.limit)
      let vote = outcome { () async throws(RequestError) in
        try await solo.node.respond(
          to: VoteRequest(
            vote: Vote(leader: LeaderID(term: 7, node: 2), isCommitted: false),
            lastLogID: ScriptedLeader.logID(1)), contact: ScriptedLeader.contact)
      }
      try await solo.node.wait(
        for: WaitCondition("round 7") { $0.term == 7 }, within: TestCluster.limit)
      await solo.node.shutdown()
      #expect(await append.value.failure == .stopped(.shutdown))
      #expect(await vote.value.failure == .stopped(.shutdown))
    }
  }

  @Test("What comes in the same turn behind the end is answered too")
  func behindTheEnd() async throws {
    let solo = try SoloNode()
    let core = solo.node.core
    let run = Latch<Task<Result<Void, NodeFailure>, Never>>()
    let result = await withUnsafeContinuation {
      (continuation: UnsafeContinuation<Result<ReadPermit, ReadError>, Never>) in
      core.post(.stop(.shutdown))
      core.post(.read(ReadPolicy.readIndex.wish(within: .seconds(1)), continuation))
      run.open(solo.run())
    }
    #expect(result == .failure(.stopped(.shutdown)))
    #expect(await run.wait().value.failure == nil)
  }

  @Test("A node whose stores cannot be read answers all who came before, and closes them")
  func recoveryFails() async throws {
    let solo = try SoloNode()
    let error = StorageError(.corrupted, "unreadable")
    solo.log.failLoading(with: error)
    let isRefused = Latch<Bool>()
    let loan = MachineWorker.Loan(
      lend: { isRefused.open(false) }, refuse: { isRefused.open(true) })
    #expect(solo.node.core.worker.add(.lend(loan)))
    let write = outcome { () async throws(WriteError) in try await solo.node.write([1]) }
    #expect(await solo.run().value.failure == .storage(error))
    #expect(await isRefused.wait())
    #expect(await write.value == .failure(.stopped(.storage(error))))
    #expect(solo.log.closeCount == 1)
    await solo.node.shutdown()
    #expect(solo.node.metrics.failure == .storage(error))
  }

  @Test("A node that never ran can be shut down, twice, and does not run then")
  func neverRan() async throws {
    let solo = try SoloNode()
    let write = outcome { () async throws(WriteError) in try await solo.node.write([1]) }
    await solo.node.shutdown()
    await solo.node.shutdown()
    #expect(await write.value == .failure(.stopped(.shutdown)))
    #expect(await solo.run().value.failure == nil)
    #expect(solo.log.closeCount == 1)
    await #expect(throws: ReadError.stopped(.shutdown)) { try await solo.lines() }
  }

  @Test("A shutdown by a cancelled task waits like any other")
  func cancelledShutdown() async throws {
    try await withSoloNode(SoloNode()) { solo, run in
      try await solo.lead()
      let stop = Task {
        await solo.node.shutdown()
        return solo.node.metrics.failure
      }
      stop.cancel()
      #expect(await stop.value == .shutdown)
      #expect(await run.value.failure == nil)
    }
  }

  @Test("A failing disk ends the node, and its writers do not know the outcome")
  func diskFails() async throws {
    try await withSoloNode(SoloNode()) { solo, run in
      try await solo.lead()
      solo.log.hold()
      let write = outcome { () async throws(WriteError) in try await solo.node.write([1]) }
      try await solo.node.wait(for: .logIndex(atLeast: 2), within: TestCluster.limit)
      let error = StorageError(.full, "no space left")
      solo.log.fail(error)
      #expect(await write.value == .failure(.outcomeUnknown))
      #expect(await run.value.failure == .storage(error))
    }
  }

  @Test("Peers are told to try again while the node starts")
  func starting() async throws {
    let solo = try SoloNode()
    await #expect(throws: RequestError.busy) {
      try await solo.node.respond(to: ScriptedLeader.append([], after: nil))
    }
    await #expect(throws: RequestError.busy) {
      try await solo.node.respond(to: ScriptedLeader.snapshot(at: 3))
    }
    await solo.node.shutdown()
    await #expect(throws: RequestError.stopped(.shutdown)) {
      try await solo.node.respond(to: ScriptedLeader.append([], after: nil))
    }
  }
}
