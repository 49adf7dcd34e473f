import RaftEngine

/// Disks that are lost, and operators who bring their nodes back.
extension World {
  /// The node loses its disk and comes back under its old number with an empty one, unless that
  /// would be one loss too many.
  func wipe(_ node: SimulatedNode) {
    guard self.canLoseDisk(node) else { return }
    self.crash(node)
    self.coverage.wipes += 1
    node.loseDisk(for: self.nextIncarnation())
    self.checkers.lostDisk(node.id)
    self.trace(.fault, node, "loses its disk; its data is \(node.incarnation) now")
  }

  /// Whether a majority of every configuration that anybody still goes by keeps its data, and
  /// everybody with a vote there can tell one life from another.
  ///
  /// While a change is under way, the one who wrote it may be needed to settle it, and a learner
  /// may be about to get a vote.
  private func canLoseDisk(_ lost: SimulatedNode) -> Bool {
    guard lost.disk.durable.log.last != nil, self.nodes.allSatisfy({ self.isSettled($0) }),
      !self.isMembershipUnderWay
    else { return false }
    return self.nodes.allSatisfy { node in
      let states = [node.engine.membership, node.disk.recovered(self.memberships).membership]
      return states.allSatisfy { state in
        [state.effective, state.committed].allSatisfy { logged in
          logged.membership.map { self.survives($0, without: lost) } ?? true
        }
      }
    }
  }

  /// Whether a message that has not arrived carries a membership: its writer may have forgotten it.
  private var isMembershipUnderWay: Bool {
    self.network.waiting.contains(where: \.hasMembership)
      || self.agenda.contains(where: {
        if case .delivered(let packet) = $0 { packet.hasMembership } else { false }
      })
  }

  private func isSettled(_ node: SimulatedNode) -> Bool {
    if node.engine.lead?.isChanging ?? false { return false }
    let states = [node.engine.membership, node.disk.recovered(self.memberships).membership]
    return states.allSatisfy { state in
      state.isSettled && !(state.effective.membership?.isJoint ?? false)
        && state.effective.membership?.members.allSatisfy { !$0.isPromotedWhenCaughtUp } ?? true
    }
  }

  /// Whether operators may want this: they know which disks they lost, and give no vote to those.
  func isSensible(_ change: MembershipChange, for node: SimulatedNode) -> Bool {
    guard let effective = node.engine.effective else { return true }
    // A change that waits for the joint membership to be left begins where that leads.
    let current = effective.isJoint ? effective.leavingJoint() : effective
    guard let next = try? current.applying(change, retainingRemoved: false) else { return true }
    return next.configurations.allSatisfy { voters in
      let kept = voters.filter { id in
        next.member(id)?.incarnation ?? self.node(id).incarnation == self.node(id).incarnation
      }
      return 2 * kept.count > voters.count
    }
  }

  private func survives(_ membership: Membership, without lost: SimulatedNode) -> Bool {
    membership.configurations.allSatisfy { voters in
      guard voters.contains(lost.id) else { return true }
      // A witness is no copy: what a lost replica held must be held by another one, which can be
      // elected without the witnesses that have heard of more.
      let kept = voters.filter { id in
        id != lost.id && membership.member(id)?.incarnation == self.node(id).incarnation
          && self.plan.role(of: id) == .replica
      }
      return 2 * kept.count > voters.count && voters.allSatisfy { self.isNamed($0, in: membership) }
    }
  }

  /// Whether the voter is named, and knows it: a node without any membership on its disk may yet
  /// be given one from before the names.
  private func isNamed(_ voter: NodeID, in membership: Membership) -> Bool {
    let known = self.node(voter).disk.recovered(self.memberships).membership.effective.membership
    return membership.member(voter)?.incarnation != nil && known?.member(voter)?.incarnation != nil
  }

  /// An operator brings a member back that lost its disk, or brings in a new one: marked, so that
  /// the leader makes it a voter when it has caught up.
  func rebuild(_ node: SimulatedNode, by leader: SimulatedNode) throws(Finding) {
    guard leader.isUp, leader.pausedUntil <= self.now, let membership = leader.engine.effective
    else { return }
    var member = self.plan.member(node.id)
    member.isPromotedWhenCaughtUp = true
    var change = MembershipChange.addLearners([member])
    if let lead = leader.engine.lead,
      let id = lead.progress.first(where: { $0.replacedBy != nil })?.id
    {
      member = self.plan.member(id)
      member.isPromotedWhenCaughtUp = true
      change =
        membership.isVoter(id)
        ? .batch([.removeVoters([id]), .removeMembers([id])])
        : .batch([.removeMembers([id]), .addLearners([member])])
    }
    try self.step(
      leader,
      .membershipChangeRequested(
        change, retainingRemoved: false, timestamp: Timestamp(nanoseconds: UInt64(self.now)),
        self.ticket(.membership(expected: nil), on: leader)))
  }
}
