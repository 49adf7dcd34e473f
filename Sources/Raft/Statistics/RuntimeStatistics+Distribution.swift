extension RuntimeStatistics {
  /// Many numbers, kept as counts in ranges that are an eighth of their size wide.
  ///
  /// Numbers below 16 are exact, quantiles of larger ones at most an eighth too large.
  public struct Distribution: Hashable, Sendable {
    /// How many numbers there are.
    public private(set) var count: UInt64 = 0
    /// Their sum, cut to what 64 bits hold.
    public private(set) var sum: UInt64 = 0
    /// The largest one; 0 if there is none.
    public private(set) var max: UInt64 = 0
    /// How many numbers lie in each range; as long as the largest number needs.
    private var ranges: [UInt64] = []

    /// No numbers.
    public init() {}

    /// Their mean, rounded down; 0 if there is none.
    public var mean: UInt64 { self.count == 0 ? 0 : self.sum / self.count }

    /// The number that this part of all numbers does not exceed: 0.5 for the median, 1 for the
    /// largest.
    public func quantile(_ part: Double) -> UInt64 {
      guard self.count > 0 else { return 0 }
      let rank = UInt64((part.clamped * Double(self.count)).rounded(.up))
      var seen: UInt64 = 0
      for (place, count) in self.ranges.enumerated() {
        seen += count
        if seen >= Swift.max(rank, 1) { return Swift.min(Self.end(of: place), self.max) }
      }
      return self.max
    }

    /// A quantile of numbers that are nanoseconds, as a time.
    public func time(at part: Double) -> Duration {
      .nanoseconds(Int64(clamping: self.quantile(part)))
    }

    /// Adds a number.
    public mutating func add(_ number: UInt64) {
      self.count += 1
      let (sum, overflow) = self.sum.addingReportingOverflow(number)
      self.sum = overflow ? .max : sum
      self.max = Swift.max(self.max, number)
      let place = Self.place(of: number)
      if place >= self.ranges.count {
        self.ranges.append(contentsOf: repeatElement(0, count: place + 1 - self.ranges.count))
      }
      self.ranges[place] += 1
    }

    /// Which range a number lies in: the first 16 hold one number each, then 8 for each power of 2.
    private static func place(of number: UInt64) -> Int {
      guard number >= 16 else { return Int(number) }
      let shift = 60 - number.leadingZeroBitCount
      return 16 + (shift - 1) * 8 + Int(number >> shift) - 8
    }

    /// The largest number in a range.
    private static func end(of place: Int) -> UInt64 {
      guard place >= 16 else { return UInt64(place) }
      let shift = (place - 16) / 8 + 1
      let start = UInt64((place - 16) % 8 + 8)
      return (start << shift) + ((1 << shift) - 1)
    }
  }
}

extension Double {
  fileprivate var clamped: Double { Swift.min(Swift.max(self, 0), 1) }
}
