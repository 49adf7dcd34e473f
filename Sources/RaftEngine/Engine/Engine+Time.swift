extension Engine {
  /// The next moment at which time alone changes something.
  package var deadline: Instant {
    var engine = self
    return engine.deadlineNow()
  }

  /// The same, without a copy; asked in each turn.
  package mutating func deadlineNow() -> Instant {
    let deadline = min(self.snapshotDeadline, self.stallDeadline)
    switch self.role {
    case .leading:
      return min(deadline, self.leaderships[0].deadline, self.noticeDue ?? .distantFuture)
    case .following, .campaigning:
      guard self.canCampaign else { return deadline }
      return min(deadline, max(self.electionDue, self.promise?.until ?? self.now))
    case .transitioning:
      return deadline
    }
  }

  /// A starting node waits as if it had just heard a leader: it may have promised one, before it
  /// stopped, to wait for as long as its memberships allow.
  mutating func startTimers() {
    let wasAlone = self.vote.leader.node == self.id && self.isAlone
    if self.vote != .initial, !wasAlone {
      let holder = self.vote.isCommitted ? self.vote.leader.node : nil
      let agreed = [self.membership.committed, self.membership.effective]
        .compactMap { $0.membership?.terms.largestPromise }.max()
      self.promise = Promise(
        holder: holder == self.id ? nil : holder,
        until: self.now.advanced(byNanoseconds: agreed ?? self.configuration.promise))
    }
    self.startElectionTimer()
  }

  /// Who can win alone need not wait.
  mutating func startElectionTimer() {
    self.electionDue = self.now
    if !self.isAlone || !self.switches.areElectionsOn {
      self.resetElectionTimer()
    }
  }

  /// Draws the next election timeout anew, so that nodes rarely campaign together (§3.4).
  ///
  /// Whoever would rather not lead, or has hardly any space left, lets the others stand first.
  mutating func resetElectionTimer() {
    self.standsUnasked = false
    guard self.switches.areElectionsOn else {
      self.electionDue = .distantFuture
      return
    }
    let range = self.configuration.electionTimeoutMin..<self.configuration.electionTimeoutMax
    var timeout = Int64.random(in: range, using: &self.random)
    if self.isShort { timeout += self.configuration.electionTimeoutMax }
    switch self.configuration.electionPriority {
    case .usual:
      self.electionDue = self.now.advanced(byNanoseconds: timeout)
    case .reluctant:
      self.electionDue = self.now.advanced(
        byNanoseconds: timeout + self.configuration.electionTimeoutMax)
    case .never:
      self.electionDue = .distantFuture
    }
  }

  mutating func elapsed() {
    switch self.role {
    case .leading:
      self.leaderElapsed()
      self.expireTransfer()
      self.handOverIfUnfit()
    case .following, .campaigning:
      self.standIfDue()
    case .transitioning:
      break
    }
    if self.snapshotDeadline <= self.now { self.considerSnapshot() }
  }

  /// Whether a promise forbids to stand behind this node; `nil` stands for this node itself.
  @inline(__always)
  func isPromised(to candidate: NodeID?) -> Bool {
    guard let promise = self.promise, self.now < promise.until else { return false }
    return candidate == nil || promise.holder != candidate
  }

  private mutating func leaderElapsed() {
    guard var lead = self.takeLead() else { return }
    if self.now >= lead.heartbeatDue {
      lead.heartbeatDue = self.now.advanced(byNanoseconds: self.configuration.heartbeatInterval)
      self.isHeartbeatDue = self.switches.areHeartbeatsOn
      self.forgetDismissedPeers(&lead)
      self.maintainMembership(&lead)
      for place in lead.progress.indices {
        self.retryIfLost(place, &lead)
      }
      self.replicate(&lead)
    }
    if let due = self.noticeDue, due <= self.now { self.tellCommit(&lead) }
    self.expireReads(&lead)
    if !lead.hasAbandonedWrites,
      lead.contact.advanced(byNanoseconds: self.configuration.abandonAfter) <= self.now,
      !self.hasContact(since: lead.contact)
    {
      lead.hasAbandonedWrites = true
      self.commands.append(.abandonWrites(after: self.committed))
    }
    self.giveBack(consume lead)
    if self.isPurgeHeld { self.purge() }
  }

  /// An append that was never answered is taken for lost.
  private mutating func retryIfLost(_ place: Int, _ lead: inout Leadership) {
    guard let oldest = lead.progress[place].inflight.first,
      oldest.at.advanced(byNanoseconds: self.configuration.appendLostAfter) <= self.now
    else { return }
    lead.progress[place].noted(.lost, message: oldest.message)
    lead.progress[place].restart()
  }
}
