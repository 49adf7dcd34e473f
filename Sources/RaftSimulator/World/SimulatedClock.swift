import RaftEngine

/// A node's own clock: it begins anywhere, and runs a little too fast or too slow.
struct SimulatedClock {
  private var worldAnchor: Int64
  private var localAnchor: Int64
  /// How many nanoseconds the clock gains in a millisecond of the world.
  private(set) var drift: Int64

  init(startingAt local: Int64, worldTime: Int64, drift: Int64) {
    self.worldAnchor = worldTime
    self.localAnchor = local
    self.drift = drift
  }

  func instant(at worldTime: Int64) -> Instant {
    let past = worldTime - self.worldAnchor
    let (whole, rest) = past.quotientAndRemainder(dividingBy: milliseconds)
    let gain = whole * self.drift + rest * self.drift / milliseconds
    return Instant(nanoseconds: self.localAnchor + past + gain)
  }

  /// The moment of the world at which the clock shows this; late by a few nanoseconds at most.
  func worldTime(at instant: Instant) -> Int64 {
    let past = instant.nanoseconds - self.localAnchor
    let rate = milliseconds + self.drift
    let (whole, rest) = past.quotientAndRemainder(dividingBy: rate)
    return self.worldAnchor + whole * milliseconds + rest * milliseconds / rate + 2
  }

  /// The clock jumps ahead.
  mutating func jump(by nanoseconds: Int64) {
    self.localAnchor += nanoseconds
  }

  /// From now on the clock runs at another speed; it does not jump.
  mutating func change(drift: Int64, at worldTime: Int64) {
    self.localAnchor = self.instant(at: worldTime).nanoseconds
    self.worldAnchor = worldTime
    self.drift = drift
  }
}
