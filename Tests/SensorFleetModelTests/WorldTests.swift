import SensorFleetModel
import Testing

@Suite("The rules of primaries and replicas, under every trouble")
struct WorldTests {
  private static let steps = 12_000

  @Test("What is acknowledged stays, and nobody else acknowledges", arguments: 1...5)
  func soundness(seed: UInt64) throws {
    var world = try World(seed: seed)
    do throws(Breach) {
      for _ in 0..<Self.steps { try world.step() }
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
  func mistakes(flaw: Flaw) throws {
    let first = Self.firstSeeds[flaw] ?? 1
    for seed in first...(first + 150) {
      var world = try World(seed: seed, flaw: flaw)
      do throws(Breach) {
        for _ in 0..<Self.steps { try world.step() }
      } catch {
        return
      }
    }
    Issue.record("nobody noticed")
  }
}
