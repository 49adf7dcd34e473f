import RaftEngine
import Testing

@Suite("Random numbers from a seed")
struct SeededGeneratorTests {
  @Test("The sequence is SplitMix64's")
  func knownValues() {
    var generator = SeededGenerator(seed: 1_234_567)
    let numbers = (0..<5).map { _ in generator.next() }
    #expect(
      numbers == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
    var zero = SeededGenerator(seed: 0)
    #expect(zero.next() == 0xE220_A839_7B1D_CDAF)
  }

  @Test("The same seed gives the same sequence, a copy goes on with it")
  func repeatable() {
    var first = SeededGenerator(seed: 42)
    var second = SeededGenerator(seed: 42)
    for _ in 0..<100 { #expect(first.next() == second.next()) }
    var copy = first
    #expect(copy == first)
    #expect(copy.next() == first.next())
  }

  @Test("Seeds next to each other give different sequences")
  func seedsDiffer() {
    let firsts = (0..<UInt64(1000)).map { seed in
      var generator = SeededGenerator(seed: seed)
      return generator.next()
    }
    #expect(Set(firsts).count == 1000)
  }
}
