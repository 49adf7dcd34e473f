extension Engine {
  // MARK: Building

  /// Whether enough entries or bytes were applied, or enough time went by, since the last snapshot
  /// and the last attempt to build one.
  @inline(__always)
  func snapshotIsDue() -> Bool {
    guard let applied = self.applied else { return false }
    if let after = self.configuration.snapshotAfter {
      let last = max(self.snapshot?.index.next ?? 0, self.snapshotTried?.next ?? 0)
      if last.distance(to: applied.index.next) >= after { return true }
    }
    if let bytes = self.configuration.snapshotAfterBytes, self.bytesApplied >= bytes { return true }
    return self.snapshotDeadline <= self.now
  }

  /// When time alone makes a snapshot due.
  @inline(__always)
  var snapshotDeadline: Instant {
    guard let interval = self.configuration.snapshotInterval, !self.isBuildingSnapshot,
      let applied = self.applied, applied.isNewer(than: self.snapshot)
    else { return .distantFuture }
    return self.snapshotTriedAt.advanced(byNanoseconds: interval)
  }

  mutating func considerSnapshot() {
    if self.snapshotIsDue() { self.buildSnapshot() }
  }

  /// A request that comes while a snapshot is being built is about what was applied since: it is
  /// met when that one is done (openraft#1828).
  mutating func snapshotRequested() {
    if self.isBuildingSnapshot {
      self.isSnapshotWanted = true
    } else {
      self.buildSnapshot()
    }
  }

  /// An attempt to build a snapshot is over: what was asked for meanwhile is due now.
  private mutating func snapshotAttempted() {
    self.isBuildingSnapshot = false
    if self.isSnapshotWanted {
      self.isSnapshotWanted = false
      self.buildSnapshot()
    }
    if !self.isBuildingSnapshot { self.considerSnapshot() }
  }

  mutating func snapshotBuildFailed() {
    self.snapshotAttempted()
  }

  private mutating func buildSnapshot() {
    guard !self.isBuildingSnapshot, let applied = self.applied, applied.isNewer(than: self.snapshot)
    else { return }
    self.isBuildingSnapshot = true
    self.snapshotTried = applied.index
    self.snapshotTriedAt = self.now
    self.bytesApplied = 0
    self.commands.append(.buildSnapshot)
  }

  mutating func snapshotBuilt(_ meta: SnapshotMeta) {
    // A peer's snapshot may have overtaken this one; the next is due all the same (openraft#1829).
    if meta.lastLogID.isNewer(than: self.snapshot) {
      self.snapshot = meta.lastLogID
      self.purge()
    }
    self.snapshotAttempted()
  }

  /// Removes entries that a snapshot covers, but for some that slow peers may still want.
  ///
  /// A leader waits, within a limit, for peers that answer and still need older ones: else each
  /// of them would get a snapshot, and after it another one.
  mutating func purge() {
    self.isPurgeHeld = false
    guard let snapshot = self.snapshot else { return }
    let kept = UInt64(max(0, self.configuration.entriesKept))
    guard snapshot.index.rawValue >= kept else { return }
    var through = LogIndex(snapshot.index.rawValue - kept)
    if let needed = self.firstNeeded, needed <= through {
      self.isPurgeHeld = true
      let extra = UInt64(max(0, self.configuration.entriesKeptForPeers))
      let limit = through.rawValue >= extra ? LogIndex(through.rawValue - extra) : nil
      guard let last = [needed.previous, limit].compactMap(\.self).max() else { return }
      through = last
    }
    guard through >= self.log.first,
      self.log.first.distance(to: through.next) >= self.configuration.purgeBatch,
      let logID = self.log.logID(at: through)
    else { return }
    self.log.purge(through: logID)
    self.commands.append(.purge(through: logID))
  }

  // MARK: Receiving

  mutating func snapshotOffered(
    _ meta: SnapshotMeta, under leader: Vote, from sender: Sender, _ ticket: Ticket
  ) {
    guard Self.isWellFormed(meta, under: leader), leader.leader.node == sender.node,
      sender.node != self.id
    else {
      self.respond(ticket, .refused(.malformed))
      return
    }
    guard self.follow(leader, sender), case .following(var following) = self.role else {
      self.respond(ticket, .snapshot(self.vote))
      return
    }
    guard (meta.form == .withheld) == (self.configuration.role == .witness) else {
      self.stopForRole(ticket)
      return
    }
    guard self.agrees(meta) else {
      self.diverged(at: meta.lastLogID, ticket)
      return
    }
    guard meta.lastLogID.index >= self.committed.nextIndex else {
      // All of it is committed here already; the leader goes on behind it.
      self.respondWhenFlushed(ticket, .snapshot(self.vote))
      return
    }
    guard following.receiving == nil, following.installing == nil else {
      self.respond(ticket, .refused(.busy))
      return
    }
    following.receiving = ticket
    self.role = .following(following)
    self.commands.append(.receiveSnapshot(meta, ticket))
  }

  /// Whether the snapshot's end and what is committed here can stand in one log.
  private func agrees(_ meta: SnapshotMeta) -> Bool {
    guard let committed = self.committed, committed.index < meta.lastLogID.index else {
      return self.compare(meta.lastLogID) != .contradiction
    }
    return committed.leader <= meta.lastLogID.leader
  }

  mutating func snapshotReceptionFailed(_ ticket: Ticket) {
    guard case .following(var following) = self.role, following.receiving == ticket else { return }
    following.receiving = nil
    self.role = .following(following)
  }

  /// The snapshot is durable here.
  ///
  /// It holds committed entries only, so it may be installed under whatever vote this node has by
  /// now, unless the node has got further meanwhile.
  mutating func snapshotReceived(_ meta: SnapshotMeta, _ ticket: Ticket) {
    guard self.agrees(meta) else {
      self.snapshotReceptionFailed(ticket)
      self.diverged(at: meta.lastLogID, ticket)
      return
    }
    guard case .following(var following) = self.role, following.receiving == ticket,
      meta.lastLogID.index >= self.committed.nextIndex
    else {
      // The leader takes the answer for a durable copy.
      self.snapshotReceptionFailed(ticket)
      self.respondWhenFlushed(ticket, .snapshot(self.vote))
      return
    }
    following.receiving = nil
    following.installing = ticket
    self.role = .following(following)
    let keepsLog = self.log.contains(meta.lastLogID)
    if !keepsLog {
      // The log ends before the snapshot, or what stands there is not what was committed.
      self.commands.append(.truncate(after: self.log.purged))
      self.log.truncate(after: self.log.purged?.index)
      self.io.cut(after: self.log.purged?.index)
    }
    self.io.covered(through: meta.lastLogID.index)
    self.log.purge(through: meta.lastLogID)
    self.changeCommittedMembership { $0.install(meta.membership, keepingLog: keepsLog) }
    self.committed = meta.lastLogID
    self.lastTimestamp = max(self.lastTimestamp, meta.timestamp)
    self.applying = meta.lastLogID
    self.snapshot = meta.lastLogID
    self.commands.append(.purge(through: meta.lastLogID))
    self.commands.append(.noteCommitted(meta.lastLogID))
    self.commands.append(.installSnapshot(meta))
  }

  mutating func snapshotInstalled(through logID: LogID) {
    self.applied = logID
    self.bytesApplied = 0
    guard case .following(var following) = self.role, let ticket = following.installing else {
      return
    }
    following.installing = nil
    self.role = .following(following)
    self.respondWhenFlushed(ticket, .snapshot(self.vote))
  }

  // MARK: Sending

  mutating func snapshotAnswered(
    _ vote: Vote, through logID: LogID, _ sent: Sent, by life: Incarnation?
  ) {
    guard let place = self.place(of: sent) else { return }
    guard vote == self.vote else {
      self.peerFailed(.remote, sent)
      self.refused(behind: vote)
      return
    }
    guard !self.leaderships[0].progress[place].hasLostData, var lead = self.takeLead() else {
      return
    }
    guard self.admits(life, at: place, &lead) else {
      self.giveBack(consume lead)
      self.peerFailed(.refused, sent)
      return
    }
    lead.progress[place].acknowledged(sent)
    lead.progress[place].matched(
      through: logID.index, message: sent.message, messages: self.messages)
    // Also an earlier snapshot's success is enough if the log goes on behind it (S64).
    if case .snapshotting(let message) = lead.progress[place].state,
      message == sent.message || lead.progress[place].next >= self.log.first
    {
      lead.progress[place].state = .probing
      lead.progress[place].delivered()
    }
    self.renewContact(&lead)
    self.commit(&lead)
    self.replicate(&lead)
    self.askToTakeOver(&lead)
    self.giveBack(consume lead)
    self.leaveIfNotVoter()
  }
}

