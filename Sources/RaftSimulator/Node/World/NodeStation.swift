import Raft
import RaftMemoryStore

/// A place where a node lives: its disk and its clock outlast the process that runs on it.
final class NodeStation: @unchecked Sendable {
  let id: NodeID
  let world: NodeWorld
  let clock: StationClock
  let disk: NodeDisk
  private(set) var snapshots = MemorySnapshotStore()
  /// The process that runs; `nil` while none does.
  var life: NodeLife?
  var lives = 0
  /// Until when the machine stands still.
  var pausedUntil: Int64 = 0
  /// How slow the state machine is, and whether it fails.
  var machine = MachineTrouble()

  init(id: NodeID, world: NodeWorld) {
    self.id = id
    self.world = world
    let drift = world.profile.driftPerMillion
    self.clock = StationClock(
      world: world, origin: world.draw(0...1_000_000_000_000),
      driftPerMillion: world.draw(-drift...drift),
      wallClockOffset: world.draw(-2_000_000_000...2_000_000_000))
    self.disk = NodeDisk(world: world, id: id)
    self.clock.station = self
  }

  /// The disk and everything on it is replaced by an empty one.
  func replaceDisk() {
    self.disk.replace()
    self.snapshots = MemorySnapshotStore()
  }

  var isPaused: Bool { self.pausedUntil > self.world.now }

  /// Waits for the end of a pause.
  func untilAwake() async {
    while self.isPaused { await self.world.executor.wait(until: self.pausedUntil) }
  }

  /// Does something as soon as the machine does not stand still.
  func whenAwake(_ action: @escaping () -> Void) {
    guard self.isPaused else {
      action()
      return
    }
    self.world.executor.at(self.pausedUntil) { self.whenAwake(action) }
  }
}

/// What is wrong with a state machine.
struct MachineTrouble {
  /// How long each apply takes at most, in nanoseconds.
  var delayMax: Int64 = 0
  /// Whether the next apply throws.
  var failsNext = false
}

/// One run of a node's process, from start to crash or end.
final class NodeLife: @unchecked Sendable {
  let station: NodeStation
  let number: Int
  let node: RaftNode<SimulatedMachine>
  /// Cut from disk and network: nothing that it does is seen any more.
  var isDead = false
  /// Whether its `run()` has returned.
  var hasEnded = false
  /// What was seen of it last.
  var seen: Metrics?
  /// Who waits for the end of `run()`.
  private var waiters: [UnsafeContinuation<Void, Never>] = []

  init(station: NodeStation, number: Int, node: RaftNode<SimulatedMachine>) {
    self.station = station
    self.number = number
    self.node = node
  }

  func end() {
    self.hasEnded = true
    let waiters = self.waiters
    self.waiters = []
    for waiter in waiters { waiter.resume() }
  }

  /// Waits until `run()` has returned.
  func untilEnded() async {
    guard !self.hasEnded else { return }
    await withUnsafeContinuation { self.waiters.append($0) }
  }
}
