import RaftStoreTesting
import Testing

@testable import Raft

@Suite("Leaders whose storage is in trouble hand over", .timeLimit(.minutes(5)))
struct StorageTroubleTests {
  private static var configuration: Configuration {
    var configuration = TestCluster.configuration
    configuration.diskStallLimit = .milliseconds(500)
    return configuration
  }

  private static let stalled = WaitCondition("the disk hangs") { metrics in
    if case .stalled = metrics.storageTrouble { return true }
    return metrics.failure != nil
  }
  private static let healthy = WaitCondition("no trouble") { $0.storageTrouble == nil }

  @Test("A leader whose disk hangs is followed by another; nothing acknowledged is lost")
  func stall() async throws {
    try await withCluster(Self.configuration) { cluster in
      let old = try await cluster.form([1, 2, 3])
      for number in 0..<5 { _ = try await old.write([UInt8(number)]) }
      cluster.disk(of: old.id).hold()
      let heldFrom = cluster.now
      // A quorum of the others still commits it.
      _ = try await old.write([5])
      let new = try await cluster.leader(among: others(than: old.id))
      let took = heldFrom.nanoseconds(to: cluster.now)
      #expect(took < 500_000_000 + 2_000_000_000, "took \(took) ns")
      _ = try await new.write([6])
      let metrics = try await old.wait(for: Self.stalled, within: TestCluster.limit)
      #expect(metrics.failure == nil && metrics.state != .leader)
      #expect(metrics.description.contains("the log store reports no write since"))
      #expect(new.metrics.storageTrouble == nil)

      cluster.disk(of: old.id).release()
      let back = try await old.wait(
        for: .applied(atLeast: new.metrics.lastLogID!.index), within: TestCluster.limit)
      #expect(back.leader == new.id)
      try await old.wait(for: Self.healthy, within: TestCluster.limit)
      #expect(try await old.lines().map(\.command) == (0...6).map { [UInt8($0)] })
      #expect(try await new.transferLeadership(to: old.id) == old.id)
    }
  }

  @Test("Two of three disks hang: the third cannot lead without them, and does when one is back")
  func twoStalls() async throws {
    try await withCluster(Self.configuration) { cluster in
      let old = try await cluster.form([1, 2, 3])
      _ = try await old.write([0])
      let rest = others(than: old.id)
      for id in [old.id, rest[0]] { cluster.disk(of: id).hold() }
      let write = outcome { () async throws(WriteError) in try await old.write([1]) }
      try await old.wait(for: Self.stalled, within: TestCluster.limit)
      #expect(await write.value == .failure(.outcomeUnknown))
      cluster.disk(of: rest[0]).release()
      let new = try await cluster.leader(among: rest)
      _ = try await new.write([2])
      #expect(old.metrics.state != .leader)
      cluster.disk(of: old.id).release()
      try await old.wait(
        for: .applied(atLeast: new.metrics.lastLogID!.index), within: TestCluster.limit)
      #expect(try await old.lines().first?.command == [0])
      #expect(try await old.lines().last?.command == [2])
    }
  }

  @Test("Watchers hear that a disk hangs, since when, and when it goes on")
  func events() async throws {
    var configuration = SoloNode.configuration
    configuration.diskStallLimit = .milliseconds(100)
    try await withSoloNode(SoloNode(configuration)) { solo, _ in
      try await solo.lead()
      let before = solo.node.core.timestamp(of: solo.node.core.clock.now())
      let stream = solo.node.events()
      solo.log.hold()
      let write = outcome { () async throws(WriteError) in try await solo.node.write([1]) }
      var told: [StorageTrouble?] = []
      for await event in stream {
        guard case .storage(let trouble) = event.change else { continue }
        told.append(trouble)
        if trouble == nil { break }
        #expect(solo.node.metrics.storageTrouble == trouble || solo.node.metrics.failure != nil)
        // A leader whom nobody could follow leads on.
        #expect(solo.node.metrics.state == .leader)
        solo.log.release()
      }
      #expect(await write.value.failure == nil)
      guard case .stalled(let since)?? = told.first else {
        Issue.record("told \(told)")
        return
      }
      #expect(since >= before && told.count == 2)
    }
  }

  @Test("A leader without space hands over to one that has some, and not to one that has none")
  func shortage() async throws {
    try await withCluster { cluster in
      let old = try await cluster.form([1, 2, 3])
      _ = try await old.write([0])
      let rest = others(than: old.id)
      let error = StorageError(.full, "nearly full")
      for id in [old.id, rest[0]] { cluster.disk(of: id).setShortage(error) }
      let new = try await cluster.leader(among: [rest[1]])
      _ = try await cluster.node(rest[1]).wait(for: .servingLeader, within: TestCluster.limit)
      #expect(old.metrics.storageTrouble == .short(error))
      #expect(old.metrics.description.hasSuffix("; nearly full"))
      cluster.disk(of: old.id).setShortage(nil)
      _ = try await new.write([1])
      try await old.wait(for: Self.healthy, within: TestCluster.limit)
      await #expect(throws: TransferError.self) { try await new.transferLeadership(to: rest[0]) }
      #expect(try await new.transferLeadership(to: old.id) == old.id)
    }
  }

  @Test("When all disks are nearly full somebody leads all the same, and reads go on")
  func allShort() async throws {
    try await withCluster { cluster in
      let old = try await cluster.form([1, 2, 3])
      _ = try await old.write([0])
      for id in [1, 2, 3] as [NodeID] {
        cluster.disk(of: id).setShortage(StorageError(.full, "nearly full"))
      }
      await cluster.stop(old.id)
      let new = try await cluster.leader(among: others(than: old.id))
      try await new.linearizableRead()
      #expect(try await new.lines().map(\.command) == [[0]])
      await #expect(throws: WriteError.storageFull) { try await new.write([1]) }
    }
  }
}
