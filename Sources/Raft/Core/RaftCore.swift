import RaftConcurrency
import Synchronization

/// The concrete part of a node: everything but the types of commands and responses.
///
/// The protocol's state is one value, ``CoreLoop``, owned by the task that runs it; everything
/// here is shared with others and safe to use from anywhere.
@usableFromInline
final class RaftCore: Sendable {
  let id: NodeID
  let configuration: Configuration
  let logStore: any LogStore
  let snapshotStore: any SnapshotStore
  let transport: any Transport
  let clock: any NodeClock
  let seed: UInt64
  /// How often the ticker looks whether the deadline was moved, in nanoseconds.
  let tickInterval: Int64
  /// What turns moments of the node's clock into times of day; measured once, so that times that the
  /// node states can be compared whatever becomes of the wall clock.
  private let wallClockOffset: Int64
  @usableFromInline let hooks: MachineHooks
  let worker: MachineWorker
  let notices: Notices
  let extensions = Extensions()
  let switches: Guarded<EngineSwitches>
  let mailbox: Mailbox
  let board: MetricsBoard
  let events = EventHub()
  let instruments = Instruments()
  /// What the node was told last; `nil` before its stores are read, or if it records nothing.
  let flight = Guarded<FlightMapping?>(nil)
  /// Hears what the engine is told; read once, when the core begins to run.
  let observer = Guarded<(@Sendable (Input) -> Void)?>(nil)
  /// When time alone changes something next, in nanoseconds of the node's clock.
  private let deadline = Atomic<Int64>(0)
  private let life = Guarded(Life.made)
  /// Why the node takes no requests any more.
  private let ended = Latch<NodeFailure>()

  private enum Life {
    case made
    case run
    /// It was stopped before it ran.
    case stopped
  }

  @usableFromInline
  init(
    id: NodeID, configuration: Configuration, logStore: any LogStore,
    snapshotStore: any SnapshotStore, transport: any Transport, clock: any NodeClock,
    seed: UInt64, hooks: MachineHooks, notices: Notices
  ) {
    self.id = id
    self.configuration = configuration
    self.logStore = logStore
    self.snapshotStore = snapshotStore
    self.transport = transport
    self.clock = clock
    self.seed = seed
    self.tickInterval = max(configuration.heartbeatInterval.nanoseconds / 2, 1)
    self.wallClockOffset = Int64(clamping: clock.timestamp().nanoseconds) - clock.now().nanoseconds
    let hooks = configuration.role == .witness ? hooks.ofWitness : hooks
    self.hooks = hooks
    self.notices = notices
    self.switches = Guarded(configuration.engine.switches)
    self.worker = MachineWorker(
      hooks: hooks, logStore: logStore, snapshotStore: snapshotStore, clock: clock,
      instruments: self.instruments, digestInterval: configuration.digestInterval)
    self.mailbox = Mailbox(
      pendingBytesMax: configuration.pendingBytesMax, writeBytesMax: configuration.writeBytesMax)
    self.board = MetricsBoard(Metrics(unstarted: id, role: configuration.role))
  }

  /// The time of day that the node's metrics state for this moment.
  func timestamp(of instant: Instant) -> Timestamp {
    Timestamp(nanoseconds: UInt64(clamping: instant.nanoseconds + self.wallClockOffset))
  }

  /// Adds writes to the open batch.
  ///
  /// The token is answered later, or never if this throws.
  @usableFromInline
  func propose(
    count: Int, form: Writer.Form, token: ReplyToken, boundTo leadership: LeaderID? = nil,
    encode: (inout PayloadWriter, Int) -> Void
  ) -> WriteError? {
    self.mailbox.propose(
      count: count, form: form, token: token, boundTo: leadership,
      clock: self.instruments.isTiming ? self.clock : nil, encode: encode)
  }

  /// Tells the core something; nobody is told if the node has stopped.
  func post(_ event: consuming Event) {
    _ = self.mailbox.post(event)
  }

  /// Where the answer to an append goes.
  func reply(to sent: Sent) -> AppendReply {
    AppendReply { result in
      switch result {
      case .success(let response):
        self.post(.appendAnswered(response, sent))
      case .failure(let error):
        self.note(error, of: sent.peer)
        self.post(.input(.peerFailed(error.peerFailure, sent)))
      }
    }
  }

  /// Tells the core why a peer refuses, if it does.
  func note(_ error: any Error, of peer: NodeID) {
    guard case TransportError.refused(let refusal) = error else { return }
    self.post(.refused(by: peer, refusal))
  }

