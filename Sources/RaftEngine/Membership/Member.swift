/// One server of the cluster, as the replicated membership describes it.
public struct Member: Hashable, Sendable {
  /// What a member may do beyond holding the log.
  public enum Role: UInt8, Hashable, Sendable, CaseIterable {
    /// An ordinary member: a learner, or a voter if a configuration names it.
    case replica = 0
    /// A member that votes and confirms like any other, and holds the positions of entries but
    /// neither payloads nor state: it never leads, and nobody can be brought up to date from it.
    case witness = 1
  }

  /// The server's number.
  public let id: NodeID
  /// Where the other members reach it, in the transport's own form, such as `127.0.0.1:22001`.
  public var address: String
  /// A name for people, unique where ``Membership/member(named:)`` is used; may be empty.
  public var name: String
  /// What the application wants every member to know of this one, such as its public address.
  public var metadata: [String: String]
  /// Which life of the server's data is meant; `nil` until a leader has heard from the member, and
  /// has it named by an entry of its own.
  ///
  /// Votes and confirmations count only from this life, and the server refuses what is meant for
  /// another one. A voter's is never exchanged: its former life loses the vote before the new one
  /// comes in.
  public var incarnation: Incarnation?
  /// What the member may do; the same for as long as it is a member.
  public var role: Role
  /// Whether the leader, whoever that is by then, shall make this learner a voter as soon as it has caught up.
  public var isPromotedWhenCaughtUp: Bool

  /// Describes a server.
  public init(
    id: NodeID, address: String, name: String = "", metadata: [String: String] = [:],
    incarnation: Incarnation? = nil, role: Role = .replica, isPromotedWhenCaughtUp: Bool = false
  ) {
    self.id = id
    self.address = address
    self.name = name
    self.metadata = metadata
    self.incarnation = incarnation
    self.role = role
    self.isPromotedWhenCaughtUp = isPromotedWhenCaughtUp
  }
}

extension Member: CustomStringConvertible {
  /// `2@127.0.0.1:22002`.
  public var description: String { "\(self.id)@\(self.address)" }
}
