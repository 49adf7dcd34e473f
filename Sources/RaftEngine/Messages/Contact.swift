/// Who speaks to whom: stated by every message between servers, and checked before anything else.
///
/// A message of another cluster, for another node or for another life of this node is refused
/// (scenario S95). A sender that the local membership does not list is served: a fresh learner
/// knows nobody, and a lagging voter must answer candidates that it has not heard of (S17, S81).
public struct Contact: Hashable, Sendable {
  /// The newest protocol that this build speaks.
  public static let currentProtocolVersion: UInt32 = 1

  /// The protocol that the message is written in.
  public var protocolVersion: UInt32
  /// Which of several groups in one process; 0 where there is one.
  public var group: UInt64
  /// The sender's cluster; `nil` while it has none.
  public var cluster: ClusterID?
  /// The sender.
  public var sender: NodeID
  /// The sender's life; `nil` if the sender does not state it.
  public var senderIncarnation: Incarnation?
  /// The node that the message is meant for.
  public var receiver: NodeID
  /// The life of the receiver that is meant; `nil` if any will do.
  public var receiverIncarnation: Incarnation?
  /// The leadership rule of the sender's cluster; `nil` while the sender has no membership.
  public var leadershipRule: LeadershipRule?

  /// States who speaks to whom.
  public init(
    protocolVersion: UInt32 = Contact.currentProtocolVersion, group: UInt64 = 0,
    cluster: ClusterID?, sender: NodeID, senderIncarnation: Incarnation? = nil, receiver: NodeID,
    receiverIncarnation: Incarnation? = nil, leadershipRule: LeadershipRule? = nil
  ) {
    self.protocolVersion = protocolVersion
    self.group = group
    self.cluster = cluster
    self.sender = sender
    self.senderIncarnation = senderIncarnation
    self.receiver = receiver
    self.receiverIncarnation = receiverIncarnation
    self.leadershipRule = leadershipRule
  }
}

/// Why a message was not taken: it was meant for somebody else.
@nonexhaustive
public enum ContactRefusal: Error, Hashable, Sendable {
  /// The message is written in a newer protocol.
  case unknownProtocol(version: UInt32, newestKnown: UInt32)
  /// The message is for another node.
  case wrongNode(meant: NodeID, reached: NodeID)
  /// The message is for an earlier or later life of this node.
  case wrongIncarnation(meant: Incarnation, reached: Incarnation)
  /// The sender belongs to another cluster.
  case wrongCluster(theirs: ClusterID, ours: ClusterID)
  /// The sender's cluster elects its leaders by another rule.
  case wrongLeadershipRule(theirs: LeadershipRule, ours: LeadershipRule)
  /// The message claims to come from this node itself: an id is used twice.
  case ownMessage(NodeID)
}

extension ContactRefusal: CustomStringConvertible {
  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .unknownProtocol(let version, let newestKnown):
      """
      the message is written in protocol \(version), this node speaks up to \(newestKnown): \
      upgrade this node first
      """
    case .wrongNode(let meant, let reached):
      "the message is for node \(meant), this is node \(reached): correct the member's address"
    case .wrongIncarnation(let meant, let reached):
      """
      the message is for incarnation \(meant) of this node, this is \(reached): its data was \
      replaced; remove the member and add it again
      """
    case .wrongCluster(let theirs, let ours)
    where (theirs.high, theirs.low) == (ours.high, ours.low):
      """
      the cluster went through an unsafe recovery: the sender belongs to \(theirs), this node to \
      \(ours); whoever is of the earlier generation was left behind: empty its folder and add it anew
      """
    case .wrongCluster(let theirs, let ours):
      "the sender belongs to cluster \(theirs), this node to \(ours): correct the member's address"
    case .wrongLeadershipRule(let theirs, let ours):
      """
      the sender's cluster was founded with the leadership rule \(theirs), this node's with \(ours): \
      they are two clusters; correct the member's address
      """
    case .ownMessage(let id):
      "the message claims to come from node \(id) itself: two servers run under one id"
    }
  }
}
