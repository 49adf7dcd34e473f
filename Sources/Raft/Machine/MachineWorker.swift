import Synchronization

/// The task that owns the state machine: it applies, freezes, restores and lends, one at a time.
final class MachineWorker: Sendable {
  enum Job: Sendable {
    /// Apply entries that are at hand.
    case apply([LogTail.Item])
    /// Apply entries that only the store has.
    case applyStored(ClosedRange<LogIndex>)
    /// Write a snapshot of the state as it is.
    case buildSnapshot
    /// Take over the state of a snapshot.
    case install(any StoredSnapshot)
    /// Writers from this index on get no other answer.
    case abandon(from: LogIndex)
    /// Lend the machine to the application.
    case lend(Loan)
  }

  /// A wish to look at the machine; it is lent or refused, once.
  struct Loan: Sendable {
    let lend: @Sendable () async -> Void
    let refuse: @Sendable () -> Void
  }

  /// What the worker knows of the state that it holds.
  struct Position: Sendable {
    var applied: LogID?
    var membership: LoggedMembership
    /// The stamp of the last entry.
    var timestamp = Timestamp.epoch
    /// What the machine held when it was opened, if that is more than was gone through since: the
    /// commands up to here are not applied to it again.
    var kept: LogID?
  }

  /// How things stand with the machine.
  struct Standing {
    var position: Position
    /// Why nothing more is applied or lent.
    var failure: NodeFailure?
    /// How many snapshots the worker has installed and told the core of.
    var installs: UInt64 = 0
    /// How many bytes of entries the worker has applied and told the core of.
    var byteCount: UInt64 = 0
  }

  let hooks: MachineHooks
  private let logStore: any LogStore
  private let snapshotStore: any SnapshotStore
  let clock: any NodeClock
  let instruments: Instruments
  /// How many entries lie between two digests; 0 if none are taken.
  let digestInterval: UInt64
  let queue = JobQueue<Job>()
  /// Touched by the worker from taking a job to asking for the next, and by the core between
  /// ``JobQueue/enter()`` and ``JobQueue/leave()``: never by both.
  @exclusivity(unchecked) nonisolated(unsafe) var standing = Standing(
    position: Position(applied: nil, membership: .none))
  /// What was handed over and is not applied yet costs in memory, in bytes.
  private let backlog = Atomic<Int>(0)
  /// Entries before this index are gone from the log.
  private let purged = Atomic<UInt64>(0)

  init(
    hooks: MachineHooks, logStore: any LogStore, snapshotStore: any SnapshotStore,
    clock: any NodeClock, instruments: Instruments, digestInterval: Int
  ) {
    self.digestInterval = UInt64(digestInterval)
    self.clock = clock
    self.instruments = instruments
    self.hooks = hooks
    self.logStore = logStore
    self.snapshotStore = snapshotStore
  }

  var backlogBytes: Int { self.backlog.load(ordering: .relaxed) }

  @discardableResult
  func add(_ job: Job) -> Bool {
    if case .apply(let items) = job {
      let bytes = items.reduce(0) { $0 + $1.slice.memoryByteCount }
      self.backlog.wrappingAdd(bytes, ordering: .relaxed)
    }
    return self.queue.add(job)
  }

  /// Has entries applied that only the store has.
  func applyStored(_ range: ClosedRange<LogIndex>) {
    self.queue.add(.applyStored(range)) { last in
      guard case .applyStored(let before) = last, before.upperBound.next == range.lowerBound
      else { return nil }
      return .applyStored(before.lowerBound...range.upperBound)
    }
  }

  /// The log is about to be purged through this index, by a snapshot that the machine has, or
  /// will take over soon.
  func note(purged index: LogIndex) {
    self.purged.store(index.next.rawValue, ordering: .releasing)
  }

  /// Accepts nothing any more; what waits is still done.
  func close() {
    self.queue.close()
  }

  /// Accepts nothing any more, and refuses all that waits, whatever the machine is doing.
  func abandon() {
    self.queue.close()
    for job in self.queue.removeAll() { self.refuse(job) }
    self.hooks.close()
  }

  /// Works until the queue is closed; after a failure nothing more is applied or lent.
  func run(from start: Position, report: @escaping @Sendable (Event) -> Void) async {
    await withDiscardingTaskGroup { group in
      self.standing.position = start
      self.tellDigest(start, report)
      while let job = await self.queue.next() {
        guard self.standing.failure == nil else {
          self.refuse(job)
          continue
        }
        var position = self.standing.position
        do throws(NodeFailure) {
          try await self.work(job, &position, &group, report)
        } catch {
          self.standing.failure = error
          report(.stop(error))
        }
        self.standing.position = position
      }
      self.hooks.close()
      // A snapshot that is being written is not worth the wait.
      group.cancelAll()
    }
  }

  private func refuse(_ job: Job) {
    switch job {
    case .lend(let loan):
      loan.refuse()
    case .apply(let items):
      for item in items { self.hooks.refuse(item.writers, .outcomeUnknown) }
    case .applyStored, .buildSnapshot, .install, .abandon:
      break
    }
  }

