import RaftConcurrency
import SensorFleetModel

/// Records on their way from a primary to the other replicas.
extension FleetHost {
  /// How many bytes of records one message has, about.
  private static let messageBytes = 2 << 20
  /// How many of them at most are of one shard that is being filled.
  private static let fillingBytes = 512 << 10

  /// What a server lacks of the shards that this one leads; `nil` if it lacks nothing.
  func message(for peer: ServerID) async -> ReplicationMessage? {
    await withCheckedContinuation { continuation in
      self.store.submit { store throws(StoreError) in
        continuation.resume(returning: try self.compose(for: peer, store))
        return nil
      }
    }
  }

  private func compose(
    for peer: ServerID, _ store: ShardStore
  ) throws(StoreError) -> ReplicationMessage? {
    let (fleet, wanted) = self.state.withLock { state in
      let wanted = state.shards.compactMap { id, shard -> (ShardID, Epoch, UInt64, Bool)? in
        guard let tenure = shard.tenure, tenure.receivers.contains(peer),
          tenure.confirmed(by: peer) < shard.last
        else { return nil }
        let next = min(shard.next[peer] ?? (tenure.beginning - 1), shard.last)
        return (id, tenure.epoch, next, tenure.assignment.isFilling(peer))
      }
      return (state.configuration.name, wanted)
    }
    var budget = Self.messageBytes
    var parts: [ReplicationMessage.Part] = []
    // Who counts goes before who is being filled.
    for (shard, epoch, next, isFilling) in wanted.sorted(by: { !$0.3 && $1.3 }) {
      let log = try store.log(of: shard)
      guard budget > 0, let previous = log.shape.point(at: next) else { continue }
      let records = try log.records(
        after: next, bytes: min(budget, isFilling ? Self.fillingBytes : budget))
      budget -= records.reduce(64) { $0 + $1.fileBytes }
      parts.append(.init(shard: shard, epoch: epoch, previous: previous, records: records))
    }
    return parts.isEmpty ? nil : ReplicationMessage(fleet: fleet, parts: parts)
  }

  /// Takes in what a server did with a message; whether something came of it.
  func take(
    _ answer: ReplicationAnswer, to message: ReplicationMessage, from peer: ServerID
  ) -> Bool {
    guard answer.parts.count == message.parts.count else { return false }
    var isProgress = false
    let done = self.state.withLock { state in
      var done: [(ShardState.Waiter, Epoch)] = []
      for (part, result) in zip(message.parts, answer.parts) {
        guard state.shards[part.shard]?.tenure != nil else { continue }
        switch result {
        case .stored(let through):
          let before = state.shards[part.shard]?.tenure?.confirmed(by: peer) ?? 0
          state.shards[part.shard]?.tenure?.confirm(
            by: peer, through: through, askedIn: part.epoch)
          if state.shards[part.shard]?.tenure?.confirmed(by: peer) ?? 0 > before {
            state.shards[part.shard]?.behindSince[peer] = nil
            isProgress = true
          }
          state.shards[part.shard]?.next[peer] = through
          done += self.takeAcknowledged(part.shard, &state)
        case .mismatch(let agreesThrough):
          let below = part.previous.sequence > 0 ? part.previous.sequence - 1 : 0
          state.shards[part.shard]?.next[peer] = min(agreesThrough, below)
          isProgress = true
        case .refused:
          // The log will say who the primary is; until then nothing is acknowledged without it.
          continue
        }
      }
      return done
    }
    Self.tell(done)
    return isProgress
  }

  /// Stores what a primary sent; answers when all of it is durable.
  func receive(_ message: ReplicationMessage) async -> ReplicationAnswer {
    await withCheckedContinuation { continuation in
      self.store.submit { store throws(StoreError) in
        var parts: [ReplicationAnswer.Part] = []
        for part in message.parts { parts.append(try self.receive(part, store)) }
        let answer = ReplicationAnswer(parts)
        return { continuation.resume(returning: answer) }
      }
    }
  }

  private func receive(
    _ part: ReplicationMessage.Part, _ store: ShardStore
  ) throws(StoreError) -> ReplicationAnswer.Part {
    let log = try store.log(of: part.shard)
    let known = self.state.withLock { $0.shards[part.shard]?.known ?? .zero }
    let judgement = AppendJudgement(
      epoch: part.epoch, known: known, previous: part.previous,
      records: part.records.map(\.point), in: log.shape)
    switch judgement {
    case .refuse(let known): return .refused(known: known)
    case .mismatch(let through): return .mismatch(agreesThrough: through)
    case .store(let keep, let present):
      try store.truncate(part.shard, after: keep)
      try store.append(Array(part.records.dropFirst(present)), to: part.shard)
    }
    let lost = self.state.withLock { state -> [ShardState.Waiter] in
      var shard = state.shards[part.shard] ?? ShardState()
      shard.known = max(shard.known, part.epoch)
      shard.last = log.shape.last.sequence
      // Who is sent the records of a later primary is none any more.
      var lost: [ShardState.Waiter] = []
      if let tenure = shard.tenure, tenure.epoch < part.epoch { lost = shard.endTenure() }
      state.shards[part.shard] = shard
      return lost
    }
    Self.tell(lost, .unknown)
    return .stored(through: part.previous.sequence + UInt64(part.records.count))
  }

  /// What this server wants the log to say: replicas that are filled, and others that do not keep
  /// up.
  func wishes() -> [FleetCommand] {
    let now = SteadyClock.now
    return self.state.withLock { state in
      var wishes: [FleetCommand] = []
      for id in state.shards.keys.sorted() {
        guard var shard = state.shards[id], var tenure = shard.tenure else { continue }
        for peer in tenure.receivers {
          if tenure.assignment.isFilling(peer), tenure.admit(peer) {
            wishes.append(.filled(id, tenure.epoch, by: self.id, peer))
          }
          let isLate = tenure.confirmed(by: peer) < shard.last
          let counts = !tenure.assignment.isFilling(peer) || tenure.isAdmitted(peer)
          guard isLate, counts else {
            shard.behindSince[peer] = nil
            continue
          }
          let since = shard.behindSince[peer] ?? now
          shard.behindSince[peer] = since
          if now - since > Self.patience {
            wishes.append(.shrink(id, tenure.epoch, by: self.id, without: peer))
          }
        }
        shard.tenure = tenure
        state.shards[id] = shard
      }
      return wishes
    }
  }
}