  /// Where the store's report about a write goes.
  func completion(of io: IOID) -> IOCompletion {
    IOCompletion(io: io) { io, error in
      self.post(error.map { .stop(.storage($0)) } ?? .input(.flushed(io)))
    }
  }

  func setDeadline(_ instant: Instant) {
    self.deadline.store(instant.nanoseconds, ordering: .relaxed)
  }

  // MARK: Running

  /// Runs the node until it is stopped; returns why.
  func run() async -> NodeFailure {
    let before = self.life.withLock { life in
      defer { if life == .made { life = .run } }
      return life
    }
    guard before == .made else {
      precondition(
        before == .stopped, "node \(self.id) runs already, or has run: make a new one")
      return await self.ended.wait()
    }
    let messenger = Task { await self.notices.deliver() }
    let failure = await self.runToEnd()
    self.notices.close()
    if !(await self.hasJoined([messenger])) { messenger.cancel() }
    return failure
  }

  private func runToEnd() async -> NodeFailure {
    let start: (Recovery, MachineWorker.Position)
    do throws(NodeFailure) {
      start = try await self.recover()
    } catch {
      return await self.refuseToRun(error)
    }
    let (recovery, position) = start
    let opened: CoreLoop
    do throws(StorageError) {
      opened = try CoreLoop(self, recovery)
    } catch {
      return await self.refuseToRun(.storage(error))
    }
    let machine = Task { await self.worker.run(from: position) { self.post($0) } }
    let loop = Task { await self.run(opened) }
    let failure = await self.ended.wait()
    if await self.hasJoined([loop, machine]) {
      self.flight.withLock { $0 }?.release()
    } else {
      loop.cancel()
      machine.cancel()
      self.worker.abandon()
    }
    await self.logStore.close()
    return failure
  }

  /// The stores or the recording cannot be used.
  private func refuseToRun(_ failure: NodeFailure) async -> NodeFailure {
    self.finish(failure)
    self.worker.abandon()
    await self.logStore.close()
    return failure
  }

  /// The core's own task, and those of its ways to the peers.
  private func run(_ opened: CoreLoop) async {
    await withDiscardingTaskGroup { group in
      group.addTask { await self.tick() }
      var loop = opened
      let failure = await loop.run(&group)
      self.finish(failure, &loop)
      group.cancelAll()
    }
  }

  /// Waits for the end of these tasks; `false` if they do not end in time, because a machine or a
  /// transport hangs.
  private func hasJoined(_ tasks: [Task<Void, Never>]) async -> Bool {
    let joined = Latch<Bool>()
    Task {
      for task in tasks { await task.value }
      joined.open(true)
    }
    let deadline = self.clock.now()
      .advanced(byNanoseconds: self.configuration.shutdownTimeout.nanoseconds)
    let alarm = Task {
      await self.clock.sleep(until: deadline)
      joined.open(false)
    }
    defer { alarm.cancel() }
    return await joined.wait()
  }

  /// Stops the node and waits until it takes no requests any more; one that never ran is closed.
  func stop() async {
    let before = self.life.withLock { life in
      defer { if life == .made { life = .stopped } }
      return life
    }
    guard before == .made else {
      self.post(.stop(.shutdown))
      _ = await self.ended.wait()
      return
    }
    self.notices.close()
    await self.logStore.close()
    self.finish(.shutdown)
    self.worker.abandon()
  }

  private func recover() async throws(NodeFailure) -> (Recovery, MachineWorker.Position) {
    var recovery: Recovery
    let kept = try await self.worker.recover()
    do throws(StorageError) {
      recovery = try await Recovery(
        logStore: self.logStore, snapshotStore: self.snapshotStore, role: self.configuration.role,
        kept: kept)
      try recovery.requireMemory()
    } catch {
      throw .storage(error)
    }
    let position = MachineWorker.Position(applied: nil, membership: .none, kept: kept)
    while let snapshot = recovery.snapshot {
      do throws(NodeFailure) {
        return (recovery, try await self.worker.take(snapshot, position))
      } catch {
        guard let next = await self.recovery(recovery, without: snapshot, after: error, kept) else {
          throw error
        }
        recovery = next
      }
    }
    return (recovery, position)
  }

  /// A start from the snapshot before a damaged one; `nil` if it is not damaged, if there is none
  /// before it, or if the log does not go on behind that.
  private func recovery(
    _ failed: Recovery, without snapshot: any StoredSnapshot, after failure: NodeFailure,
    _ kept: LogID?
  ) async -> Recovery? {
    guard case .storage(let error) = failure, error.kind == .corrupted else { return nil }
    await self.snapshotStore.setAside(snapshot)
    guard let earlier = try? await self.snapshotStore.latest(),
      earlier.meta.lastLogID < snapshot.meta.lastLogID
    else { return nil }
    return try? await Recovery(
      failed, with: earlier, logStore: self.logStore, role: self.configuration.role, kept: kept)
  }

