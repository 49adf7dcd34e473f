/// The one source of chance of a run (SplitMix64); what it gives depends on the seed alone.
struct Dice {
  private var state: UInt64

  init(seed: UInt64) {
    self.state = seed
  }

  mutating func next() -> UInt64 {
    self.state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = self.state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number from 0 up to, not including, the bound; 0 if the bound is not positive.
  mutating func below(_ bound: Int) -> Int {
    guard bound > 1 else { return 0 }
    return Int(self.next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  mutating func number(in range: ClosedRange<Int>) -> Int {
    range.lowerBound + self.below(range.count)
  }

  /// Whether something happens that happens so often in a thousand times.
  mutating func happens(perMille: Int) -> Bool {
    perMille > 0 && self.below(1000) < perMille
  }

  mutating func isHeads() -> Bool { self.next() & 1 == 0 }

  /// Nanoseconds up to, not including, the given ones.
  mutating func duration(upTo most: Int64) -> Int64 { Int64(self.below(Int(most))) }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    precondition(!elements.isEmpty, "nothing to pick from")
    return elements[self.below(elements.count)]
  }

  mutating func shuffle<Element>(_ elements: inout [Element]) {
    for place in elements.indices.dropFirst() {
      elements.swapAt(place, self.below(place + 1))
    }
  }
}

/// Nanoseconds in a millisecond.
let milliseconds: Int64 = 1_000_000
