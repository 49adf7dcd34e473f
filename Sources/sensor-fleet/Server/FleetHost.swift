import RaftCommandLine
import RaftConcurrency
import SensorFleetModel

/// The shards of one server: what it owns, what it holds for others, and who waits for what.
///
/// Files are touched on the thread of the store alone; what else must be known stands under a lock
/// that is held for a few lines.
final class FleetHost: Sendable {
  struct State {
    var configuration = FleetConfiguration()
    /// The log's place of the configuration.
    var index: UInt64 = 0
    /// Which start of this server is the one of this process; `nil` until the log has it.
    var starts: UInt64?
    var shards: [ShardID: ShardState] = [:]
    var ownership: Ownership
    var bells: [ServerID: AsyncStream<Void>.Continuation] = [:]
    var acknowledgedCount = 0
  }

  /// How long a server owns its shards after it asked.
  static let ownershipLength: Duration = .milliseconds(1200)
  /// How long a replica may lack something before the primary goes on without it.
  static let patience: Duration = .milliseconds(2500)
  /// How long readings wait for the replicas.
  static let ingestTimeout: Duration = .seconds(8)
  /// How many batches of one shard may wait.
  static let waitersMax = 4096

  /// This server.
  let id: ServerID
  /// The files.
  let store: StoreThread
  let state: Guarded<State>
  /// Servers to which records are sent, each once, as soon as they are known.
  let peers: AsyncStream<ServerID>
  private let peersFound: AsyncStream<ServerID>.Continuation

  init(id: ServerID, store: StoreThread) {
    self.id = id
    self.store = store
    self.state = Guarded(State(ownership: Ownership(length: Self.ownershipLength)))
    (self.peers, self.peersFound) = AsyncStream.makeStream()
  }

  /// The configuration as this server knows it.
  var configuration: FleetConfiguration { self.state.withLock { $0.configuration } }

  // MARK: Following the log

  /// The log has a new configuration; to be told in the log's order.
  func follow(_ configuration: FleetConfiguration, at index: UInt64) {
    self.store.submit { store throws(StoreError) in
      try self.assign(configuration, at: index, store)
    }
  }

  /// The log has the start of this process: from now on it may lead.
  func started(_ starts: UInt64) {
    self.store.submit { store throws(StoreError) in
      let (configuration, index) = self.state.withLock { state in
        state.starts = starts
        return (state.configuration, state.index)
      }
      return try self.assign(configuration, at: index, store)
    }
  }

  /// What was true when it was asked for is known here.
  func renewOwnership(askedAt: Duration) {
    // Behind the configurations that were known before.
    self.store.submit { _ throws(StoreError) in
      let done = self.state.withLock { state in
        state.ownership.renew(askedAt: askedAt)
        return state.shards.keys.flatMap { self.takeAcknowledged($0, &state) }
      }
      Self.tell(done)
      return nil
    }
  }

  private func assign(
    _ configuration: FleetConfiguration, at index: UInt64, _ store: ShardStore
  ) throws(StoreError) -> (@Sendable () -> Void)? {
    var begun: [(ShardID, UInt64)] = []
    var lost: [ShardState.Waiter] = []
    for assignment in configuration.shards {
      let isMember = assignment.members.contains(self.id)
      if !isMember, self.state.withLock({ $0.shards[assignment.shard] == nil }) { continue }
      let log = try store.log(of: assignment.shard)
      if self.isNeededNoMore(assignment, log.shape.last, in: configuration) {
        try store.drop(assignment.shard)
      }
      let last = log.shape.last
      let beginning = self.state.withLock { state -> ShardRecord? in
        var shard = state.shards[assignment.shard] ?? ShardState()
        shard.last = last.sequence
        shard.known = max(shard.known, assignment.epoch, last.epoch)
        defer { state.shards[assignment.shard] = shard }
        let isLed =
          assignment.primary == self.id && state.starts != nil
          && configuration.server(self.id)?.starts == state.starts
        guard isLed, assignment.epoch >= shard.known else {
          lost += shard.endTenure()
          return nil
        }
        if shard.tenure?.tenure == assignment.tenure {
          shard.tenure?.assign(assignment)
          return nil
        }
        lost += shard.endTenure()
        shard.begin(
          PrimaryTenure(
            of: self.id, assignment, beginning: last.sequence + 1,
            opensAt: self.opening(of: assignment, in: configuration)))
        shard.last += 1
        let point = LogPoint(sequence: last.sequence + 1, epoch: assignment.epoch)
        return ShardRecord(point: point, payload: [])
      }
      if let beginning {
        try store.append([beginning], to: assignment.shard)
        begun.append((assignment.shard, beginning.point.sequence))
      }
    }
    self.state.withLock { state in
      state.configuration = configuration
      state.index = max(state.index, index)
      for server in configuration.servers where server.id != self.id {
        if state.bells[server.id] == nil {
          let (_, bell) = AsyncStream<Void>.makeStream()
          state.bells[server.id] = bell
          self.peersFound.yield(server.id)
        }
      }
    }
    Self.tell(lost, .unknown)
    self.ringAll()
    let stored = begun
    return { for (shard, sequence) in stored { self.stored(shard, through: sequence) } }
  }

