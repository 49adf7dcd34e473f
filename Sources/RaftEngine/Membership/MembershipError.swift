/// Why members and voters make no membership.
@nonexhaustive
public enum MembershipError: Error, Hashable, Sendable {
  /// A membership has one configuration, or two if it is joint; these were so many.
  case configurationCount(Int)
  /// A configuration without voters could never decide anything.
  case emptyConfiguration
  /// The id stands twice in one configuration.
  case duplicateVoter(NodeID)
  /// The id stands twice among the members.
  case duplicateMember(NodeID)
  /// A voter must be a member; add it as a learner first.
  case unknownVoter(NodeID)
  /// A voter cannot leave the members before its vote is taken.
  case removedVoter(NodeID)
  /// The member's data was replaced: it would get a vote that nobody can cast.
  case replacedMember(NodeID)
  /// A voter's data was replaced: its new life must not inherit the vote of the old one.
  case exchangedIncarnation(NodeID)
  /// These witnesses alone would be a majority of one configuration: a commit could rest on no copy
  /// of its entries at all.
  case witnessMajority([NodeID])
  /// A member's role stays what it is: a former witness has no payloads to serve anybody with.
  case exchangedRole(NodeID)
}

extension MembershipError: CustomStringConvertible {
  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .configurationCount(let count):
      "a membership has one configuration, or two while it changes, not \(count)"
    case .emptyConfiguration:
      "a configuration without voters could never decide anything: name at least one voter"
    case .duplicateVoter(let id):
      "node \(id) stands twice among the voters: name each node once"
    case .duplicateMember(let id):
      "node \(id) stands twice among the members: name each node once"
    case .unknownVoter(let id):
      "node \(id) is no member: add it as a learner before it becomes a voter"
    case .removedVoter(let id):
      "node \(id) has a vote: take the vote first, before its removal or earlier in the same batch"
    case .replacedMember(let id):
      """
      the data of node \(id) was replaced, so the vote would belong to data that is gone: remove the \
      member and add it again
      """
    case .exchangedIncarnation(let id):
      """
      node \(id) has a vote that belongs to its former data: take the vote, then describe the new \
      incarnation, then give the vote again
      """
    case .witnessMajority(let ids):
      """
      witnesses \(ids.map(String.init(describing:)).joined(separator: ", ")) alone would be a \
      majority, and they hold no data: name more voters that are replicas
      """
    case .exchangedRole(let id):
      """
      node \(id) cannot change its role while it is a member: remove it, and add it anew in a later \
      change, with empty stores
      """
    }
  }
}
