extension Engine {
  // MARK: Building

  func snapshotIsDue() -> Bool {
    guard let after = self.configuration.snapshotAfter, let applied = self.applied else {
      return false
    }
    let last = max(self.snapshot?.index.next ?? 0, self.snapshotTried?.next ?? 0)
    return last.distance(to: applied.index.next) >= after
  }

  mutating func considerSnapshot() {
    if self.snapshotIsDue() { self.buildSnapshot() }
  }

  mutating func buildSnapshot() {
    guard !self.isBuildingSnapshot, let applied = self.applied, applied.isNewer(than: self.snapshot)
    else { return }
    self.isBuildingSnapshot = true
    self.snapshotTried = applied.index
    self.commands.append(.buildSnapshot)
  }

  mutating func snapshotBuilt(_ meta: SnapshotMeta) {
    self.isBuildingSnapshot = false
    guard meta.lastLogID.isNewer(than: self.snapshot) else { return }
    self.snapshot = meta.lastLogID
    self.purge()
    self.considerSnapshot()
  }

  /// Removes entries that a snapshot covers, but for some that slow peers may still want.
  private mutating func purge() {
    guard let snapshot = self.snapshot else { return }
    let kept = UInt64(max(0, self.configuration.entriesKept))
    guard snapshot.index.rawValue >= kept else { return }
    let through = LogIndex(snapshot.index.rawValue - kept)
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
    guard case .leading(var lead) = self.role, let place = lead.place(of: sent) else { return }
    guard vote == self.vote else {
      self.peerFailed(sent)
      self.refused(behind: vote)
      return
    }
    self.role = .transitioning
    guard self.admits(life, at: place, &lead) else {
      self.role = .leading(lead)
      self.peerFailed(sent)
      return
    }
    lead.progress[place].acknowledged(sent)
    lead.progress[place].matched(through: logID.index, message: sent.message)
    // Also an earlier snapshot's success is enough if the log goes on behind it (S64).
    if case .snapshotting(let message) = lead.progress[place].state,
      message == sent.message || lead.progress[place].next >= self.log.first
    {
      lead.progress[place].state = .probing
    }
    self.renewContact(&lead)
    self.commit(&lead)
    self.replicate(&lead)
    self.askToTakeOver(&lead)
    self.role = .leading(lead)
    self.leaveIfNotVoter()
  }
}

extension LogID {
  /// Whether this position lies behind the other.
  package func isNewer(than other: LogID?) -> Bool {
    LogID?.some(self).isAfter(other)
  }
}
