extension Engine {
  /// Begins to track members that came (again), each under a session of its own.
  ///
  /// The entry at `next` is the first that they get; there must be one, for its answer is what
  /// tells how far their logs are.
  mutating func trackNewPeers(_ lead: inout Leadership, next: LogIndex) {
    let members = self.effective?.members ?? []
    lead.progress.removeAll { progress in
      guard let member = members.first(where: { $0.id == progress.id }) else { return false }
      return progress.farewell != nil || progress.role != member.role
        || progress.differs(from: member.incarnation)
    }
    for member in members where member.id != self.id {
      if let place = lead.progress.firstIndex(where: { $0.id == member.id }) {
        lead.progress[place].named = member.incarnation
        continue
      }
      self.sessions += 1
      lead.progress.append(
        Progress(
          id: member.id, named: member.incarnation, session: self.sessions, next: next,
          role: member.role))
    }
    lead.progress.sort { $0.id < $1.id }
  }

  /// Bids farewell to those who are no members any more: a removed peer is tracked until it knows,
  /// or one election timeout has passed.
  mutating func dismissRemovedPeers(_ lead: inout Leadership) {
    guard let membership = self.effective, let index = self.membership.effective.logID?.index
    else { return }
    let until = self.now.advanced(byNanoseconds: self.configuration.electionTimeoutMax)
    for place in lead.progress.indices
    where !membership.isMember(lead.progress[place].id) {
      lead.progress[place].removed(at: index, until: until)
    }
    self.forgetDismissedPeers(&lead)
  }

  /// Stops tracking removed peers that know of it or could not be told in time.
  mutating func forgetDismissedPeers(_ lead: inout Leadership) {
    for place in lead.progress.indices.reversed() where lead.progress[place].farewell != nil {
      if lead.progress[place].isForgotten(at: self.now) { lead.progress.remove(at: place) }
    }
  }

  /// Entries that were just proposed, and what they count as in an append.
  struct Parcel {
    let first: LogIndex
    let last: LogIndex
    let byteCount: Int
  }

  /// Sends every peer what it may get now; `parcel` are the newest entries if one append can carry
  /// all of them.
  mutating func replicate(_ lead: inout Leadership, parcel: Parcel? = nil) {
    for place in lead.progress.indices {
      self.send(to: place, &lead, parcel: parcel)
    }
  }

  /// Sends appends to one peer until its window is full or nothing is left.
  ///
  /// Without contact to a quorum a leader sends heartbeats only: who still hears it must be free
  /// to elect another (openraft#2080).
  private mutating func send(to place: Int, _ lead: inout Leadership, parcel: Parcel? = nil) {
    guard self.hasContact(since: lead.contact) else { return }
    while self.canSend(to: place, &lead), let last = self.sendable(to: place, &lead),
      lead.progress[place].next <= last
    {
      let next = lead.progress[place].next
      guard next >= self.log.first else {
        let id = lead.progress[place].id
        if !lead.snapshotQueue.contains(id) { lead.snapshotQueue.append(id) }
        self.sendSnapshots(&lead)
        return
      }
      let message = self.nextMessage()
      let through = lead.progress[place].sendEnd(
        of: last, entriesMax: self.configuration.appendEntriesMax)
      // The engine does not know how long entries are, but for those that it was just told of; a
      // witness gets them without their payloads.
      var byteCount: Int?
      if let parcel, parcel.first == next, parcel.last == through,
        lead.progress[place].role == .replica
      {
        byteCount = parcel.byteCount
      }
      let header = AppendHeader(
        vote: self.vote, previous: self.log.logID(before: next),
        committed: self.committed, promise: self.promiseAsked(since: lead.contact),
        session: lead.progress[place].session)
      lead.progress[place].sent(
        through: through, byteCount: byteCount, committed: self.committed?.index,
        message: message, at: self.now)
      self.commands.append(
        .sendAppend(
          to: lead.progress[place].id, through: through, message: message, header,
          isSized: byteCount != nil))
    }
  }

  @inline(__always)
  func canSend(to place: Int, _ lead: inout Leadership) -> Bool {
    lead.progress[place].canSend(
      window: self.configuration.appendWindow, bytesMax: self.configuration.inflightBytesMax,
      at: self.now)
  }

