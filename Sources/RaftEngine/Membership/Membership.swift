/// Who belongs to the cluster and whose votes count: the content of a membership entry.
///
/// One configuration is the normal case: a set of voters, of which a majority decides. Two
/// configurations are a *joint* one (thesis §4.3): a decision needs a majority of each. Members
/// that no configuration names are learners: they hold the log and never count.
///
/// The value is immutable and cheap to copy. Beside the members it carries what all of them must
/// agree on: the cluster's identity, its leadership rule, the largest promise that a leader may
/// ask for, and the feature level that all members understand.
public struct Membership: Hashable, Sendable {
  /// What leaving a joint membership does with voters that the new configuration does not name.
  public enum LeavingRule: Hashable, Sendable {
    /// They stay members, as learners.
    case retain
    /// They leave the cluster, except for those named, which become learners.
    case drop(except: [NodeID])

    /// The same rule with its ids in order, so that equal rules are equal values.
    fileprivate var sorted: LeavingRule {
      switch self {
      case .retain: .retain
      case .drop(let exceptions): .drop(except: exceptions.sorted())
      }
    }
  }

  /// What all members must agree on beside who they are.
  public struct Terms: Hashable, Sendable {
    /// Which cluster this is; `nil` before it is known, as with members that do not state it.
    public var cluster: ClusterID?
    /// How many leaders one round of election may see.
    public var leadershipRule: LeadershipRule
    /// The longest promise that a leader may ask for, in nanoseconds; `nil` if none was agreed,
    /// and then nobody reads by a lease.
    ///
    /// A voter that restarts waits for as long, since it does not remember what it promised.
    public var largestPromise: Int64?
    /// The newest protocol feature that all members understand.
    public var featureLevel: UInt32

    /// States what all members agree on.
    public init(
      cluster: ClusterID? = nil, leadershipRule: LeadershipRule = .manyPerTerm,
      largestPromise: Int64? = nil, featureLevel: UInt32 = 1
    ) {
      self.cluster = cluster
      self.leadershipRule = leadershipRule
      self.largestPromise = largestPromise
      self.featureLevel = featureLevel
    }
  }

  private final class Storage: Hashable, Sendable {
    let configurations: [[NodeID]]
    let members: [Member]
    let leavingRule: LeavingRule
    let terms: Terms
    // Asked for at every step of a leader, so kept.
    let voters: [NodeID]
    let learners: [NodeID]

    init(
      configurations: [[NodeID]], members: [Member], leavingRule: LeavingRule, terms: Terms
    ) {
      self.configurations = configurations
      self.members = members
      self.leavingRule = leavingRule
      self.terms = terms
      let ids = members.map(\.id)
      self.voters = ids.filter { id in configurations.contains { $0.contains(id) } }
      self.learners = ids.filter { id in !configurations.contains { $0.contains(id) } }
    }

    static func == (left: Storage, right: Storage) -> Bool {
      left === right
        || (left.configurations == right.configurations && left.members == right.members
          && left.leavingRule == right.leavingRule && left.terms == right.terms)
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(self.configurations)
      hasher.combine(self.members)
    }
  }

  private let storage: Storage

  /// A membership of these configurations and members.
  ///
  /// Order does not matter: voters, members and the rule's exceptions are kept sorted by id.
  ///
  /// - Throws: ``MembershipError`` if a configuration is empty, there is none or more than two,
  ///   an id stands twice, a voter has no member entry, or witnesses alone are a majority.
  public init(
    configurations: [[NodeID]], members: [Member], leavingRule: LeavingRule = .retain,
    terms: Terms = Terms()
  ) throws(MembershipError) {
    guard (1...2).contains(configurations.count) else {
      throw .configurationCount(configurations.count)
    }
    let sortedMembers = members.sorted { $0.id < $1.id }
    for (one, other) in zip(sortedMembers, sortedMembers.dropFirst()) where one.id == other.id {
      throw .duplicateMember(one.id)
    }
    let sortedConfigurations = configurations.map { $0.sorted() }
    for voters in sortedConfigurations {
      guard !voters.isEmpty else { throw .emptyConfiguration }
      for (one, other) in zip(voters, voters.dropFirst()) where one == other {
        throw .duplicateVoter(one)
      }
      var candidates = sortedMembers[...]
      var witnesses: [NodeID] = []
      for voter in voters {
        candidates = candidates.drop { $0.id < voter }
        guard let member = candidates.first, member.id == voter else { throw .unknownVoter(voter) }
        if member.role == .witness { witnesses.append(voter) }
      }
      guard witnesses.count < voters.count / 2 + 1 else { throw .witnessMajority(witnesses) }
    }
    self.storage = Storage(
      configurations: sortedConfigurations, members: sortedMembers,
      leavingRule: leavingRule.sorted, terms: terms)
  }

