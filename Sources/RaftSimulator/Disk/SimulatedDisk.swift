import RaftEngine

/// A log store whose writes become durable in order and late, and a snapshot store beside it.
struct SimulatedDisk {
  enum Write {
    case vote(Vote)
    case cluster(ClusterID)
    case append(ArraySlice<SimulatedEntry>)
    case truncate(after: LogID?)
    case purge(through: LogID, chain: UInt64?)
    case committed(LogID)
  }

  struct Content {
    var vote: Vote?
    var cluster: ClusterID?
    var committed: LogID?
    var log = SimulatedLog()

    mutating func carryOut(_ write: Write) {
      switch write {
      case .vote(let vote): self.vote = vote
      case .cluster(let cluster): self.cluster = cluster
      case .append(let entries): self.log.append(entries)
      case .truncate(let last): self.log.truncate(after: last)
      case .purge(let logID, let chain): self.log.purge(through: logID, chain: chain)
      case .committed(let logID): self.committed = logID
      }
    }
  }

  /// What a loss of power took.
  struct Loss {
    var writes = 0
    var entries = 0
    var isTorn = false
  }

  /// What the node reads: everything that it wrote.
  private(set) var readable = Content()
  /// What survives a loss of power.
  private(set) var durable = Content()
  /// The newest snapshot; snapshots are stored whole or not at all.
  var snapshot: SimulatedSnapshot?
  private var pending: [(write: Write, io: IOID?)] = []
  private var head = 0

  var pendingCount: Int { self.pending.count - self.head }

  mutating func write(_ write: Write, _ io: IOID? = nil) {
    self.readable.carryOut(write)
    self.pending.append((write, io))
  }

  /// Makes the oldest writes durable; returns the last of them that reports it.
  mutating func flush(_ count: Int) -> IOID? {
    var reported: IOID?
    for place in self.head..<(self.head + count) {
      self.durable.carryOut(self.pending[place].write)
      reported = self.pending[place].io ?? reported
    }
    self.head += count
    if self.head == self.pending.count {
      self.pending.removeAll(keepingCapacity: true)
      self.head = 0
    } else if self.head > 64, self.head * 2 > self.pending.count {
      self.pending.removeSubrange(..<self.head)
      self.head = 0
    }
    return reported
  }

  /// Loses all writes but some of the oldest, which had reached the disk without a report.
  ///
  /// Of the first lost one, if it holds entries, some may be left.
  mutating func losePower(keeping count: Int, andEntries torn: Int) -> Loss {
    _ = self.flush(count)
    var loss = Loss(writes: self.pendingCount)
    for (place, item) in self.pending[self.head...].enumerated() {
      guard case .append(let entries) = item.write else { continue }
      let rest = place == 0 ? min(torn, entries.count - 1) : 0
      if rest > 0 {
        self.durable.log.append(entries.prefix(rest))
        loss.isTorn = true
      }
      loss.entries += entries.count - rest
    }
    self.pending.removeAll(keepingCapacity: true)
    self.head = 0
    // A snapshot that the log does not reach, or contradicts, stands in for the log.
    if let snapshot = self.snapshot, !self.durable.log.holds(snapshot.meta.lastLogID) {
      self.durable.log.truncate(after: self.durable.log.purged)
      self.durable.log.purge(through: snapshot.meta.lastLogID, chain: snapshot.chain)
    }
    self.readable = self.durable
    return loss
  }

  /// Whether this entry, or a snapshot with its effect, survives a loss of power.
  func holdsDurably(_ logID: LogID) -> Bool {
    if let snapshot = self.snapshot, snapshot.meta.lastLogID.index >= logID.index { return true }
    return self.durable.log.holds(logID)
  }

  /// What a node that starts on this disk knows.
  func recovered(_ memberships: [Membership]) -> Engine.Recovered {
    let content = self.durable
    let snapshot = self.snapshot?.meta
    var recovered = Engine.Recovered()
    recovered.cluster = content.cluster
    recovered.vote = content.vote
    recovered.log = content.log.shape
    recovered.snapshot = snapshot?.lastLogID
    recovered.applied = snapshot?.lastLogID
    recovered.committed = snapshot?.lastLogID
    if let noted = content.committed, LogID?.some(noted).isAfter(recovered.committed) {
      recovered.committed = noted
    }
    var before = LoggedMembership.none
    var effective = snapshot?.membership ?? .none
    for entry in content.log.entries {
      recovered.lastTimestamp = max(recovered.lastTimestamp, entry.timestamp)
      if entry.membership >= 0, entry.index >= effective.logID.nextIndex {
        before = effective
        effective = LoggedMembership(
          logID: entry.logID, membership: memberships[Int(entry.membership)])
      }
    }
    let isCommitted = recovered.committed.isAtLeast(effective.logID)
    recovered.membership = MembershipState(
      committed: isCommitted ? effective : before, effective: effective)
    return recovered
  }
}
