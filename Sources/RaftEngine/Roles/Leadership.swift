/// What only a leader has.
package struct Leadership: Hashable, Sendable {
  /// A question for a linearizable read that no quorum has confirmed yet.
  struct PendingRead: Hashable {
    let ticket: Ticket
    /// The last message that had left when the question came; only an answer to a later one
    /// proves that this node led after that moment.
    let after: UInt64
    /// From where on the caller may read.
    let logID: LogID
    let wish: ReadWish
    let deadline: Instant
  }

  /// A membership change that waits for the leader's first entry to be committed, or for a change
  /// of the leader's own to end.
  struct DeferredChange: Hashable {
    let change: MembershipChange
    let retainingRemoved: Bool
    /// The entry that must be in force; `nil` if any may be.
    let expected: LogID?
    let timestamp: Timestamp
    let ticket: Ticket
  }

  /// The leader's first entry, a blank one; nothing is known to be committed before it is.
  let first: LogID
  /// Every other member, sorted by id.
  package internal(set) var progress: [Progress]
  /// The newest moment at which a quorum is known to have followed this leader.
  package internal(set) var contact: Instant
  /// When the next heartbeats are due.
  var heartbeatDue: Instant
  /// Whether the writers were told already that their outcome is unknown.
  var hasAbandonedWrites = false
  /// Peers that need a snapshot while enough others are being sent, in the order of their need.
  var snapshotQueue: [NodeID] = []
  var reads: [PendingRead] = []
  /// The last message that had left when the round of heartbeats began that waiting reads share.
  var readRound: UInt64?
  var deferredChanges: [DeferredChange] = []
  /// Who waits for the membership change that is under way.
  var changeTicket: Ticket?
  /// The transfer of this leadership that is under way, if any.
  package internal(set) var transfer: Transfer?
  /// Whether somebody was asked to take over under this vote: its lease no longer excludes anybody.
  package internal(set) var isLeaseEnded = false
  /// When a leader that is no member any more steps down at the latest.
  var leavesBy: Instant?
  /// The membership without a vote for this leader, because of which it has tried to hand over.
  var handedOverAt: LogID?
  /// Who was asked to take over since this node's storage became unfit to lead.
  var declined: [NodeID] = []
  /// When those are asked again; `nil` before all were.
  var asksAgainAt: Instant?
  /// Whether the change under way is one that nobody asked for: a binding or a promotion.
  var isMaintaining = false
  /// Whether a member stated a life since members were last named.
  var isBindingDue = true

  /// Whether a change waits, or one is being made.
  package var isChanging: Bool {
    self.isMaintaining || self.changeTicket != nil || !self.deferredChanges.isEmpty
  }

  init(first: LogID, contact: Instant, heartbeatDue: Instant) {
    self.first = first
    self.progress = []
    self.contact = contact
    self.heartbeatDue = heartbeatDue
  }

  /// Whether anybody gets entries only when they are durable on a replica.
  @inline(__always)
  var hasWitnesses: Bool {
    for place in self.progress.indices where self.progress[place].role == .witness { return true }
    return false
  }

  /// The next moment at which time alone changes something.
  @inline(__always)
  var deadline: Instant {
    var deadline = min(self.heartbeatDue, self.transfer?.deadline ?? self.heartbeatDue)
    for place in self.reads.indices { deadline = min(deadline, self.reads[place].deadline) }
    return deadline
  }

  /// What is known of this peer.
  package func progress(of id: NodeID) -> Progress? {
    self.place(of: id).map { self.progress[$0] }
  }

  /// The place of a peer.
  ///
  /// A loop and no closure: it would get a copy of each value to look at.
  @inline(__always)
  func place(of id: NodeID) -> Int? {
    for place in self.progress.indices where self.progress[place].id == id { return place }
    return nil
  }

  /// The last index through which this peer's log is known to agree; `nil` for nothing yet.
  @inline(__always)
  func matched(of id: NodeID) -> LogIndex? {
    guard let place = self.place(of: id) else { return nil }
    return self.progress[place].matched
  }

  /// When the newest message left that this peer has answered; `nil` before any was.
  @inline(__always)
  func acknowledgedAt(of id: NodeID) -> Instant? {
    guard let place = self.place(of: id) else { return nil }
    return self.progress[place].acknowledgedAt
  }

  /// The place of a peer whose session is this one.
  @inline(__always)
  func place(of sent: Sent) -> Int? {
    guard let place = self.place(of: sent.peer), self.progress[place].session == sent.session
    else { return nil }
    return place
  }
}