  /// It is known now how much an append carries: there may be room for the next one.
  mutating func appendSent(through last: LogIndex, byteCount: Int, _ sent: Sent) {
    guard let place = self.place(of: sent) else { return }
    self.withLead { engine, lead in
      lead.progress[place].sized(through: last, byteCount: byteCount, message: sent.message)
      engine.send(to: place, &lead)
    }
  }

  /// Tells idle peers of a new commit, at once or soon; the others hear of it with their next append.
  ///
  /// The next append may come before the delay is over and carry the news for nothing.
  mutating func announceCommit(_ lead: inout Leadership) {
    guard self.configuration.commitNoticeDelay > 0 else {
      self.tellCommit(&lead)
      return
    }
    guard self.noticeDue == nil else { return }
    for place in lead.progress.indices where lead.progress[place].misses(self.committed?.index) {
      self.noticeDue = self.now.advanced(byNanoseconds: self.configuration.commitNoticeDelay)
      return
    }
  }

  /// Tells of the commit whoever has the entries, nothing else to hear, and no word of it.
  mutating func tellCommit(_ lead: inout Leadership) {
    self.noticeDue = nil
    for place in lead.progress.indices where lead.progress[place].misses(self.committed?.index) {
      self.sendHeartbeat(to: place, &lead)
    }
  }

  /// Sends heartbeats if they are due or somebody waits for them, at the end of a step.
  mutating func settleHeartbeats() {
    guard self.isHeartbeatWanted || self.isHeartbeatDue else { return }
    let isWanted = self.isHeartbeatWanted
    self.isHeartbeatWanted = false
    self.isHeartbeatDue = false
    // The next round stays due when it is, however many reads ask for more: it does more than this.
    guard var lead = self.takeLead() else { return }
    let isReading = lead.readRound != nil || !lead.reads.isEmpty
    if isReading { lead.readRound = self.messages }
    for place in lead.progress.indices
    where isWanted || isReading || !self.isFresh(lead.progress[place].acknowledgedAt) {
      self.sendHeartbeat(to: place, &lead)
    }
    self.giveBack(consume lead)
  }

  /// Whether a peer that answered what left then needs no heartbeat yet.
  @inline(__always)
  private func isFresh(_ acknowledgedAt: Instant?) -> Bool {
    guard let heard = acknowledgedAt else { return false }
    return self.now < heard.advanced(byNanoseconds: self.configuration.heartbeatMinInterval)
  }

  /// A heartbeat ends where the logs are known to agree, so it commits nothing unproven (S31).
  ///
  /// Without contact to a quorum it is a probe: it asks for no promise.
  private mutating func sendHeartbeat(to place: Int, _ lead: inout Leadership) {
    let matched = lead.progress[place].matched.flatMap { self.log.logID(at: $0) }
    let header = AppendHeader(
      vote: self.vote, previous: matched, committed: self.committed,
      promise: self.promiseAsked(since: lead.contact), session: lead.progress[place].session)
    let message = self.nextMessage()
    lead.progress[place].told(
      committed: self.committed?.index, proving: matched?.index, message: message)
    self.commands.append(
      .sendHeartbeat(to: lead.progress[place].id, message: message, header))
  }

  mutating func appendAnswered(
    _ outcome: AppendOutcome, _ sent: Sent, by life: Incarnation?
  ) {
    if case .higherVote(let vote) = outcome {
      if self.place(of: sent) != nil { self.refused(behind: vote) }
      return
    }
    guard let place = self.place(of: sent), !self.leaderships[0].progress[place].hasLostData else {
      return
    }
    var isAdmitted = false
    self.withLead { engine, lead in
      isAdmitted = engine.admits(life, at: place, &lead)
      if isAdmitted { engine.appendAnswered(outcome, sent, place, &lead) }
    }
    if isAdmitted {
      self.leaveIfNotVoter()
    } else {
      self.peerFailed(.refused, sent)
    }
  }

