import SensorFleetModel
import TestPace
import Testing

@Suite("The rules of primaries and replicas, under every trouble", .longRun, .serialized)
struct WorldTests {
  private static let steps = 12_000

  /// Lets the world go on for a while; other tests have their turns in between.
  private static func run(_ world: inout World) async throws(Breach) {
    for step in 0..<Self.steps {
      try world.step()
      if step % 50 == 0 { await Task.yield() }
    }
  }

  @Test("What is acknowledged stays, and nobody else acknowledges", arguments: 1...4)
  func soundness(seed: UInt64) async throws {
    var world = try World(seed: seed)
    do throws(Breach) {
      try await Self.run(&world)
    } catch {
      Issue.record("seed \(seed): \(error)")
      return
    }
    #expect(world.acknowledgedCount > 20, "seed \(seed) proves nothing")
    #expect(world.readCount > 5)
  }

  /// From which seed on it is noticed soon, where the first ones are not enough.
  private static let firstSeeds: [Flaw: UInt64] = [.followsAnyEpoch: 8, .takesOverAtOnce: 100]

  @Test("Each mistake is noticed", arguments: Flaw.allCases)
  func mistakes(flaw: Flaw) async throws {
    let first = Self.firstSeeds[flaw] ?? 1
    for seed in first...(first + 150) {
      var world = try World(seed: seed, flaw: flaw)
      do throws(Breach) {
        try await Self.run(&world)
      } catch {
        return
      }
    }
    Issue.record("nobody noticed")
  }
}
