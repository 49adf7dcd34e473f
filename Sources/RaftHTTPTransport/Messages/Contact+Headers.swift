internal import Raft
internal import RaftHTTP

extension Contact {
  private static let noCluster = "none"

  /// The words for the leadership rules.
  private static let rules: [(rule: LeadershipRule, word: String)] = [
    (.manyPerTerm, "many-per-term"), (.onePerTerm, "one-per-term"),
  ]

  /// The header fields that say who speaks to whom.
  var headers: HTTPHeaders {
    var headers = HTTPHeaders()
    headers.append(RaftHeader.version, String(self.protocolVersion))
    headers.append(RaftHeader.cluster, self.cluster?.description ?? Self.noCluster)
    if self.group != 0 { headers.append(RaftHeader.group, String(self.group)) }
    headers.append(RaftHeader.sender, self.sender.description)
    if let incarnation = self.senderIncarnation {
      headers.append(RaftHeader.senderIncarnation, incarnation.description)
    }
    headers.append(RaftHeader.receiver, self.receiver.description)
    if let incarnation = self.receiverIncarnation {
      headers.append(RaftHeader.receiverIncarnation, incarnation.description)
    }
    if let known = Self.rules.first(where: { $0.rule == self.leadershipRule }) {
      headers.append(RaftHeader.leadershipRule, known.word)
    }
    return headers
  }

  /// Reads who speaks to whom.
  init(_ headers: HTTPHeaders) throws(MessageFault) {
    guard let version = try headers.number(RaftHeader.version, as: UInt32.self),
      let sender = try headers.number(RaftHeader.sender, as: UInt64.self),
      let receiver = try headers.number(RaftHeader.receiver, as: UInt64.self),
      let clusterText = try headers.single(RaftHeader.cluster)
    else {
      throw MessageFault(
        """
        a raft message must state its cluster and the ids of both nodes in the headers \
        \(RaftHeader.version), \(RaftHeader.cluster), \(RaftHeader.sender) and \
        \(RaftHeader.receiver); a server that does not send them, such as openraft's, cannot be \
        a member of this cluster
        """)
    }
    var cluster: ClusterID?
    if clusterText != Self.noCluster {
      cluster = try headers.single(
        RaftHeader.cluster, as: "a cluster id of 32 lower-case hexadecimal digits, or none",
        ClusterID.init(_:))
    }
    self.init(
      protocolVersion: version, group: try headers.number(RaftHeader.group, as: UInt64.self) ?? 0,
      cluster: cluster, sender: NodeID(sender),
      senderIncarnation: try headers.incarnation(RaftHeader.senderIncarnation),
      receiver: NodeID(receiver),
      receiverIncarnation: try headers.incarnation(RaftHeader.receiverIncarnation),
      leadershipRule: try headers.single(
        RaftHeader.leadershipRule, as: "many-per-term or one-per-term"
      ) { text in Self.rules.first { $0.word == text }?.rule })
  }
}
