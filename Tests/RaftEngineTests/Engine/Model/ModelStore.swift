import RaftEngine

/// A log store whose writes become durable in order and late, and a snapshot store beside it.
struct ModelStore {
  enum Write {
    case vote(Vote)
    case cluster(ClusterID)
    case append([ModelEntry])
    case truncate(after: LogID?)
    case purge(through: LogID)
    case committed(LogID)
  }

  struct Content {
    var vote: Vote?
    var cluster: ClusterID?
    var committed: LogID?
    var log = ModelLog()

    mutating func carryOut(_ write: Write) {
      switch write {
      case .vote(let vote): self.vote = vote
      case .cluster(let cluster): self.cluster = cluster
      case .append(let entries): self.log.append(entries)
      case .truncate(let last): self.log.truncate(after: last)
      case .purge(let logID): self.log.purge(through: logID)
      case .committed(let logID): self.committed = logID
      }
    }
  }

  /// What the node reads: everything that it wrote.
  private(set) var readable = Content()
  /// What survives a loss of power.
  private(set) var durable = Content()
  /// The newest snapshot; snapshots are stored whole or not at all.
  var snapshot: ModelSnapshot?
  private var pending: [(write: Write, io: IOID?)] = []

  var pendingCount: Int { self.pending.count }

  mutating func write(_ write: Write, _ io: IOID? = nil) {
    self.readable.carryOut(write)
    self.pending.append((write, io))
  }

  /// Makes the oldest writes durable; returns the last of them that reports it.
  mutating func flush(_ count: Int) -> IOID? {
    var reported: IOID?
    for (write, io) in self.pending.prefix(count) {
      self.durable.carryOut(write)
      reported = io ?? reported
    }
    self.pending.removeFirst(count)
    return reported
  }

  /// Loses all writes but some of the oldest, which had reached the disk without a report.
  mutating func losePower(keeping count: Int) {
    _ = self.flush(count)
    self.pending.removeAll()
    // A snapshot that the log does not reach, or contradicts, stands in for the log.
    if let last = self.snapshot?.meta.lastLogID, !self.durable.log.holds(last) {
      self.durable.log.truncate(after: self.durable.log.purged)
      self.durable.log.purge(through: last)
    }
    self.readable = self.durable
  }

  /// Whether this entry, or a snapshot with its effect, survives a loss of power.
  func holdsDurably(_ logID: LogID) -> Bool {
    self.durable.log.holds(logID)
      || self.snapshot.map { $0.meta.lastLogID.index >= logID.index } ?? false
  }

  /// What a node that starts on this store knows.
  var recovered: Engine.Recovered {
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
    var memberships = [snapshot?.membership ?? .none]
    for entry in content.log.entries {
      recovered.lastTimestamp = max(recovered.lastTimestamp, entry.timestamp)
      if let membership = entry.membership, entry.index >= memberships.last!.logID.nextIndex {
        memberships.append(LoggedMembership(logID: entry.logID, membership: membership))
      }
    }
    let effective = memberships.removeLast()
    let isCommitted = recovered.committed.isAtLeast(effective.logID)
    recovered.membership = MembershipState(
      committed: isCommitted ? effective : memberships.last ?? .none, effective: effective)
    return recovered
  }
}
