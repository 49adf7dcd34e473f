import RaftEngine
import Testing

@Suite("Quorums")
struct QuorumTests {
  private static let groups = subsets(ofNodes: 5)
  private static let configurations = groups.filter { !$0.isEmpty }

  @Test("A quorum is more than half of one configuration")
  func uniform() throws {
    for voters in Self.configurations {
      let membership = try membership(voters, learners: [1, 2, 3, 4, 5])
      for granted in Self.groups {
        try #require(
          membership.isQuorum(where: granted.contains) == isQuorum(granted, of: membership),
          "\(granted) of \(membership)")
      }
    }
  }

  @Test("A quorum of a joint membership is more than half of both configurations")
  func joint() throws {
    for old in Self.configurations {
      for new in Self.configurations {
        let membership = try membership(old, new)
        for granted in Self.groups {
          try #require(
            membership.isQuorum(where: granted.contains) == isQuorum(granted, of: membership),
            "\(granted) of \(membership)")
        }
      }
    }
  }

  @Test("Two quorums of one membership always meet")
  func quorumsOfOneMeet() throws {
    for old in Self.configurations {
      let uniform = try membership(old)
      try #require(quorumsIntersect(uniform, uniform, ofNodes: 5))
    }
  }

  @Test("The quorum's value is the greatest that a majority of one configuration has reached")
  func uniformValue() throws {
    for voters in Self.configurations {
      let membership = try membership(voters, learners: [1, 2, 3, 4, 5])
      for assignment in 0..<1024 {
        try Self.requireAgreement(membership, assignment)
      }
    }
  }

  @Test("The quorum's value is the greatest that majorities of both configurations have reached")
  func jointValue() throws {
    var generator = SeededGenerator(seed: 5)
    for old in Self.configurations {
      for new in Self.configurations {
        let membership = try membership(old, new)
        for _ in 0..<12 {
          try Self.requireAgreement(membership, .random(in: 0..<1024, using: &generator))
        }
      }
    }
  }

  /// Gives each of five nodes one of four values, one of them nothing, by two bits each.
  private static func requireAgreement(_ membership: Membership, _ assignment: Int) throws {
    func value(of node: NodeID) -> Int? {
      let bits = (assignment >> (2 * Int(node.rawValue - 1))) & 3
      return bits == 0 ? nil : bits
    }
    let expected = (1...3).last { least in
      isQuorum(
        (1...5).map { NodeID($0) }.filter { (value(of: $0) ?? 0) >= least }, of: membership)
    }
    try #require(membership.quorumValue(value) == expected, "\(assignment) of \(membership)")
  }

  @Test("Values of a learner never count, however far it is")
  func learners() throws {
    let membership = try membership([1, 2, 3], learners: [4, 5])
    let reached: [UInt64] = [7, 3, 1, 100, 100]
    #expect(membership.quorumValue { reached[Int($0.rawValue) - 1] } == 3)
    #expect(!membership.isQuorum { $0 >= 3 })
  }

  @Test(
    "Large configurations are decided by more than half, too",
    arguments: [15, 16, 17, 18, 100, 1000])
  func large(count: UInt64) throws {
    var shuffled = (1...count).map { NodeID($0) }
    var generator = SeededGenerator(seed: count)
    shuffled.shuffle(using: &generator)
    let all = try membership(shuffled)
    let half = count / 2
    #expect(all.quorumValue { $0 } == NodeID(count - half))
    #expect(
      all.quorumValue { $0 <= NodeID(half) ? nil : $0 } == (count % 2 == 1 ? NodeID(half + 1) : nil)
    )
    #expect(all.isQuorum { $0.rawValue <= half + 1 })
    #expect(!all.isQuorum { $0.rawValue <= half })
  }

  @Test("Each voter is asked once for each configuration that names it")
  func questions() throws {
    let membership = try membership([1, 2, 3], [3, 4])
    var asked: [NodeID] = []
    let value = membership.quorumValue { node in
      asked.append(node)
      return node
    }
    #expect(value == 2)
    #expect(asked == [1, 2, 3, 3, 4])
  }

  @Test("Log positions, moments and texts can be the values")
  func kinds() throws {
    let membership = try membership([1, 2, 3])
    let positions = [LogID(term: 1, node: 1, index: 9), LogID(term: 2, node: 1, index: 4), nil]
    #expect(membership.quorumValue { positions[Int($0.rawValue) - 1] } == positions[0])
    #expect(
      membership.quorumValue { Instant(nanoseconds: Int64($0.rawValue)) }
        == Instant(nanoseconds: 2))
    #expect(membership.quorumValue { "a long text that lives on the heap \($0)" }?.last == "2")
  }
}
