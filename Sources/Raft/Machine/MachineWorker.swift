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
    /// Take over the newest snapshot.
    case install(SnapshotMeta)
    /// Writers from this index on get no other answer.
    case abandon(from: LogIndex)
    /// Lend the machine to the application.
    case lend(@Sendable () async -> Void)
  }

  /// What the worker knows of the state that it holds.
  struct Position: Sendable {
    var applied: LogID?
    var membership: LoggedMembership
  }

  private let hooks: MachineHooks
  private let logStore: any LogStore
  private let snapshotStore: any SnapshotStore
  private let queue = JobQueue<Job>()
  /// Bytes handed over and not applied yet.
  private let backlog = Atomic<Int>(0)

  init(hooks: MachineHooks, logStore: any LogStore, snapshotStore: any SnapshotStore) {
    self.hooks = hooks
    self.logStore = logStore
    self.snapshotStore = snapshotStore
  }

  var backlogBytes: Int { self.backlog.load(ordering: .relaxed) }

  @discardableResult
  func add(_ job: Job) -> Bool {
    if case .apply(let items) = job {
      let bytes = items.reduce(0) { $0 + $1.slice.byteCount }
      self.backlog.wrappingAdd(bytes, ordering: .relaxed)
    }
    return self.queue.add(job)
  }

  func close() {
    self.queue.close()
  }

  /// Works until the queue is closed; after a failure nothing more is applied.
  func run(from start: Position, report: @escaping @Sendable (Event) -> Void) async {
    await withDiscardingTaskGroup { group in
      var position = start
      var jobs: [Job] = []
      var failure: NodeFailure?
      while await self.queue.next(&jobs) {
        for job in jobs {
          if failure == nil {
            do throws(NodeFailure) {
              try await self.work(job, &position, &group, report)
            } catch {
              failure = error
              report(.stop(error))
            }
          } else if case .lend(let lend) = job {
            await lend()
          } else if case .apply(let items) = job {
            for item in items { self.hooks.refuse(item.writers, .outcomeUnknown) }
          }
        }
      }
      self.hooks.abandon(0)
    }
  }

  private func work(
    _ job: Job, _ position: inout Position, _ group: inout DiscardingTaskGroup,
    _ report: @escaping @Sendable (Event) -> Void
  ) async throws(NodeFailure) {
    switch job {
    case .apply(let items):
      for item in items {
        try await self.apply(item, &position)
        self.backlog.wrappingSubtract(item.slice.byteCount, ordering: .relaxed)
      }
      if let applied = position.applied { report(.input(.applied(through: applied))) }
    case .applyStored(let range):
      try await self.applyStored(range, &position)
      if let applied = position.applied { report(.input(.applied(through: applied))) }
    case .buildSnapshot:
      try await self.buildSnapshot(position, &group, report)
    case .install(let meta):
      position = try await self.install()
      report(.input(.snapshotInstalled(through: meta.lastLogID)))
    case .abandon(let index):
      self.hooks.abandon(index)
    case .lend(let lend):
      await lend()
    }
  }

  private func apply(_ item: LogTail.Item, _ position: inout Position) async throws(NodeFailure) {
    precondition(
      item.slice.first == position.applied.nextIndex,
      "\(item.slice) to be applied after \(String(describing: position.applied))")
    do {
      try await self.hooks.apply(item.slice, item.writers)
    } catch {
      throw .stateMachine("apply of \(item.slice) threw: \(error)")
    }
    if let membership = item.slice.chunk.run.membership {
      position.membership = LoggedMembership(logID: item.slice.lastLogID, membership: membership)
    }
    position.applied = item.slice.lastLogID
  }

  private func applyStored(
    _ range: ClosedRange<LogIndex>, _ position: inout Position
  ) async throws(NodeFailure) {
    while position.applied.nextIndex <= range.upperBound {
      let slices: [EntrySlice]
      do {
        slices = try await self.logStore.entries(
          from: position.applied.nextIndex, through: range.upperBound, byteLimit: 1 << 20)
      } catch {
        throw .storage(error)
      }
      guard !slices.isEmpty else {
        throw .storage(
          StorageError(
            .missing, "the log store gave no entries from \(position.applied.nextIndex) on"))
      }
      for slice in slices {
        try await self.apply(LogTail.Item(slice: slice, writers: []), &position)
      }
    }
  }

  private func buildSnapshot(
    _ position: Position, _ group: inout DiscardingTaskGroup,
    _ report: @escaping @Sendable (Event) -> Void
  ) async throws(NodeFailure) {
    guard let applied = position.applied else {
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
      lastLogID: applied, membership: position.membership, form: frozen.form)
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

  private func install() async throws(NodeFailure) -> Position {
    do {
      guard let snapshot = try await self.snapshotStore.latest() else {
        throw StorageError(.missing, "the snapshot that was just received is gone")
      }
      return try await self.restore(snapshot)
    } catch let error as StorageError {
      throw .storage(error)
    } catch let error as NodeFailure {
      throw error
    } catch {
      throw .stateMachine(String(describing: error))
    }
  }

  /// Replaces the machine's state by that of a stored snapshot.
  func restore(_ snapshot: any StoredSnapshot) async throws(NodeFailure) -> Position {
    let content: any SnapshotReader
    do {
      content = try await snapshot.read()
    } catch {
      throw .storage(error)
    }
    do {
      try await self.hooks.restore(snapshot.meta, content)
    } catch let error as StorageError {
      throw .storage(error)
    } catch {
      throw .stateMachine("restore from a snapshot threw: \(error)")
    }
    return Position(applied: snapshot.meta.lastLogID, membership: snapshot.meta.membership)
  }
}