extension Engine {
  /// The first index that a peer which answers still needs; `nil` if none is, or none is known.
  ///
  /// Who is to get a snapshot needs what follows it, else it would need another one at once.
  private var firstNeeded: LogIndex? {
    self.lead?.progress.compactMap { progress -> LogIndex? in
      guard !progress.hasLostData, progress.farewell == nil, let heard = progress.acknowledgedAt,
        self.now < heard.advanced(byNanoseconds: self.configuration.electionTimeoutMax)
      else { return nil }
      if case .snapshotting = progress.state { return progress.afterSnapshot }
      let first = progress.matched == nil ? progress.next : progress.matched.nextIndex
      return first >= self.log.first ? first : nil
    }.min()
  }

  /// Begins to send snapshots to those who need one, in the order of their need, while fewer are
  /// under way than may be.
  mutating func sendSnapshots(_ lead: inout Leadership) {
    guard !lead.snapshotQueue.isEmpty, self.hasContact(since: lead.contact) else { return }
    var underWay = lead.progress.count { $0.isGettingSnapshot }
    var waiting: [NodeID] = []
    for id in lead.snapshotQueue {
      // Who pauses takes its place at the end when it comes back.
      guard let place = lead.progress.firstIndex(where: { $0.id == id }),
        lead.progress[place].next < self.log.first, self.canSend(to: place, &lead)
      else { continue }
      guard underWay < self.configuration.snapshotsSentMax else {
        waiting.append(id)
        continue
      }
      underWay += 1
      let message = self.nextMessage()
      lead.progress[place].beginSnapshot(message: message, after: self.snapshot.nextIndex)
      self.commands.append(
        .sendSnapshot(
          to: id, self.vote, session: lead.progress[place].session, message: message))
    }
    lead.snapshotQueue = waiting
  }
}

extension LogID {
  /// Whether this position lies behind the other.
  package func isNewer(than other: LogID?) -> Bool {
    LogID?.some(self).isAfter(other)
  }
}
