/// A wish to change who belongs to the cluster or whose votes count.
///
/// Everything that openraft's `ChangeMembers` says can be said:
///
/// | openraft | here |
/// |---|---|
/// | `AddVoterIds(ids)` | ``addVoters(_:)`` |
/// | `AddVoters(nodes)` | ``batch(_:)`` of ``addLearners(_:)`` and ``addVoters(_:)`` |
/// | `RemoveVoters(ids)` | ``removeVoters(_:)`` |
/// | `ReplaceAllVoters(ids)` | ``replaceVoters(_:)`` |
/// | `AddNodes(nodes)` | ``addLearners(_:)`` |
/// | `SetNodes(nodes)` | ``updateMembers(_:)`` |
/// | `RemoveNodes(ids)` | ``removeMembers(_:)`` |
/// | `ReplaceAllNodes(nodes)` | ``replaceMembers(_:)`` |
/// | `Batch(changes)` | ``batch(_:)`` |
///
/// A change that leaves everything as it is succeeds, and costs an entry.
public indirect enum MembershipChange: Hashable, Sendable {
  /// Makes these members voters; each must be a member already.
  case addVoters([NodeID])
  /// Takes the vote from these members; ids that have none are passed over.
  case removeVoters([NodeID])
  /// Makes exactly these members the voters.
  case replaceVoters([NodeID])
  /// Adds learners; members that are there already stay as they are described.
  case addLearners([Member])
  /// Describes members anew, adding those that are missing; nobody's role changes.
  ///
  /// A description without an incarnation keeps the one that is known.
  ///
  /// A voter may move to another address with its data. A server without that data is refused
  /// there, once the voter's incarnation is known.
  case updateMembers([Member])
  /// Removes members; those that have a vote must lose it first, if only earlier in a batch.
  case removeMembers([NodeID])
  /// Makes exactly these servers the members; each voter must be among them.
  ///
  /// A description without an incarnation keeps the one that is known.
  case replaceMembers([Member])
  /// Several changes, in order, as one.
  case batch([MembershipChange])
}

extension Membership {
  /// The next membership on the way to what the change asks for.
  ///
  /// If the set of voters changes, that is the joint membership of the old and the new set;
  /// its ``leavingRule`` says what comes after it. Otherwise it is the wanted membership itself.
  /// Either way it contains one configuration of this membership, so quorums of the two intersect
  /// (extended joint consensus).
  ///
  /// - Throws: ``MembershipError`` if the result could not be a membership.
  /// - Precondition: this membership is not joint.
  package func applying(
    _ change: MembershipChange, retainingRemoved: Bool
  ) throws(MembershipError) -> Membership {
    precondition(!self.isJoint, "a change of a joint membership: \(self)")
    let voters = self.configurations[0]
    var draft = Draft(voters: voters, members: self.members)
    draft.apply(change)
    try self.checkVoters(in: draft)
    try self.checkRoles(in: draft)
    draft.clearPromotionMarks(of: voters + draft.voters)
    let wanted = try Membership(
      configurations: [draft.voters], members: draft.members, terms: self.terms)
    guard wanted.configurations[0] != voters else { return wanted }
    // The joint configuration still needs the voters that the change removes; leaving it drops
    // them.
    let removed = self.members.filter { voters.contains($0.id) && wanted.member($0.id) == nil }
    let demoted = voters.filter { wanted.member($0) != nil && !wanted.isVoter($0) }
    let leavingRule: LeavingRule =
      switch (retainingRemoved, removed.isEmpty) {
      case (true, true): .retain
      case (true, false): .drop(except: demoted)
      case (false, _): .drop(except: [])
      }
    return try Membership(
      configurations: [voters, wanted.configurations[0]], members: wanted.members + removed,
      leavingRule: leavingRule, terms: self.terms)
  }

  /// Refuses what would take a voter's description away or hand its vote to other data.
  private func checkVoters(in draft: Draft) throws(MembershipError) {
    for voter in self.configurations[0] {
      guard let described = draft.members.first(where: { $0.id == voter }) else {
        guard !draft.voters.contains(voter) else { throw .removedVoter(voter) }
        continue
      }
      guard let known = self.member(voter)?.incarnation else { continue }
      guard described.incarnation == known else { throw .exchangedIncarnation(voter) }
    }
  }

  /// Refuses what would make a replica of a witness, which has nothing to serve anybody with, or a
  /// witness of a replica.
  ///
  /// A removed member comes back as either, after a membership without it.
  private func checkRoles(in draft: Draft) throws(MembershipError) {
    for member in draft.members {
      guard let known = self.member(member.id) else { continue }
      guard known.role == member.role else { throw .exchangedRole(member.id) }
    }
  }

  /// What follows the joint membership: the new configuration alone.
  ///
  /// - Precondition: this membership is joint.
  package func leavingJoint() -> Membership {
    precondition(self.isJoint, "leaving a membership that is not joint: \(self)")
    let voters = self.configurations[1]
    let kept: [Member]
    switch self.leavingRule {
    case .retain:
      kept = self.members
    case .drop(let exceptions):
      let gone = self.configurations[0].filter {
        !voters.contains($0) && !exceptions.contains($0)
      }
      kept = self.members.filter { !gone.contains($0.id) }
    }
    do {
      return try Membership(configurations: [voters], members: kept, terms: self.terms)
    } catch {
      preconditionFailure("leaving \(self): \(error)")
    }
  }

  /// Members and voters while a change is worked in.
  private struct Draft {
    var voters: [NodeID]
    var members: [Member]

    mutating func apply(_ change: MembershipChange) {
      switch change {
      case .addVoters(let ids):
        for id in ids where !self.voters.contains(id) { self.voters.append(id) }
      case .removeVoters(let ids):
        self.voters.removeAll { ids.contains($0) }
      case .replaceVoters(let ids):
        self.voters = []
        self.apply(.addVoters(ids))
      case .addLearners(let added):
        let known = self.members
        self.members += added.filter { member in !known.contains { $0.id == member.id } }
      case .updateMembers(let described):
        let known = self.members
        self.members.removeAll { old in described.contains { $0.id == old.id } }
        self.members += Self.keepingIncarnations(described, known: known)
      case .removeMembers(let ids):
        self.members.removeAll { ids.contains($0.id) }
      case .replaceMembers(let wanted):
        self.members = Self.keepingIncarnations(wanted, known: self.members)
      case .batch(let changes):
        for change in changes { self.apply(change) }
      }
    }

    /// A voter carries no mark: it would become a voter again as soon as it lost its vote.
    mutating func clearPromotionMarks(of voters: [NodeID]) {
      for position in self.members.indices where voters.contains(self.members[position].id) {
        self.members[position].isPromotedWhenCaughtUp = false
      }
    }

    private static func keepingIncarnations(_ described: [Member], known: [Member]) -> [Member] {
      described.map { member in
        var member = member
        member.incarnation =
          member.incarnation ?? known.first { $0.id == member.id }?.incarnation
        return member
      }
    }
  }
}
