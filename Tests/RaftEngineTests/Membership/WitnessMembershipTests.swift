import RaftEngine
import Testing

@Suite("Witnesses among the members")
struct WitnessMembershipTests {
  private static func members(_ count: Int, witnesses: [NodeID]) -> [Member] {
    (1...count).map { number in
      let id = NodeID(UInt64(number))
      return Member(
        id: id, address: "host\(id)", role: witnesses.contains(id) ? .witness : .replica)
    }
  }

  private static func membership(
    _ configurations: [[NodeID]], witnesses: [NodeID], of count: Int = 5
  ) throws(MembershipError) -> Membership {
    try Membership(
      configurations: configurations, members: Self.members(count, witnesses: witnesses))
  }

  @Test("A membership is possible exactly if each majority of each configuration has a replica")
  func everyMajority() {
    let sets = subsets(ofNodes: 4)
    for witnesses in sets {
      for first in sets where !first.isEmpty {
        for second in sets where !second.isEmpty {
          let majorities = [first, second].flatMap { voters in
            sets.filter { set in
              set.allSatisfy { voters.contains($0) } && 2 * set.count > voters.count
            }
          }
          let isSafe = majorities.allSatisfy { set in
            set.contains { !witnesses.contains($0) }
          }
          let built = try? Self.membership([first, second], witnesses: witnesses, of: 4)
          #expect((built != nil) == isSafe, "\(first)&\(second), witnesses \(witnesses)")
          guard let built else { continue }
          // What commits, commits with a replica.
          for set in sets where built.isQuorum(where: { set.contains($0) }) {
            #expect(!set.allSatisfy { witnesses.contains($0) }, "\(built): \(set)")
          }
        }
      }
    }
  }

  @Test("Witnesses alone, and a majority of them, are refused with their names")
  func refusals() {
    #expect(throws: MembershipError.witnessMajority([2])) {
      try Self.membership([[2]], witnesses: [2])
    }
    #expect(throws: MembershipError.witnessMajority([2, 3])) {
      try Self.membership([[1, 2, 3]], witnesses: [2, 3])
    }
    #expect(throws: MembershipError.witnessMajority([3, 4])) {
      try Self.membership([[1, 2, 5], [3, 4]], witnesses: [3, 4])
    }
    #expect(throws: Never.self) { try Self.membership([[1, 2]], witnesses: [2]) }
  }

  @Test("Every change of voters that is possible leads through possible memberships")
  func changes() throws {
    let sets = subsets(ofNodes: 4)
    for witnesses in sets {
      for first in sets where !first.isEmpty {
        guard let before = try? Self.membership([first], witnesses: witnesses, of: 4) else {
          continue
        }
        for second in sets {
          let direct = try? Self.membership([second], witnesses: witnesses, of: 4)
          let next = try? before.applying(.replaceVoters(second), retainingRemoved: true)
          #expect((direct == nil) == (next == nil), "\(first) to \(second), \(witnesses)")
          if let next, next.isJoint {
            #expect(next.leavingJoint().configurations == [second])
          }
        }
      }
    }
  }

  @Test("A member keeps its role until a membership without it")
  func exchangedRoles() throws {
    let before = try Self.membership([[1, 2, 3]], witnesses: [3])
    var replica = before.members[2]
    replica.role = .replica
    var witness = before.members[4]
    witness.role = .witness
    for change: MembershipChange in [
      .updateMembers([replica]), .replaceMembers(Array(before.members.prefix(2)) + [replica]),
      .batch([.removeVoters([3]), .removeMembers([3]), .addLearners([replica])]),
    ] {
      #expect(throws: MembershipError.exchangedRole(3)) {
        try before.applying(change, retainingRemoved: true)
      }
    }
    #expect(throws: MembershipError.exchangedRole(5)) {
      try before.applying(.updateMembers([witness]), retainingRemoved: true)
    }
    let without = try before.applying(
      .batch([.removeVoters([3]), .removeMembers([3])]), retainingRemoved: false
    ).leavingJoint()
    let after = try without.applying(.addLearners([replica]), retainingRemoved: false)
    #expect(after.member(3) == replica)
  }
}
