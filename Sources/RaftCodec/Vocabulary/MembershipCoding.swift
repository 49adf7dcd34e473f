public import RaftEngine

/// The versions of the membership block.
enum MembershipFormat {
  /// The newest version of the block, which is also the one that is written.
  static let newestVersion: UInt32 = 1

  /// What leaving a joint configuration does with voters that go.
  enum Leaving: UInt8 {
    case retain = 0
    case drop = 1
  }
}

extension ByteWriter {
  /// Writes a membership as a block of its own: length, version, content.
  public mutating func write(_ membership: Membership) {
    self.writeCounted { block in
      block.write(UInt8(MembershipFormat.newestVersion))
      block.write(zeros: 3)
      block.write(membership.terms)
      block.write(membership.leavingRule)
      block.write(count: membership.configurations.count)
      for voters in membership.configurations { block.write(nodes: voters) }
      block.write(count: membership.members.count)
      for member in membership.members { block.write(member) }
    }
  }

  private mutating func write(_ terms: Membership.Terms) {
    self.write(terms.cluster)
    self.write(terms.leadershipRule.rawValue)
    self.write(presenceOf: terms.largestPromise)
    if let promise = terms.largestPromise { self.write(promise) }
    self.write(terms.featureLevel)
  }

  private mutating func write(_ rule: Membership.LeavingRule) {
    switch rule {
    case .retain:
      self.write(MembershipFormat.Leaving.retain.rawValue)
    case .drop(let exceptions):
      self.write(MembershipFormat.Leaving.drop.rawValue)
      self.write(nodes: exceptions)
    }
  }

  private mutating func write(nodes: [NodeID]) {
    self.write(count: nodes.count)
    for node in nodes { self.write(node) }
  }
}

extension ByteReader {
  /// Reads a membership's block.
  public mutating func readMembership() throws(CodecError) -> Membership {
    var block = try self.readBlock("a membership")
    let membership = try block.readMembershipContent()
    try block.expectEnd(of: "a membership")
    return membership
  }

  private mutating func readMembershipContent() throws(CodecError) -> Membership {
    let start = self
    _ = try self.readVersion(
      newestKnown: MembershipFormat.newestVersion, "a membership's format version")
    try self.readReserved(3, "a membership's flags")
    let terms = try self.readTerms()
    let rule = try self.readLeavingRule()
    var configurations: [[NodeID]] = []
    for _ in 0..<(try self.readCount("the configurations", ofSize: 4)) {
      configurations.append(try self.readNodes("the voters"))
    }
    var members: [Member] = []
    for _ in 0..<(try self.readCount("the members", ofSize: Self.minimumMemberSize)) {
      members.append(try self.readMember())
    }
    let membership: Membership
    do {
      membership = try Membership(
        configurations: configurations, members: members, leavingRule: rule, terms: terms)
    } catch {
      throw start.error(.invalid(error.description), "a membership")
    }
    // One membership has one encoding: nodes stand in the order of their numbers.
    guard membership.configurations == configurations, membership.members == members,
      membership.leavingRule == rule
    else {
      throw start.error(.invalid("its nodes do not ascend"), "a membership")
    }
    return membership
  }

  private mutating func readTerms() throws(CodecError) -> Membership.Terms {
    Membership.Terms(
      cluster: try self.readOptionalClusterID(), leadershipRule: try self.readLeadershipRule(),
      largestPromise: try self.readPresence(of: "the largest promise")
        ? try self.readNanoseconds("the largest promise") : nil,
      featureLevel: try self.readUInt32("the feature level"))
  }

  private mutating func readLeavingRule() throws(CodecError) -> Membership.LeavingRule {
    switch try self.readCase(of: MembershipFormat.Leaving.self, "the leaving rule") {
    case .retain: .retain
    case .drop: .drop(except: try self.readNodes("the leaving rule's exceptions"))
    }
  }

  private mutating func readNodes(_ what: String) throws(CodecError) -> [NodeID] {
    var nodes: [NodeID] = []
    for _ in 0..<(try self.readCount(what, ofSize: 8)) { nodes.append(try self.readNodeID()) }
    return nodes
  }

  /// Reads a length of time in nanoseconds, which is not negative.
  mutating func readNanoseconds(_ what: String) throws(CodecError) -> Int64 {
    let nanoseconds = try self.readInt64(what)
    guard nanoseconds >= 0 else {
      throw self.error(.invalid("\(nanoseconds) ns is no length of time"), what, back: 8)
    }
    return nanoseconds
  }
}
