import Raft
import RaftMemoryStore

/// What a node's log store has made durable, and what is wrong with the device.
///
/// Outlives the stores that are opened over it, one for each life of the node.
final class NodeDisk: @unchecked Sendable {
  /// One write of the ordered sequence.
  enum Operation {
    case adopt(ClusterID)
    case save(Vote)
    case append(EntrySlice)
    case truncate(LogID?)
    case purge(LogID)
    case note(LogID)
  }

  let world: NodeWorld
  let id: NodeID
  /// The durable part.
  private(set) var durable: MemoryLogStore
  private(set) var incarnation: Incarnation
  /// How long a flush takes, in nanoseconds.
  var latency: ClosedRange<Int64>
  /// Whether the next flush fails, and whether the next snapshot does.
  var failsNextFlush = false
  var failsNextSnapshot = false
  /// Whether no write becomes durable, and what happens when that ends.
  private var isStalled = false
  private var stalledWork: [() -> Void] = []

  init(world: NodeWorld, id: NodeID) {
    self.world = world
    self.id = id
    self.incarnation =
      world.profile.script == nil ? Incarnation(world.next()) : ScriptedPlay.incarnation(of: id)
    self.durable = MemoryLogStore(incarnation: self.incarnation)
    self.latency = world.profile.diskLatency
  }

  /// From now on no write becomes durable.
  func stall() { self.isStalled = true }

  /// The device works again.
  func resume() {
    self.isStalled = false
    let work = self.stalledWork
    self.stalledWork = []
    for action in work { action() }
  }

  /// Does something as soon as the device works.
  func whenWorking(_ action: @escaping () -> Void) {
    if self.isStalled { self.stalledWork.append(action) } else { action() }
  }

  /// Another, empty device takes the place of this one.
  func replace() {
    self.resume()
    self.incarnation = Incarnation(self.world.next())
    self.durable = MemoryLogStore(incarnation: self.incarnation)
  }

  /// Makes a write durable.
  func keep(_ operation: Operation) {
    Self.carry(out: operation, on: self.durable)
  }

  /// Makes a write durable, or, of an append, some of its first entries.
  func keepSome(of operation: Operation) {
    guard case .append(let slice) = operation, slice.count > 1 else { return }
    let count = self.world.draw(0...(slice.count - 1))
    guard count > 0, let kept = slice.clamped(from: slice.first, through: slice.first + (count - 1))
    else { return }
    self.keep(.append(kept))
  }

  /// Does to a memory store what an operation says.
  static func carry(out operation: Operation, on store: MemoryLogStore) {
    let ignored = IOCompletion(
      io: IOID(sequence: 0, vote: .initial, logID: nil), report: { _, _ in })
    switch operation {
    case .adopt(let cluster): _ = store.adopt(cluster, completion: ignored)
    case .save(let vote): _ = store.save(vote, completion: ignored)
    case .append(let slice): _ = store.append(slice, completion: ignored)
    case .truncate(let last): store.truncate(after: last)
    case .purge(let logID): store.purge(through: logID)
    case .note(let logID): store.note(committed: logID)
    }
  }

  /// A memory store with all that is durable.
  func copy() async throws(StorageError) -> MemoryLogStore {
    let stored = try await self.durable.load()
    let copy = MemoryLogStore(incarnation: stored.incarnation)
    if let cluster = stored.cluster { Self.carry(out: .adopt(cluster), on: copy) }
    if let vote = stored.vote { Self.carry(out: .save(vote), on: copy) }
    if let purged = stored.purged { Self.carry(out: .purge(purged), on: copy) }
    if let committed = stored.committed { Self.carry(out: .note(committed), on: copy) }
    var next = stored.purged.nextIndex
    while let last = stored.last?.index, next <= last {
      let slices = try await self.durable.entries(from: next, through: last, byteLimit: .max)
      for slice in slices { Self.carry(out: .append(slice), on: copy) }
      next = slices.last?.last.next ?? last.next
    }
    return copy
  }
}