  /// A membership in which every member is a voter.
  ///
  /// - Throws: ``MembershipError`` as the other initializer does.
  public init(voters members: [Member], terms: Terms = Terms()) throws(MembershipError) {
    try self.init(configurations: [members.map(\.id)], members: members, terms: terms)
  }

  /// The sets of voters, each sorted by id: one set, or the old and the new one of a joint change.
  public var configurations: [[NodeID]] { self.storage.configurations }

  /// Every member, sorted by id.
  public var members: [Member] { self.storage.members }

  /// What leaving a joint membership does with voters that the new configuration does not name.
  public var leavingRule: LeavingRule { self.storage.leavingRule }

  /// What all members agree on beside who they are.
  public var terms: Terms { self.storage.terms }

  /// Whether two configurations must agree on every decision.
  public var isJoint: Bool { self.storage.configurations.count > 1 }

  /// The ids of all voters of all configurations, sorted.
  public var voters: [NodeID] { self.storage.voters }

  /// The ids of the members that no configuration names, sorted.
  public var learners: [NodeID] { self.storage.learners }

  /// Whether any configuration names this node.
  public func isVoter(_ id: NodeID) -> Bool {
    self.storage.voters.contains(id)
  }

  /// Whether this node is a member that holds no payloads.
  public func isWitness(_ id: NodeID) -> Bool {
    self.role(of: id) == .witness
  }

  /// The description of this node; `nil` if it is no member.
  public func member(_ id: NodeID) -> Member? {
    self.place(of: id).map { self.storage.members[$0] }
  }

  // What a step wants to know of a member, without a copy of its texts.

  /// How many members there are.
  package var memberCount: Int { self.storage.members.count }

  /// Whether this node is a member.
  package func isMember(_ id: NodeID) -> Bool { self.place(of: id) != nil }

  /// What kind of member this node is; `nil` if it is none.
  package func role(of id: NodeID) -> Member.Role? {
    self.place(of: id).map { self.storage.members[$0].role }
  }

  /// The life of this member that is meant; `nil` if none is named, or it is no member.
  package func incarnation(of id: NodeID) -> Incarnation? {
    self.place(of: id).flatMap { self.storage.members[$0].incarnation }
  }

  /// Where this member is reached; `nil` if it is none.
  package func address(of id: NodeID) -> String? {
    self.place(of: id).map { self.storage.members[$0].address }
  }

  private func place(of id: NodeID) -> Int? {
    for place in self.storage.members.indices where self.storage.members[place].id == id {
      return place
    }
    return nil
  }

  /// The description of the member with this name; `nil` if there is none.
  public func member(named name: String) -> Member? {
    self.members.first { $0.name == name }
  }

  /// The same members under other terms.
  package func with(_ terms: Terms) -> Membership {
    Membership(
      storage: Storage(
        configurations: self.configurations, members: self.members, leavingRule: self.leavingRule,
        terms: terms))
  }

  /// The same membership with the life of one member.
  package func binding(_ id: NodeID, to incarnation: Incarnation) -> Membership {
    var members = self.members
    for place in members.indices where members[place].id == id {
      members[place].incarnation = incarnation
    }
    return Membership(
      storage: Storage(
        configurations: self.configurations, members: members, leavingRule: self.leavingRule,
        terms: self.terms))
  }

  /// Whether an answer of this life speaks for the member: the member has no other life named.
  package func names(_ incarnation: Incarnation?, as id: NodeID) -> Bool {
    guard let named = self.incarnation(of: id) else { return true }
    return named == incarnation
  }

  private init(storage: Storage) {
    self.storage = storage
  }
}

extension Membership: CustomStringConvertible {
  /// `[1,2,3]` for three voters, `[1]&[1,2]+{3}` for a joint change with learner 3.
  public var description: String {
    let voters = self.configurations
      .map { "[" + $0.map(String.init(describing:)).joined(separator: ",") + "]" }
      .joined(separator: "&")
    let learners = self.learners.map(String.init(describing:)).joined(separator: ",")
    return learners.isEmpty ? voters : "\(voters)+{\(learners)}"
  }
}