  private func work(
    _ job: Job, _ position: inout Position, _ group: inout DiscardingTaskGroup,
    _ report: @escaping @Sendable (Event) -> Void
  ) async throws(NodeFailure) {
    switch job {
    case .apply(let items):
      try await self.apply(items, &position, report)
    case .applyStored(let range):
      try await self.applyStored(range, &position, report)
    case .buildSnapshot:
      try await self.buildSnapshot(position, &group, report)
    case .install(let snapshot):
      position = try await self.take(snapshot, position)
      self.standing.installs += 1
      report(.worked(.snapshotInstalled(through: snapshot.meta.lastLogID)))
      self.tellDigest(position, report)
    case .abandon(let index):
      self.hooks.abandon(index)
    case .lend(let loan):
      await loan.lend()
    }
  }

  private func apply(
    _ items: [LogTail.Item], _ position: inout Position, _ report: @Sendable (Event) -> Void
  ) async throws(NodeFailure) {
    guard !self.isSuperseded(position.applied) else {
      self.refuse(.apply(items))
      for item in items { self.forget(item) }
      return
    }
    // All at once, so that none is forgotten if one of the entries cannot be applied.
    for item in items where !item.writers.isEmpty {
      self.hooks.expect(item.writers, item.slice.chunk.run.first)
    }
    for item in items {
      let start = self.instruments.isTiming ? self.clock.now() : nil
      try await self.apply(item.slice, &position, report)
      if let start {
        self.instruments.applied(through: item.slice.last, from: start, to: self.clock.now())
      }
      self.forget(item)
    }
    self.tell(position, items.reduce(0) { $0 + $1.slice.byteCount }, report)
  }

  private func tell(_ position: Position, _ byteCount: Int, _ report: (Event) -> Void) {
    guard let applied = position.applied else { return }
    self.standing.byteCount += UInt64(byteCount)
    report(.worked(.applied(through: applied, byteCount: byteCount)))
  }

  private func forget(_ item: LogTail.Item) {
    self.backlog.wrappingSubtract(item.slice.memoryByteCount, ordering: .relaxed)
  }

  /// Whether what comes next in the log is purged: the snapshot that contains it waits behind.
  func isSuperseded(_ applied: LogID?) -> Bool {
    applied.nextIndex.rawValue < self.purged.load(ordering: .acquiring)
  }

  /// Applies entries, with a pause wherever a digest is to be taken.
  private func apply(
    _ slice: EntrySlice, _ position: inout Position, _ report: (Event) -> Void
  ) async throws(NodeFailure) {
    var part = slice
    while true {
      let rest = self.cut(&part, after: .max, or: self.digestIndex(in: part))
      try await self.apply(part, &position)
      self.tellDigest(position, report)
      guard let rest else { return }
      part = rest
    }
  }

  private func apply(_ slice: EntrySlice, _ position: inout Position) async throws(NodeFailure) {
    position.expect(slice)
    if let news = try position.news(in: slice) {
      do {
        try await self.hooks.apply(news)
      } catch {
        throw .applying(news, error)
      }
    }
    position.passed(slice)
  }

  private func applyStored(
    _ range: ClosedRange<LogIndex>, _ position: inout Position,
    _ report: @Sendable (Event) -> Void
  ) async throws(NodeFailure) {
    while position.applied.nextIndex <= range.upperBound, !self.isSuperseded(position.applied) {
      let next = position.applied.nextIndex
      let slices: [EntrySlice]
      do {
        slices = try await self.logStore.entries(
          from: next, through: range.upperBound, byteLimit: 1 << 20)
      } catch {
        if error.kind == .missing, self.isSuperseded(position.applied) { return }
        throw .storage(error)
      }
      guard slices.first?.first == next else {
        throw .storage(StorageError(.missing, "the log store gave no entries from \(next) on"))
      }
      for slice in slices { try await self.apply(slice, &position, report) }
      self.tell(position, slices.reduce(0) { $0 + $1.byteCount }, report)
    }
  }

  private func buildSnapshot(
    _ position: Position, _ group: inout DiscardingTaskGroup,
    _ report: @escaping @Sendable (Event) -> Void
  ) async throws(NodeFailure) {
    // A machine that holds more than was gone through here cannot be described yet.
    guard let applied = position.applied, position.kept == nil else {
      report(.input(.snapshotBuildFailed))
      return
    }
    let frozen: any FrozenState
    do {
      frozen = try await self.hooks.freeze()
    } catch {
      report(.input(.snapshotBuildFailed))
      return
    }
    let meta = SnapshotMeta(
      lastLogID: applied, membership: position.membership, timestamp: position.timestamp,
      form: frozen.form)
    let store = self.snapshotStore
    group.addTask {
      do {
        let writer = try await store.begin(meta)
        do {
          try await frozen.write(to: SnapshotSink(writer))
          let stored = try await writer.commit()
          report(.input(.snapshotBuilt(stored.meta)))
        } catch {
          await writer.abandon()
          throw error
        }
      } catch {
        // The node goes on: the log still holds everything, and the next threshold tries again.
        report(.input(.snapshotBuildFailed))
      }
    }
  }
}