  /// A peer, in the life that counts, answered an append or heartbeat of this leadership.
  private mutating func appendAnswered(
    _ outcome: AppendOutcome, _ sent: Sent, _ place: Int, _ lead: inout Leadership
  ) {
    lead.progress[place].acknowledged(sent)
    switch outcome {
    case .matched(let logID):
      // A position that this log does not hold cannot be where the two agree.
      guard self.holds(logID) else { break }
      lead.progress[place].matched(
        through: logID?.index, message: sent.message, messages: self.messages)
      self.aim(place, &lead)
    case .conflict(let rejected, let hint):
      if let rejected { self.conflicted(rejected, hint: hint, place, sent, &lead) }
    case .higherVote:
      break
    }
    lead.progress[place].promised(
      until: self.promiseEnd(sent, matched: lead.progress[place].matched))
    self.renewContact(&lead)
    // What is committed already is not committed by one copy more.
    if lead.progress[place].matched.nextIndex > self.committed.nextIndex { self.commit(&lead) }
    self.bindIfComplete(&lead)
    // A commit can change the members, and so the places.
    if let place = lead.place(of: sent) {
      self.send(to: place, &lead)
      if lead.hasWitnesses, self.dependsOnOthersForWitnesses() { self.replicate(&lead) }
      self.announceCommit(&lead)
      self.forgetDismissedPeers(&lead)
    }
    self.askToTakeOver(&lead)
  }

  @inline(__always)
  private func holds(_ logID: LogID?) -> Bool {
    guard let logID else { return true }
    if let purged = self.log.purged, logID.index <= purged.index { return true }
    return self.log.contains(logID)
  }

  /// A peer's log lacks the entry before a message; the two logs agree no further than at `hint`.
  private mutating func conflicted(
    _ rejected: LogID, hint: LogID?, _ place: Int, _ sent: Sent, _ lead: inout Leadership
  ) {
    if lead.progress[place].isReversion(of: rejected.index, message: sent.message),
      self.holds(rejected)
    {
      self.reverted(place, &lead)
      return
    }
    let candidate = hint.flatMap {
      self.log.lastLogID(notAfter: $0.index, ledAtMost: $0.leader)
    }
    _ = lead.progress[place].rejected(
      rejected.index, candidate: candidate?.index, isCommon: candidate == hint,
      message: sent.message)
    self.aim(place, &lead)
  }

  /// Chooses where the next question to a peer begins, if the search goes on.
  @inline(__always)
  private mutating func aim(_ place: Int, _ lead: inout Leadership) {
    guard lead.progress[place].searchEnd != nil else { return }
    lead.progress[place].aim(in: self.log)
  }

  /// A peer lost what it had confirmed.
  private mutating func reverted(_ place: Int, _ lead: inout Leadership) {
    switch self.configuration.logReversion {
    case .refused: lead.progress[place].lostData()
    case .allowed: self.startOver(place, &lead)
    }
  }

  /// Begins with a peer as if it were new; what was committed with its help stays committed.
  private mutating func startOver(_ place: Int, _ lead: inout Leadership) {
    guard let last = self.log.last else { return }
    self.sessions += 1
    lead.progress[place] = lead.progress[place].startedOver(
      session: self.sessions, next: last.index)
    self.send(to: place, &lead)
  }

  mutating func reversionAllowed(_ peer: NodeID, _ ticket: Ticket) {
    guard var lead = self.takeLead() else {
      self.respond(ticket, .reversionRefused(.notLeader))
      return
    }
    guard let place = lead.progress.firstIndex(where: { $0.id == peer }),
      lead.progress[place].hasLostData
    else {
      self.respond(ticket, .reversionRefused(.nothingLost(peer)))
      self.giveBack(consume lead)
      return
    }
    self.startOver(place, &lead)
    self.respond(ticket, .reversionAllowed)
    self.giveBack(consume lead)
  }

  mutating func peerFailed(_ failure: PeerFailure, _ sent: Sent) {
    guard let place = self.place(of: sent), var lead = self.takeLead() else { return }
    let progress = lead.progress[place]
    if progress.state == .snapshotting(message: sent.message)
      || progress.inflight.contains(where: { $0.message == sent.message })
    {
      lead.progress[place].failed(
        failure, message: sent.message, at: self.now, .init(self.configuration))
      self.send(to: place, &lead)
      self.sendSnapshots(&lead)
    } else {
      lead.progress[place].noted(failure, message: sent.message)
    }
    self.giveBack(consume lead)
  }

  /// An answer moves the moment at which a quorum is known to have followed.
  mutating func renewContact(_ lead: inout Leadership) {
    guard let membership = self.effective else { return }
    let hadContact = self.hasContact(since: lead.contact)
    let contact = membership.quorumValue { id -> Instant? in
      id == self.id ? self.now : lead.acknowledgedAt(of: id)
    }
    if let contact { lead.contact = max(lead.contact, contact) }
    if self.hasContact(since: lead.contact) {
      lead.hasAbandonedWrites = false
      if !hadContact { self.replicate(&lead) }
    }
    self.confirmReads(&lead)
  }
}
