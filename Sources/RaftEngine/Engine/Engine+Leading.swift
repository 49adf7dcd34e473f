extension Engine {
  /// A quorum chose this node (§3.4).
  ///
  /// Its first entry is blank: once that is committed, so is everything before it (§3.6.2).
  mutating func beginLeading(contact: Instant) {
    self.vote = self.vote.committed
    _ = self.saveVote()
    self.promise = nil
    self.preVote = nil
    self.isBehind = false
    let first = LogID(leader: self.vote.leader, index: self.log.last.nextIndex)
    var lead = Leadership(
      first: first, contact: contact,
      heartbeatDue: self.now.advanced(byNanoseconds: self.configuration.heartbeatInterval))
    self.role = .transitioning
    self.trackNewPeers(&lead, next: first.index)
    self.append(
      kind: .blank, count: 1, byteCount: 0, timestamp: self.lastTimestamp, membership: nil, &lead)
    self.giveBack(consume lead)
  }

  /// Gives up whatever role this node has beyond following, for this vote if there is one; whoever
  /// waits hears of it.
  mutating func stepDown(for vote: Vote?) {
    switch self.role {
    case .leading:
      guard let lead = self.takeLead() else { return }
      self.role = .following(Following())
      self.noticeDue = nil
      for read in lead.reads {
        self.respond(read.ticket, .readRefused(.notLeader))
      }
      for deferred in lead.deferredChanges {
        self.respond(deferred.ticket, .membershipRefused(.notLeader))
      }
      if let ticket = lead.changeTicket {
        self.respond(ticket, .membershipRefused(.outcomeUnknown))
      }
      if let transfer = lead.transfer { self.tellTransferEnd(transfer, for: vote) }
      self.commands.append(.abandonWrites(after: self.committed))
    case .campaigning:
      self.role = .following(Following())
    case .following, .transitioning:
      break
    }
  }

  mutating func proposed(count: Int, byteCount: Int, timestamp: Timestamp) {
    self.propose(.command, count: count, byteCount: byteCount, timestamp: timestamp)
  }

  /// Adds entries of writers that wait, if this node leads with a quorum behind it.
  mutating func propose(_ kind: EntryKind, count: Int, byteCount: Int, timestamp: Timestamp) {
    guard self.isLeader else {
      self.commands.append(.refuseProposed(.notLeader))
      return
    }
    self.withLead { engine, lead in
      if let target = lead.transfer?.target {
        engine.commands.append(.refuseProposed(.transferring(to: target)))
      } else if !engine.hasContact(since: lead.contact) {
        engine.commands.append(.refuseProposed(.noQuorum))
      } else {
        engine.append(
          kind: kind, count: count, byteCount: byteCount, timestamp: timestamp, membership: nil,
          &lead)
      }
    }
  }

  /// Adds entries to the own log.
  ///
  /// Disk and network run in parallel: nothing waits for the flush but this node's own count.
  mutating func append(
    kind: EntryKind, count: Int, byteCount: Int, timestamp: Timestamp, membership: Membership?,
    _ lead: inout Leadership
  ) {
    self.lastTimestamp = max(self.lastTimestamp, timestamp)
    let run = EntryRun(
      leader: self.vote.leader, first: self.log.last.nextIndex, count: count,
      byteCount: byteCount, kind: kind, timestamp: self.lastTimestamp, membership: membership)
    self.log.append(run.leader, from: run.first, through: run.last)
    if let membership {
      self.membership.append(LoggedMembership(logID: run.lastLogID, membership: membership))
      // Before anything is sent: who comes back gets nothing more as what it was.
      self.trackNewPeers(&lead, next: run.first)
    }
    let io = self.submit()
    self.commands.append(.appendProposed(run, io))
    let fits = byteCount <= self.configuration.appendBytesMax
    self.replicate(
      &lead,
      parcel: fits
        ? Parcel(
          first: run.first, last: run.last,
          byteCount: byteCount + count * self.configuration.entryOverhead) : nil)
  }

  /// Whether a quorum that followed this leader at that moment did so within one election timeout.
  @inline(__always)
  func hasContact(since contact: Instant) -> Bool {
    self.now < contact.advanced(byNanoseconds: self.configuration.electionTimeoutMax)
      || self.isAlone
  }

  /// Whether this node is the only voter.
  @inline(__always)
  var isAlone: Bool {
    guard let membership = self.membership.effective.membership else { return false }
    return membership.voters.count == 1 && membership.voters[0] == self.id
  }

  /// Whether this node leads with a quorum behind it.
  @inline(__always)
  package var hasQuorumContact: Bool {
    !self.leaderships.isEmpty && self.hasContact(since: self.leaderships[0].contact)
  }

  /// Commits what a quorum holds durably, if this leadership wrote it (§3.6.2; Figure 8).
  mutating func commit(_ lead: inout Leadership) {
    guard let membership = self.effective else { return }
    let durable = self.io.durable
    let held = membership.quorumValue { id -> LogIndex? in
      id == self.id ? durable : lead.matched(of: id)
    }
    guard let held, held >= lead.first.index, held >= self.committed.nextIndex else { return }
    self.setCommitted(LogID(leader: self.vote.leader, index: held))
    self.committedHeard = max(self.committedHeard ?? held, held)
    self.announceCommit(&lead)
    self.membershipCommitted(&lead)
    // The members may be fewer now, and perhaps nobody is left to answer (S56).
    self.confirmReads(&lead)
  }

  /// The log is known to be committed through this position.
  mutating func setCommitted(_ logID: LogID) {
    precondition(
      logID.index >= self.committed.nextIndex && self.log.last.isAtLeast(logID),
      "committed \(logID) after \(String(describing: self.committed)) in \(self.log)")
    self.committed = logID
    if !self.membership.isSettled {
      self.changeCommittedMembership { $0.commit(through: logID.index) }
    }
    self.commands.append(.noteCommitted(logID))
    self.applyReady()
  }

  /// Hands committed entries to the machine.
  ///
  /// A follower applies only what it has durably: it could otherwise come back from a crash behind
  /// what it showed.
  mutating func applyReady() {
    guard var target = self.committed else { return }
    if !self.isLeading {
      guard let durable = self.io.durable else { return }
      if durable < target.index {
        guard let logID = self.log.logID(at: durable) else { return }
        target = logID
      }
    }
    guard target.index >= self.applying.nextIndex else { return }
    self.applying = target
    self.commands.append(.apply(through: target))
  }

  @inline(__always)
  private var isLeading: Bool {
    switch self.role {
    case .leading, .transitioning: true
    case .following, .campaigning: false
    }
  }
}
