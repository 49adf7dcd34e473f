/// How many calls took how long, in a space that does not grow with their number.
///
/// Times are told apart to within a sixty-fourth.
struct LatencyCounts: Sendable {
  /// Below this, every number of nanoseconds has a count of its own.
  private static let exact = 64
  /// Each doubling above has so many counts.
  private static let steps = 64

  private var counts = [UInt64](repeating: 0, count: Self.exact + 58 * Self.steps)
  private var total: UInt64 = 0

  mutating func add(_ nanoseconds: UInt64) {
    self.counts[Self.place(of: nanoseconds)] += 1
    self.total += 1
  }

  /// The time in nanoseconds that this share of the calls did not exceed.
  func latency(_ share: Double) -> UInt64 {
    guard self.total > 0 else { return 0 }
    let rank = min(self.total - 1, UInt64(Double(self.total) * share))
    var seen: UInt64 = 0
    for (place, count) in self.counts.enumerated() {
      seen += count
      if seen > rank { return Self.middle(of: place) }
    }
    preconditionFailure("\(seen) of \(self.total) calls were counted")
  }

  private static func place(of value: UInt64) -> Int {
    guard value >= UInt64(Self.exact) else { return Int(value) }
    let doublings = 63 - value.leadingZeroBitCount - 6
    let step = Int(value >> UInt64(doublings)) - Self.steps
    return Self.exact + doublings * Self.steps + step
  }

  /// The middle of the times that are counted there.
  private static func middle(of place: Int) -> UInt64 {
    guard place >= Self.exact else { return UInt64(place) }
    let (doublings, step) = (place - Self.exact).quotientAndRemainder(dividingBy: Self.steps)
    let width = UInt64(1) << UInt64(doublings)
    return UInt64(Self.steps + step) * width + width / 2
  }
}
