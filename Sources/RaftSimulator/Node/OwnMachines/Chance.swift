/// The chance by which a workload of the caller's own decides: the same in every process.
public struct Chance: Sendable, RandomNumberGenerator {
  private var dice: Dice

  init(seed: UInt64) {
    self.dice = Dice(seed: seed)
  }

  /// Bits at random.
  public mutating func next() -> UInt64 { self.dice.next() }

  /// A number from this range, each as likely as the others.
  public mutating func number(in range: ClosedRange<Int>) -> Int { self.dice.number(in: range) }

  /// One of these elements, each as likely as the others.
  ///
  /// - Precondition: there is one.
  public mutating func pick<Element>(_ elements: [Element]) -> Element { self.dice.pick(elements) }
}
