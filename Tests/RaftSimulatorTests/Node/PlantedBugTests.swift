import Raft
import RaftSimulator
import TestPace
import Testing

@Suite("Planted bugs in stores and transports", .longRun, .serialized)
struct PlantedBugTests {
  @Test("A log store that reports entries before they are durable is found")
  func earlyReports() async {
    await #expect(processExitsWith: .success) {
      SimulatedExecutor.install()
      #expect(PlantedBugTests.firstFinding(EarlyStores()) != nil)
    }
  }

  @Test("A transport that answers for peers that it did not reach is found")
  func inventedAnswers() async {
    await #expect(processExitsWith: .success) {
      SimulatedExecutor.install()
      #expect(PlantedBugTests.firstFinding(InventiveTransports()) != nil)
    }
  }

  /// The first violation in some seeds.
  static func firstFinding(_ interposer: any NodeInterposer) -> Property? {
    for seed in 1...40 as ClosedRange<UInt64> {
      let scenario = Scenario(seed: seed, of: .nodes, steps: 30_000)
      var profile = NodeProfile(of: scenario)
      profile.isStreaming = false
      // Many messages, each of which may be answered wrongly.
      profile.configuration.commitNoticeDelay = .zero
      // Slow disks, so that much is lost at a crash.
      profile.diskLatency = 1_000_000...60_000_000
      let report = NodeSimulation(scenario, profile: profile, interposer: interposer).run()
      if let violation = report.violation { return violation.property }
    }
    return nil
  }
}

private struct EarlyStores: NodeInterposer {
  func logStore(_ base: any LogStore, of id: NodeID) -> any LogStore {
    WrappedLogStore(base, reporting: .tooEarly)
  }
}

private struct InventiveTransports: NodeInterposer {
  func transport(_ base: any Transport, of id: NodeID) -> any Transport {
    InventiveTransport(base: base)
  }
}

private struct InventiveTransport: Transport {
  let base: any Transport

  func connection(to member: Member) -> any PeerConnection {
    InventiveConnection(base: self.base.connection(to: member))
  }
}

private struct InventiveConnection: PeerConnection {
  let base: any PeerConnection

  func append(
    _ request: AppendRequest, within limit: Duration
  ) async throws(TransportError) -> AppendResponse {
    do throws(TransportError) {
      return try await self.base.append(request, within: limit)
    } catch {
      guard let last = request.entries.last?.lastLogID else { throw error }
      // As the peer would say it: an answer of nobody in particular counts for nothing.
      return AppendResponse(
        outcome: .matched(through: last), incarnation: request.contact.receiverIncarnation)
    }
  }

  func vote(
    _ request: VoteRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> VoteResponse {
    try await self.base.vote(request, contact: contact, within: limit)
  }

  func installSnapshot(
    _ request: SnapshotRequest, within limit: Duration
  ) async throws(TransportError) -> SnapshotResponse {
    try await self.base.installSnapshot(request, within: limit)
  }

  func transferLeadership(
    _ request: TransferRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> TransferResponse {
    try await self.base.transferLeadership(request, contact: contact, within: limit)
  }

  func close() { self.base.close() }
}
