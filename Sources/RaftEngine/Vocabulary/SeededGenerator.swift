/// Random numbers that depend on the seed alone (SplitMix64).
///
/// The engine draws election timeouts and identifiers from it, so that a run can be repeated
/// exactly. It is not fit for secrets.
public struct SeededGenerator: RandomNumberGenerator, Hashable, Sendable {
  private var state: UInt64

  /// The sequence that belongs to this seed.
  public init(seed: UInt64) {
    self.state = seed
  }

  /// The next number of the sequence.
  public mutating func next() -> UInt64 {
    self.state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = self.state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
