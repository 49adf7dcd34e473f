import Testing

@testable import RaftSimulator

@Suite("Delta debugging")
struct DeltaDebuggingTests {
  @Test("Finds exactly the things that fail together, wherever they stand")
  func minimal() {
    var dice = Dice(seed: 1)
    for size in [1, 2, 3, 7, 64, 301] {
      for count in [1, 2, 5] where count <= size {
        var all = Array(1...size)
        dice.shuffle(&all)
        let needed = all.prefix(count).sorted()
        let found = DeltaDebugging.minimal(Array(1...size)) { kept in
          needed.allSatisfy { kept.contains($0) }
        }
        #expect(found == needed)
      }
    }
  }

  @Test("Needs nothing if nothing is needed")
  func none() {
    #expect(DeltaDebugging.minimal(Array(1...9)) { _ in true } == [])
    #expect(DeltaDebugging.minimal([Int]()) { _ in true } == [])
  }

  @Test("Of several ways to fail it finds one, none of whose things can be left out")
  func oneOfSeveral() {
    func fails(_ kept: [Int]) -> Bool {
      Set(kept).isSuperset(of: [3, 17]) || Set(kept).isSuperset(of: [4, 11, 19])
    }
    let found = DeltaDebugging.minimal(Array(1...20), fails: fails)
    #expect(fails(found))
    for place in found.indices {
      var fewer = found
      fewer.remove(at: place)
      #expect(!fails(fewer))
    }
  }
}