  /// Answers whoever still waits, but for those whose writes the machine has: it answers them.
  private func finish(_ failure: NodeFailure, _ loop: inout CoreLoop) {
    self.hooks.refuse(loop.takeWriters(), .outcomeUnknown)
    self.hooks.refuse(loop.takeBatch().writers, .stopped(failure))
    for question in loop.takeQuestions() { question.stopped(failure) }
    self.finish(failure)
  }

  /// Answers whoever still waits for the core, and takes no requests any more.
  private func finish(_ failure: NodeFailure) {
    let rest = self.mailbox.close(failure)
    self.hooks.refuse(rest.writes.writers, .stopped(failure))
    for event in rest.events { event.stopped(failure) }
    self.worker.close()
    var metrics = self.board.latest
    metrics.failure = failure
    metrics.state = .shutdown
    metrics.leader = nil
    metrics.hasQuorumContact = false
    metrics.transferTarget = nil
    metrics.replication = []
    metrics.divergences = []
    self.board.publish(metrics)
    self.instruments.end()
    self.events.end(metrics, failure, at: self.timestamp(of: self.clock.now()))
    self.ended.open(failure)
  }

  /// Wakes the core when its deadline comes.
  ///
  /// What is nearer than it looks has an alarm of its own.
  private func tick() async {
    while !Task.isCancelled {
      let now = self.clock.now()
      let deadline = Instant(nanoseconds: self.deadline.load(ordering: .relaxed))
      if deadline <= now {
        // The core sets the next one; until then there is nothing to wake it for.
        self.setDeadline(.distantFuture)
        self.post(.input(.elapsed))
      }
      let next = Instant(nanoseconds: self.deadline.load(ordering: .relaxed))
      await self.clock.sleep(until: min(next, now.advanced(byNanoseconds: self.tickInterval)))
    }
  }
}

extension Question {
  /// The node stopped before the answer.
  func stopped(_ failure: NodeFailure) {
    switch self {
    case .append(let reply): reply(.failure(.stopped(failure)))
    case .vote(let continuation): continuation.resume(returning: .failure(.stopped(failure)))
    case .transfer(let continuation): continuation.resume(returning: .failure(.stopped(failure)))
    case .snapshot(let continuation): continuation.resume(returning: .failure(.stopped(failure)))
    case .bootstrap(let continuation, _):
      continuation.resume(returning: .failure(.stopped(failure)))
    case .membership(let continuation): continuation.resume(returning: .failure(.outcomeUnknown))
    case .reversion(let continuation): continuation.resume(returning: .failure(.stopped(failure)))
    case .read(let continuation): continuation.resume(returning: .failure(.stopped(failure)))
    case .handover(let continuation): continuation.resume(returning: .failure(.outcomeUnknown))
    case .departure: break
    }
  }
}

extension Event {
  /// The node stopped before it took note of this.
  func stopped(_ failure: NodeFailure) {
    switch self {
    case .append(_, let reply): reply(.failure(.stopped(failure)))
    case .vote(_, _, let continuation), .preVote(_, _, let continuation):
      continuation.resume(returning: .failure(.stopped(failure)))
    case .transfer(_, _, let continuation):
      continuation.resume(returning: .failure(.stopped(failure)))
    case .snapshot(_, let continuation): continuation.resume(returning: .failure(.stopped(failure)))
    case .bootstrap(_, let continuation):
      continuation.resume(returning: .failure(.stopped(failure)))
    case .changeMembership(_, _, _, let continuation):
      continuation.resume(returning: .failure(.stopped(failure)))
    case .allowReversion(_, let continuation):
      continuation.resume(returning: .failure(.stopped(failure)))
    case .read(_, let continuation):
      continuation.resume(returning: .failure(.stopped(failure)))
    case .barrier(let token):
      token.continuation(for: LogID.self).resume(returning: .failure(.stopped(failure)))
    case .look(let continuation): continuation.resume(returning: .failure(.stopped(failure)))
    case .bound(_, let wish): wish.stopped(failure)
    case .handOver(_, _, let continuation):
      continuation.resume(returning: .failure(.stopped(failure)))
    case .input, .worked, .snapshotReceived, .receptionFailed, .stop, .watched, .appendAnswered,
      .refused, .digested:
      break
    }
  }
}
