/// A wish to change who belongs to the cluster or whose votes count.
public indirect enum MembershipChange: Hashable, Sendable {
  /// Makes these members voters; each must be a member already.
  case addVoters([NodeID])
  /// Takes the vote from these members; ids that have none are passed over.
  case removeVoters([NodeID])
  /// Makes exactly these members the voters.
  case replaceVoters([NodeID])
  /// Adds learners; members that are there already stay as they are described.
  case addLearners([Member])
  /// Describes members anew, adding those that are missing.
  ///
  /// Giving a voter the address of another server may split the cluster; prefer removing the
  /// member and adding it under a new id.
  case updateMembers([Member])
  /// Removes members that have no vote.
  case removeMembers([NodeID])
  /// Makes exactly these servers the members; voters among them keep their vote.
  case replaceMembers([Member])
  /// Several changes, in order, as one.
  case batch([MembershipChange])
}

extension Membership {
  /// The next membership on the way to what the change asks for.
  ///
  /// If the set of voters changes, that is the joint configuration of the old and the new set;
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
    var draft = Draft(voters: self.configurations[0], members: self.members)
    draft.apply(change)
    let wanted = try Membership(
      configurations: [draft.voters], members: draft.members, terms: self.terms)
    guard wanted.configurations[0] != self.configurations[0] else { return wanted }
    // A voter may only go after the joint configuration that still needs it.
    var members = draft.members
    for voter in self.configurations[0] where !members.contains(where: { $0.id == voter }) {
      throw .unknownVoter(voter)
    }
    members.sort { $0.id < $1.id }
    return try Membership(
      configurations: [self.configurations[0], wanted.configurations[0]], members: members,
      leavingRule: retainingRemoved ? .retain : .drop(except: []), terms: self.terms)
  }

  /// What follows the joint configuration: the new one alone.
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
        for member in added where !self.members.contains(where: { $0.id == member.id }) {
          self.members.append(member)
        }
      case .updateMembers(let described):
        self.members.removeAll { old in described.contains { $0.id == old.id } }
        self.members.append(contentsOf: described)
      case .removeMembers(let ids):
        self.members.removeAll { ids.contains($0.id) }
      case .replaceMembers(let wanted):
        self.members = wanted
      case .batch(let changes):
        for change in changes { self.apply(change) }
      }
    }
  }
}
