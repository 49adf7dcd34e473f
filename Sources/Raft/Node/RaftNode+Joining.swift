extension RaftNode {
  /// Makes a server a voter, whatever it is now; call it on the leader.
  ///
  /// A server that is no member becomes a learner, marked to be promoted: whoever leads makes it a
  /// voter when it has caught up, also if this node or the caller is gone by then. A member that
  /// came back without its data is removed first and comes in as a new one, so this is also how a
  /// damaged or wiped server is rebuilt: empty its folder, start it, call this. Rebuild one server
  /// at a time. A member that moved gets its new address.
  ///
  /// Returns at once if the server is a voter under this address already and answers. May be
  /// repeated after any error.
  ///
  /// - Parameters:
  ///   - member: The server, described whole: of a server that is rebuilt or moved, what is left out
  ///     here is not taken over from its former description. Leave `Member.incarnation` out unless
  ///     it is known.
  ///   - limit: How long to wait; progress is in ``Metrics/replication``.
  /// - Throws: ``MembershipChangeError``; ``MembershipChangeError/notCaughtUp(_:)`` if the time is
  ///   over, the promotion then still comes.
  @discardableResult
  public func addVoter(
    _ member: Member, within limit: Duration = .seconds(60)
  ) async throws(MembershipChangeError) -> MembershipReceipt {
    let asked = self.core.timestamp(of: self.core.clock.now())
    let deadline = self.core.clock.now().advanced(byNanoseconds: limit.nanoseconds)
    while true {
      let metrics = try await self.settled(member.id, deadline)
      switch Joining(of: member, in: metrics, since: asked) {
      case .done(let receipt):
        return receipt
      case .impossible(let error):
        throw .invalid(error)
      case .wait:
        let before = metrics.effectiveMembership
        try await self.wait("node \(member.id) joins", for: member.id, deadline) { now in
          now.state != .leader || now.effectiveMembership != before
            || Joining(of: member, in: now, since: asked) != .wait
        }
      case .change(let change):
        try await self.attempt(change)
      }
    }
  }

  /// Takes the vote from a member and removes it; call it on the leader.
  ///
  /// Returns at once if the server is no member. The leader itself can be removed, too; it leads
  /// until that is committed. May be repeated after any error.
  ///
  /// - Throws: ``MembershipChangeError``, which says whether anything may have changed.
  @discardableResult
  public func removeMember(
    _ id: NodeID, within limit: Duration = .seconds(60)
  ) async throws(MembershipChangeError) -> MembershipReceipt {
    let deadline = self.core.clock.now().advanced(byNanoseconds: limit.nanoseconds)
    while true {
      let metrics = try await self.settled(id, deadline)
      let logged = metrics.committedMembership
      if let logID = logged.logID, let membership = logged.membership, metrics.state == .leader,
        membership.member(id) == nil
      {
        return MembershipReceipt(logID: logID, membership: membership)
      }
      if let receipt = try await self.attempt(
        .batch([.removeVoters([id]), .removeMembers([id])]))
      {
        return receipt
      }
    }
  }

  /// Changes the membership, unless somebody else began a change just before.
  @discardableResult
  private func attempt(
    _ change: MembershipChange
  ) async throws(MembershipChangeError) -> MembershipReceipt? {
    do {
      return try await self.changeMembership(change)
    } catch .inProgress {
      return nil
    }
  }

  /// Waits until no change is under way here, or this node does not lead; returns how it is then.
  ///
  /// The next change may begin at once: what is done has to be judged by this picture.
  private func settled(
    _ id: NodeID, _ deadline: Instant
  ) async throws(MembershipChangeError) -> Metrics {
    try await self.wait("no change is under way", for: id, deadline) { metrics in
      metrics.state != .leader || Joining.isSettled(metrics)
    }
  }

  @discardableResult
  private func wait(
    _ name: String, for id: NodeID, _ deadline: Instant,
    _ isMet: @escaping @Sendable (Metrics) -> Bool
  ) async throws(MembershipChangeError) -> Metrics {
    let rest = self.core.clock.now().nanoseconds(to: deadline)
    do throws(WaitError) {
      return try await self.wait(
        for: WaitCondition(name, isMet), within: .nanoseconds(max(0, rest)))
    } catch {
      switch error {
      case .timedOut, .cancelled: throw .notCaughtUp(id)
      case .stopped(let failure, _, _): throw .stopped(failure)
      }
    }
  }
}

/// What is to be done next so that a server becomes a voter.
enum Joining: Equatable {
  case done(MembershipReceipt)
  /// The leader is at it, or has to hear from the server first.
  case wait
  case change(MembershipChange)
  /// There can be no membership in which the server has a vote.
  case impossible(MembershipError)

  /// Whether the membership in force is committed, and no step on the way to another one.
  static func isSettled(_ metrics: Metrics) -> Bool {
    metrics.committedMembership == metrics.effectiveMembership
      && metrics.effectiveMembership.membership?.isJoint == false
  }

  /// Looks at a membership; on a node that does not lead the change itself says so.
  init(of member: Member, in metrics: Metrics, since asked: Timestamp) {
    var marked = member
    marked.isPromotedWhenCaughtUp = true
    guard metrics.state == .leader, let membership = metrics.effectiveMembership.membership,
      let logID = metrics.effectiveMembership.logID
    else {
      self = .change(.addLearners([marked]))
      return
    }
    guard let known = membership.member(member.id) else {
      self = Self.admission(of: marked, to: membership)
      return
    }
    let progress = metrics.replication.first { $0.id == member.id }
    let isVoter = membership.isVoter(member.id)
    let isOther =
      member.incarnation != nil && known.incarnation != nil
      && member.incarnation != known.incarnation
    if progress?.replacedBy != nil || isOther {
      // Its former life leaves before the new one comes: a vote never passes from one to the other.
      self = .change(
        isVoter || known.role != member.role
          ? .batch([.removeVoters([member.id]), .removeMembers([member.id])])
          : .batch([.removeMembers([member.id]), .addLearners([marked])]))
    } else if known.address != member.address || known.role != member.role
      || !(isVoter || known.isPromotedWhenCaughtUp)
    {
      self = .change(.updateMembers([marked]))
    } else if isVoter, Self.isSettled(metrics),
      member.id == metrics.id || progress?.acknowledgedAt ?? .epoch >= asked
    {
      self = .done(MembershipReceipt(logID: logID, membership: membership))
    } else {
      self = .wait
    }
  }

  /// A learner that could never be promoted would wait for nothing.
  private static func admission(of marked: Member, to membership: Membership) -> Joining {
    guard !membership.isJoint else { return .wait }
    do throws(MembershipError) {
      _ = try membership.applying(
        .batch([.addLearners([marked]), .addVoters([marked.id])]), retainingRemoved: true)
      return .change(.addLearners([marked]))
    } catch {
      return .impossible(error)
    }
  }
}
