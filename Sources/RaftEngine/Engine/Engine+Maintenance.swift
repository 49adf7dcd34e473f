/// What a leader does with the membership of its own accord, with each round of heartbeats: it has
/// lives named, a longer promise agreed on, and marked learners promoted, all that is due in one
/// entry.
extension Engine {
  /// Has members named as soon as the last one has answered; without that, the next round of
  /// heartbeats does it for those that have.
  mutating func bindIfComplete(_ lead: inout Leadership) {
    guard lead.isBindingDue, self.committed.isAtLeast(lead.first), let current = self.effective
    else { return }
    lead.isBindingDue = false
    if self.bound(current, lead).members.allSatisfy({ $0.incarnation != nil }) {
      self.maintainMembership(&lead)
    }
  }

  /// Begins one change if nothing else is under way or waits, and if there is something to do.
  ///
  /// Each change leaves less to do, so that this comes to an end.
  mutating func maintainMembership(_ lead: inout Leadership) {
    guard self.membership.isSettled, let current = self.effective, !current.isJoint,
      self.committed.isAtLeast(lead.first), lead.deferredChanges.isEmpty, lead.transfer == nil,
      self.hasContact(since: lead.contact)
    else { return }
    let kept = self.kept(current, lead)
    let next = self.promotion(in: kept, lead) ?? kept
    guard next != current else { return }
    lead.isMaintaining = true
    self.propose(next, timestamp: self.lastTimestamp, &lead)
  }

  /// The membership with all that this leader has to add to it without changing who belongs to it;
  /// whatever it proposes carries that along.
  func kept(_ membership: Membership, _ lead: Leadership) -> Membership {
    self.agreeing(self.bound(membership, lead))
  }

  /// The next membership on the way to the vote of a marked learner that has caught up; one that
  /// cannot have a vote yet, such as one witness too many, holds up no other.
  private func promotion(in membership: Membership, _ lead: Leadership) -> Membership? {
    for member in membership.members
    where member.isPromotedWhenCaughtUp && !membership.isVoter(member.id)
      && self.hasCaughtUp(member.id, lead)
    {
      let change = MembershipChange.addVoters([member.id])
      if let next = try? membership.applying(change, retainingRemoved: true) { return next }
    }
    return nil
  }

  /// Whether this member would slow nobody down as a voter: it answered within one election
  /// timeout, and lacks few of the committed entries.
  ///
  /// The thesis counts rounds of replication until one takes less than an election timeout
  /// (§4.2.1). Where entries are sent ahead of the answers there are no rounds; few enough missing
  /// entries say the same.
  private func hasCaughtUp(_ id: NodeID, _ lead: Leadership) -> Bool {
    if id == self.id { return true }
    guard let progress = lead.progress(of: id), progress.replacedBy == nil,
      let matched = progress.matched, let heard = progress.acknowledgedAt,
      self.now < heard.advanced(byNanoseconds: self.configuration.electionTimeoutMax)
    else { return false }
    return matched.next + self.configuration.promotionLag >= self.committed.nextIndex
  }
}
