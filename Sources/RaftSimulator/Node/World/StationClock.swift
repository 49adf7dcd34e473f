import Raft

/// A node's clock in a simulated run: virtual time that starts anywhere, goes a little too fast or
/// too slow, and stands still for nobody.
final class StationClock: NodeClock, @unchecked Sendable {
  private let world: NodeWorld
  private var origin: Int64
  private let driftPerMillion: Int64
  /// What to add to virtual time to get the node's idea of the wall clock; may jump.
  var wallClockOffset: Int64
  weak var station: NodeStation?

  init(world: NodeWorld, origin: Int64, driftPerMillion: Int64, wallClockOffset: Int64) {
    self.world = world
    self.origin = origin
    self.driftPerMillion = driftPerMillion
    self.wallClockOffset = wallClockOffset
  }

  /// The longest that a sleeper of a played transcript does not look at the clock, which may jump.
  private static let nap: Int64 = 10_000_000

  /// The clock jumps ahead.
  func jump(by nanoseconds: Int64) {
    self.origin += nanoseconds
  }

  func now() -> Instant {
    let now = self.world.now
    return Instant(nanoseconds: self.origin + now + now / 1000 * self.driftPerMillion / 1000)
  }

  func timestamp() -> Timestamp {
    Timestamp(
      nanoseconds: UInt64(1_700_000_000_000_000_000 + self.world.now + self.wallClockOffset))
  }

  func sleep(until deadline: Instant) async {
    while !Task.isCancelled, self.now() < deadline {
      // A day is enough for every wait of a run, and far from what arithmetic cannot hold.
      let longest = self.world.profile.script == nil ? 86_400_000_000_000 : Self.nap
      let rest = min(self.now().nanoseconds(to: deadline), longest)
      let virtual = rest / (1_000_000 + self.driftPerMillion) * 1_000_000
      let exact = rest % (1_000_000 + self.driftPerMillion)
      await self.world.executor.sleep(until: self.world.now + virtual + exact + 1)
      await self.station?.untilAwake()
    }
  }
}