  /// Whether what this server has of a shard can go: it is no replica, and the shard has all that it
  /// shall have.
  ///
  /// Only what the log says since this process started counts, and only if nothing later was heard:
  /// a primary that is ahead in the log may be filling this server already.
  private func isNeededNoMore(
    _ assignment: ShardAssignment, _ last: LogPoint, in configuration: FleetConfiguration
  ) -> Bool {
    let (starts, known) = self.state.withLock { state in
      (state.starts, state.shards[assignment.shard]?.known ?? .zero)
    }
    return starts != nil && configuration.server(self.id)?.starts == starts
      && assignment.mayForget(
        self.id, known: max(known, last.epoch), replicas: configuration.parameters.replicas)
  }

  /// When whoever owned the shard before does so no more.
  private func opening(
    of assignment: ShardAssignment, in configuration: FleetConfiguration
  ) -> Duration {
    // The first primary of a shard follows nobody.
    assignment.tenure == Epoch(1)
      ? .zero : SteadyClock.now + Ownership.waiting(for: Self.ownershipLength)
  }

  // MARK: Owning

  /// Whether this server owns the shard now, and may acknowledge and show readings.
  static func owns(_ shard: ShardID, _ state: State, at now: Duration) -> Bool {
    guard let tenure = state.shards[shard]?.tenure else { return false }
    return tenure.isOpen(at: now) && state.ownership.holds(at: now)
  }

  /// Stores readings of a shard, and returns when all replicas in sync have them.
  func ingest(_ payload: [UInt8], count: Int, into shard: ShardID) async -> IngestOutcome {
    await withCheckedContinuation { continuation in
      self.store.submit { store throws(StoreError) in
        let now = SteadyClock.now
        let record = self.state.withLock { state -> ShardRecord? in
          guard Self.owns(shard, state, at: now), let tenure = state.shards[shard]?.tenure,
            let known = state.shards[shard]?.known, tenure.epoch >= known,
            state.shards[shard]?.waiters.count ?? 0 < Self.waitersMax
          else { return nil }
          state.shards[shard]?.last += 1
          let sequence = state.shards[shard]?.last ?? 0
          state.shards[shard]?.waiters.append(
            .init(sequence: sequence, count: count, since: now, continuation: continuation))
          return ShardRecord(
            point: LogPoint(sequence: sequence, epoch: tenure.epoch), payload: payload)
        }
        guard let record else {
          continuation.resume(returning: .notOwner)
          return nil
        }
        try store.append([record], to: shard)
        self.ring(shard)
        return { self.stored(shard, through: record.point.sequence) }
      }
    }
  }

  /// This server's own disk holds a shard's records through this one.
  private func stored(_ shard: ShardID, through sequence: UInt64) {
    let done = self.state.withLock { state in
      state.shards[shard]?.tenure?.store(through: sequence)
      return self.takeAcknowledged(shard, &state)
    }
    Self.tell(done)
    self.ring(shard)
  }

  /// Whose readings may be acknowledged by now; only who owns the shard acknowledges.
  func takeAcknowledged(
    _ shard: ShardID, _ state: inout State
  ) -> [(ShardState.Waiter, Epoch)] {
    guard Self.owns(shard, state, at: SteadyClock.now),
      let epoch = state.shards[shard]?.tenure?.epoch
    else { return [] }
    let waiters = state.shards[shard]?.takeAcknowledged() ?? []
    state.acknowledgedCount += waiters.reduce(0) { $0 + $1.count }
    return waiters.map { ($0, epoch) }
  }

  static func tell(_ waiters: [(ShardState.Waiter, Epoch)]) {
    for (waiter, epoch) in waiters { waiter.continuation.resume(returning: .acknowledged(epoch)) }
  }

  static func tell(_ waiters: [ShardState.Waiter], _ outcome: IngestOutcome) {
    for waiter in waiters { waiter.continuation.resume(returning: outcome) }
  }

  /// Ends the waiting of those who waited too long, or of all.
  func endWaiting(olderThan limit: Duration) {
    let now = SteadyClock.now
    let late = self.state.withLock { state -> [ShardState.Waiter] in
      var late: [ShardState.Waiter] = []
      for shard in state.shards.keys {
        late += state.shards[shard]?.waiters.filter { now - $0.since >= limit } ?? []
        state.shards[shard]?.waiters.removeAll { now - $0.since >= limit }
      }
      return late
    }
    Self.tell(late, .unknown)
  }

  // MARK: Bells

  /// The stream that rings when there may be something to send to this server.
  func bell(for peer: ServerID) -> AsyncStream<Void> {
    let (stream, bell) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    self.state.withLock { $0.bells[peer] = bell }
    bell.yield()
    return stream
  }

  func ring(_ shard: ShardID) {
    self.state.withLock { state in
      for peer in state.shards[shard]?.tenure?.receivers ?? [] { state.bells[peer]?.yield() }
    }
  }

  func ringAll() {
    self.state.withLock { state in
      for bell in state.bells.values { bell.yield() }
    }
  }

  /// Ends all streams.
  func close() {
    self.peersFound.finish()
    self.state.withLock { state in
      for bell in state.bells.values { bell.finish() }
    }
    self.endWaiting(olderThan: .zero)
  }
}
