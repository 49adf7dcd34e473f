import Foundation
import Testing

@Suite("A cluster under random troubles")
struct ClusterTests {
  /// `RAFT_ENGINE_SEEDS=7` replays one seed with everything that happens; `0..<10000` runs many.
  private static let wanted = ProcessInfo.processInfo.environment["RAFT_ENGINE_SEEDS"]

  @Test("Stays safe while troubles last and recovers when they end")
  func staysSafeAndRecovers() throws {
    let bounds = (Self.wanted ?? "0..<60").split(separator: ".").compactMap { part in
      UInt64(part.drop { $0 == "<" })
    }
    let seeds = bounds.count == 2 ? bounds[0]..<bounds[1] : bounds[0]..<(bounds[0] + 1)
    var steps = 0
    var entries = 0
    var reads = 0
    var failures = 0
    for seed in seeds {
      LastSeed.note(seed)
      let cluster = Cluster(seed: seed, isTraced: seeds.count == 1 && Self.wanted != nil)
      do {
        try cluster.run()
      } catch {
        failures += 1
        Issue.record(
          """
          \(error)
          replay: RAFT_ENGINE_SEEDS=\(seed) swift test --filter ClusterTests
          """)
        if failures >= 10 { break }
      }
      steps += cluster.steps
      entries += cluster.oracle.truth.count
      reads += cluster.oracle.readCount
    }
    print("\(seeds) steps \(steps) entries \(entries) reads \(reads) failures \(failures)")
    #expect(entries > 20 * seeds.count && reads > 5 * seeds.count)
  }
}
