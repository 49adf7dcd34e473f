extension Engine {
  /// Founds a cluster: the membership becomes entry 0, written in round 0 by this node itself;
  /// then the node campaigns like any other.
  mutating func bootstrapRequested(
    _ wanted: Membership, timestamp: Timestamp, _ ticket: Ticket
  ) {
    // A founder that lost power between its first two writes has its vote of round 0 and no entry;
    // nobody can have heard of either.
    guard self.log.last == nil,
      self.vote == .initial || self.vote.leader == LeaderID(term: 0, node: self.id),
      self.cluster == nil || wanted.terms.cluster == nil || wanted.terms.cluster == self.cluster
    else {
      self.respond(
        ticket, .bootstrapRefused(.notAllowed(last: self.log.last, vote: self.vote)))
      return
    }
    guard wanted.isVoter(self.id) else {
      self.respond(ticket, .bootstrapRefused(.notVoter))
      return
    }
    guard self.configuration.role == .replica, wanted.canLead(self.id) else {
      self.respond(ticket, .bootstrapRefused(.witness))
      return
    }
    var terms = wanted.terms
    let cluster =
      terms.cluster ?? self.cluster
      ?? ClusterID(high: self.random.next(), low: self.random.next())
    terms.cluster = cluster
    let wanted = self.incarnation.map { wanted.binding(self.id, to: $0) } ?? wanted
    terms.largestPromise = terms.largestPromise ?? self.configuration.promise
    if self.cluster == nil { self.adopt(cluster) }
    self.vote = Vote(leader: LeaderID(term: 0, node: self.id), isCommitted: true)
    _ = self.saveVote()
    self.lastTimestamp = max(self.lastTimestamp, timestamp)
    let run = EntryRun(
      leader: self.vote.leader, first: 0, count: 1, byteCount: 0, kind: .membership,
      timestamp: self.lastTimestamp, membership: wanted.with(terms))
    self.log.append(run.leader, from: run.first, through: run.last)
    self.membership.append(
      LoggedMembership(logID: run.lastLogID, membership: wanted.with(terms)))
    self.commands.append(.appendProposed(run, self.submit()))
    self.respondWhenFlushed(ticket, .bootstrapped)
    self.campaign(transferredFrom: nil)
  }

  /// Binds this node to the cluster of the first leader that it follows.
  mutating func adopt(_ cluster: ClusterID) {
    self.cluster = cluster
    self.commands.append(.adoptCluster(cluster, self.submit()))
  }

  mutating func membershipChangeRequested(_ wish: Leadership.DeferredChange) {
    if let target = self.transferTarget {
      self.respond(wish.ticket, .membershipRefused(.transferring(to: target)))
      return
    }
    guard self.hasQuorumContact || !self.isLeader else {
      self.respond(wish.ticket, .membershipRefused(.noQuorum))
      return
    }
    guard var lead = self.takeLead() else {
      self.respond(wish.ticket, .membershipRefused(.notLeader))
      return
    }
    if self.committed.isAtLeast(lead.first) {
      self.change(wish, &lead)
    } else {
      // Before the own first entry is committed, an earlier change may still be undone
      // (Ongaro's 2015 correction of single-server changes).
      lead.deferredChanges.append(wish)
    }
    self.giveBack(consume lead)
  }

  private mutating func change(_ wish: Leadership.DeferredChange, _ lead: inout Leadership) {
    let effective = self.membership.effective.logID
    if let expected = wish.expected, expected != effective {
      self.respond(
        wish.ticket,
        .membershipRefused(.preconditionFailed(expected: expected, actual: effective)))
      return
    }
    guard !lead.isMaintaining else {
      lead.deferredChanges.append(wish)
      return
    }
    guard let current = self.effective, self.membership.isSettled, !current.isJoint else {
      self.respond(
        wish.ticket,
        .membershipRefused(
          .inProgress(committed: self.membership.committed.logID, effective: effective)))
      return
    }
    do throws(MembershipError) {
      let next = try self.kept(current, lead)
        .applying(wish.change, retainingRemoved: wish.retainingRemoved)
      for progress in lead.progress
      where progress.replacedBy != nil && current.member(progress.id) != nil
        && !current.isVoter(progress.id) && next.isVoter(progress.id)
        && next.names(progress.life, as: progress.id)
      {
        throw MembershipError.replacedMember(progress.id)
      }
      lead.changeTicket = wish.ticket
      self.propose(next, timestamp: wish.timestamp, &lead)
    } catch {
      self.respond(wish.ticket, .membershipRefused(.invalid(error)))
    }
  }

  /// Appends a membership, which is in force from now on (§4.1).
  mutating func propose(
    _ next: Membership, timestamp: Timestamp, _ lead: inout Leadership
  ) {
    self.append(
      kind: .membership, count: 1, byteCount: 0, timestamp: timestamp, membership: next, &lead)
  }

  /// After a commit: whoever leads finishes a joint membership, once; changes that waited for the
  /// leader's first entry begin.
  ///
  /// Both wait while leadership is being transferred: the next leader does it (S80), or this one
  /// when it has given the transfer up.
  mutating func membershipCommitted(_ lead: inout Leadership) {
    if self.membership.isSettled, let membership = self.effective,
      let logID = self.membership.effective.logID
    {
      if membership.isJoint {
        guard lead.transfer == nil else { return }
        // Whoever has helped to commit it has said which life it lives: a majority is named from
        // now on, and may stand for election.
        self.propose(
          self.kept(membership.leavingJoint(), lead), timestamp: self.lastTimestamp, &lead)
      } else {
        lead.isMaintaining = false
        self.dismissRemovedPeers(&lead)
        if let ticket = lead.changeTicket {
          lead.changeTicket = nil
          self.respond(ticket, .membershipChanged(logID, membership))
        }
      }
    }
    guard lead.transfer == nil, !lead.deferredChanges.isEmpty else { return }
    let deferred = lead.deferredChanges
    lead.deferredChanges = []
    for wish in deferred {
      self.change(wish, &lead)
    }
  }
}
