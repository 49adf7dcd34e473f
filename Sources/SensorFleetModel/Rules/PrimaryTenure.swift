/// A server's time as the primary of a shard: which records may be acknowledged.
///
/// It begins with a record that has no readings. When every replica in sync holds that one, they
/// hold all that any primary before acknowledged, in the same order. A record is acknowledged when
/// every replica in sync has it on its disk, so each of them can be the next primary.
package struct PrimaryTenure: Equatable, Sendable {
  private struct Progress: Equatable {
    /// The epoch since which it is a member: what it confirmed before does not count.
    let since: Epoch
    var confirmed: UInt64 = 0
  }

  /// The primary.
  package let server: ServerID
  /// The epoch in which the tenure began.
  package let tenure: Epoch
  /// The number of its first record.
  package let beginning: UInt64
  /// When the predecessor's ownership has certainly ended.
  package let opensAt: Duration
  /// The assignment in force.
  package private(set) var assignment: ShardAssignment
  /// All records through this one are held by everybody who counts.
  package private(set) var acknowledged: UInt64 = 0
  private var stored: UInt64 = 0
  private var others: [ServerID: Progress] = [:]
  private var admitted: Set<ServerID> = []

  /// A tenure that begins with the record of this number.
  package init(
    of server: ServerID, _ assignment: ShardAssignment, beginning: UInt64, opensAt: Duration
  ) {
    precondition(assignment.primary == server, "\(server) is not the primary of \(assignment)")
    self.server = server
    self.tenure = assignment.tenure
    self.beginning = beginning
    self.opensAt = opensAt
    self.assignment = assignment
    self.assign(assignment)
  }

  /// The epoch in force.
  package var epoch: Epoch { self.assignment.epoch }

  /// Everybody to whom records are sent.
  package var receivers: [ServerID] { self.assignment.members.filter { $0 != self.server } }

  /// Whether records may be acknowledged and readings shown.
  package func isOpen(at now: Duration) -> Bool {
    self.acknowledged >= self.beginning && now >= self.opensAt
  }

  /// The shard has a new epoch, in the same tenure.
  package mutating func assign(_ assignment: ShardAssignment) {
    precondition(
      assignment.tenure == self.tenure && assignment.primary == self.server,
      "\(assignment) is not of the tenure that began in epoch \(self.tenure)")
    self.assignment = assignment
    var others: [ServerID: Progress] = [:]
    for server in assignment.inSync where server != self.server {
      others[server] = self.others[server] ?? Progress(since: self.tenure)
    }
    var admitted: Set<ServerID> = []
    for replica in assignment.filling {
      guard let known = self.others[replica.server], known.since == replica.since else {
        others[replica.server] = Progress(since: replica.since)
        continue
      }
      others[replica.server] = known
      if self.admitted.contains(replica.server) { admitted.insert(replica.server) }
    }
    self.others = others
    self.admitted = admitted
    self.advance()
  }

  /// The primary's own disk holds all records through this one.
  package mutating func store(through sequence: UInt64) {
    self.stored = max(self.stored, sequence)
    self.advance()
  }

  /// A replica's disk holds the primary's records through this one.
  ///
  /// - Parameter epoch: The epoch in which it was asked.
  package mutating func confirm(
    by server: ServerID, through sequence: UInt64, askedIn epoch: Epoch
  ) {
    guard var progress = self.others[server], epoch >= progress.since else { return }
    progress.confirmed = max(progress.confirmed, sequence)
    self.others[server] = progress
    self.advance()
  }

  /// Through which record a replica is known to agree.
  package func confirmed(by server: ServerID) -> UInt64 { self.others[server]?.confirmed ?? 0 }

  /// How many records a replica may lack that begins to count.
  package static let admissionLag: UInt64 = 64

  /// Lets a replica count that is being filled and lacks little, from now on; `true` once it lacks
  /// nothing that was acknowledged.
  ///
  /// Only then may the log be asked to take it into the replicas in sync: whoever hears of that
  /// first relies on it.
  package mutating func admit(_ server: ServerID) -> Bool {
    guard self.assignment.isFilling(server), self.acknowledged >= self.beginning,
      self.confirmed(by: server) + Self.admissionLag >= self.acknowledged
    else { return false }
    self.admitted.insert(server)
    return self.confirmed(by: server) >= self.acknowledged
  }

  /// Whether the replica counts although it is not in sync by the log.
  package func isAdmitted(_ server: ServerID) -> Bool { self.admitted.contains(server) }

  private mutating func advance() {
    var through = self.stored
    for server in self.assignment.inSync where server != self.server {
      through = min(through, self.confirmed(by: server))
    }
    for server in self.admitted { through = min(through, self.confirmed(by: server)) }
    self.acknowledged = max(self.acknowledged, through)
  }
}
