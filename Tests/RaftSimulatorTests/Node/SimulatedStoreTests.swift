import Raft
import RaftConcurrency
import TestPace
import Testing

@testable import RaftSimulator

@Suite("A simulated log store", .longRun, .serialized)
struct SimulatedStoreTests {
  @Test("A failed flush is reported to the write behind it, if nobody waits for what it covers")
  func failedFlush() async {
    await #expect(processExitsWith: .success) {
      SimulatedExecutor.install()
      let executor = SimulatedExecutor(seed: 1)
      let world = NodeWorld(
        executor: executor, trace: NodeTrace(nil), scenario: Scenario(seed: 1, of: .nodes),
        profile: NodeProfile(), guests: nil)
      let station = NodeStation(id: 1, world: world)
      station.disk.latency = 1000...1000
      station.disk.failsNextFlush = true
      let store = SimulatedLogStore(station)
      let reports = Guarded<[StorageError?]>([])
      let vote = Vote(leader: LeaderID(term: 1, node: 1), isCommitted: false)
      let completion = IOCompletion(io: IOID(sequence: 1, vote: vote, logID: nil)) { _, error in
        reports.withLock { $0.append(error) }
      }
      store.note(committed: LogID(term: 1, node: 1, index: 0))
      _ = store.save(vote, completion: completion)
      withExtendedLifetime(station) { executor.goOn(for: 1_000_000, probe: {}) }
      #expect(reports.withLock { $0.map { $0?.kind } } == [.io])
    }
  }
}
