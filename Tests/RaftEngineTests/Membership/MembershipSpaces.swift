import RaftEngine

/// The server with this number, at a made-up address.
func server(_ id: NodeID, address: String? = nil, incarnation: UInt64? = nil) -> Member {
  Member(
    id: id, address: address ?? "host\(id)", incarnation: incarnation.map(Incarnation.init))
}

/// A membership of these configurations, with more members as learners.
func membership(
  _ configurations: [NodeID]..., learners: [NodeID] = [],
  leaving rule: Membership.LeavingRule = .retain
) throws(MembershipError) -> Membership {
  let ids = Set(configurations.joined()).union(learners)
  return try Membership(
    configurations: configurations, members: ids.map { server($0) }, leavingRule: rule)
}

/// All subsets of the nodes 1 through `count`, the empty one first.
func subsets(ofNodes count: Int) -> [[NodeID]] {
  (0..<(1 << count)).map { bits in
    (0..<count).filter { bits & (1 << $0) != 0 }.map { NodeID(UInt64($0) + 1) }
  }
}

/// Whether these nodes are a majority of every configuration, by the book.
func isQuorum(_ nodes: [NodeID], of membership: Membership) -> Bool {
  membership.configurations.allSatisfy { voters in
    2 * voters.filter { nodes.contains($0) }.count > voters.count
  }
}

/// Whether every quorum of the one membership shares a voter with every quorum of the other.
func quorumsIntersect(_ one: Membership, _ other: Membership, ofNodes count: Int) -> Bool {
  let nodes = subsets(ofNodes: count)
  let quorums = nodes.filter { isQuorum($0, of: one) }
  let others = nodes.filter { isQuorum($0, of: other) }
  return quorums.allSatisfy { quorum in
    others.allSatisfy { other in quorum.contains { other.contains($0) } }
  }
}
