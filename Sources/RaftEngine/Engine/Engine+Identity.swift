/// Whose answers count: a node that lost its data comes back as another life of its number, and
/// holds nothing of what its former self acknowledged (etcd#10951, NuRaft#185).
extension Engine {
  /// Whether an answer in this life counts for the peer at this place.
  ///
  /// The membership names the life that does. Before it names one, the first that answered this
  /// leader counts, and no other; the leader then has the membership name it.
  mutating func admits(_ life: Incarnation?, at place: Int, _ lead: inout Leadership) -> Bool {
    if let known = lead.progress[place].life, known != life {
      lead.progress[place].replacedBy = life
      return false
    }
    if lead.progress[place].stated == nil, life != nil { lead.isBindingDue = true }
    lead.progress[place].stated = life
    lead.progress[place].replacedBy = nil
    return true
  }

  /// A message met another life than the one that counts.
  mutating func contactRefused(by peer: NodeID, reached life: Incarnation) {
    guard self.isLeader, let place = self.leaderships[0].place(of: peer),
      let known = self.leaderships[0].progress[place].life, known != life
    else { return }
    self.leaderships[0].progress[place].replacedBy = life
  }

  /// The membership in which every member that has answered this leader is named by its life.
  ///
  /// Only lives that were not known come in, so nothing that counted stops counting.
  func bound(_ membership: Membership, _ lead: Leadership) -> Membership {
    var bound = membership
    for member in membership.members where member.incarnation == nil {
      let life = member.id == self.id ? self.incarnation : lead.progress(of: member.id)?.stated
      if let life { bound = bound.binding(member.id, to: life) }
    }
    return bound
  }

  /// Whether the membership gives a vote to this node, in this life of its data.
  ///
  /// Nodes that lost their data may get to read the founding membership again, as learners, and
  /// must not choose each other by it. They are told from founders by what their leader said: it
  /// has committed more than they have. In every later membership a majority of the voters that
  /// decided on it is named, so that the votes of such nodes are not enough.
  @inline(__always)
  func means(_ logged: LoggedMembership) -> Bool {
    guard let membership = logged.membership, membership.isVoter(self.id) else { return false }
    if let named = membership.incarnation(of: self.id) { return named == self.incarnation }
    guard logged.logID?.index == 0, let heard = self.committedHeard else { return true }
    return self.log.last.map { $0.index >= heard } ?? false
  }

  // MARK: Removal

  /// Whether this node knows that the cluster goes on without it.
  @inline(__always)
  package var isRemoved: Bool { self.removedAt != nil }

  /// The membership entry that left this node out, unless a later one is in force here.
  @inline(__always)
  package var removedAt: LogID? {
    guard let removal = self.removal, !self.membership.effective.logID.isAfter(removal) else {
      return nil
    }
    return removal
  }

  /// The committed membership, if neither it nor the one in force lists this node.
  func exclusion(of id: NodeID) -> LogID? {
    guard let committed = self.membership.committed.membership, !committed.isMember(id),
      !(self.effective?.isMember(id) ?? false)
    else { return nil }
    return self.membership.committed.logID
  }

  /// A voter says that this committed membership does not list this node.
  ///
  /// If this node does not have that entry, no quorum will choose it before it has: it stops
  /// standing until a leader makes it a member again.
  mutating func excluded(by logID: LogID, _ peer: NodeID) {
    guard logID.isNewer(than: self.membership.effective.logID), logID.isNewer(than: self.removal),
      self.effective?.isVoter(peer) ?? false, !self.isLeader
    else { return }
    self.removal = logID
    self.preVote = nil
    self.stepDown(for: nil)
  }

  /// The committed membership changes; it may be the one that leaves this node out.
  mutating func changeCommittedMembership(_ change: (inout MembershipState) -> Void) {
    let wasMember = self.membership.committed.membership?.isMember(self.id) ?? false
    change(&self.membership)
    if wasMember, !(self.membership.committed.membership?.isMember(self.id) ?? false) {
      self.removal = self.membership.committed.logID
    }
  }
}
