internal import Raft

/// Memberships that the cases store.
enum Memberships {
  /// Three voters and a learner.
  static let simple = make(
    configurations: [[1, 2, 3]],
    members: [
      Member(id: 1, address: "127.0.0.1:22001"), Member(id: 2, address: "127.0.0.1:22002"),
      Member(id: 3, address: "127.0.0.1:22003"), Member(id: 4, address: "127.0.0.1:22004"),
    ])

  /// A joint change in which every part of a membership says something.
  static let joint = make(
    configurations: [[1, 2, 3], [2, 3, 18_446_744_073_709_551_615]],
    members: [
      Member(id: 1, address: "[2001:db8::1]:22001", name: "north"),
      Member(
        id: 2, address: "storage-2.example:22002", name: "s\u{FC}d",
        metadata: [
          "": "empty key", "api": "https://storage-2.example", "note": "\"\\\n\u{0}\u{1F4A1}",
        ],
        incarnation: Incarnation(0)),
      Member(id: 3, address: "", incarnation: Incarnation(.max)),
      Member(id: 5, address: "x", name: "learner", isPromotedWhenCaughtUp: true),
      Member(id: 6, address: "y", role: .witness),
      Member(id: 18_446_744_073_709_551_615, address: "z", metadata: ["k": ""]),
    ],
    leavingRule: .drop(except: [1, 7]),
    terms: Membership.Terms(
      cluster: ClusterID(high: .max, low: 1, generation: 4_000_000_000),
      leadershipRule: .onePerTerm, largestPromise: 1_500_000_000, featureLevel: 7))

  /// A joint change after which removed voters drop out altogether.
  static let dropping = make(
    configurations: [[1, 2, 3], [2, 3]], members: simple.members,
    leavingRule: .drop(except: []))

  /// Both configurations are the same, and the promise is the longest there is.
  static let same = make(
    configurations: [[1], [1]], members: [Member(id: 1, address: "a")],
    terms: Membership.Terms(largestPromise: .max, featureLevel: .max))

  private static func make(
    configurations: [[NodeID]], members: [Member],
    leavingRule: Membership.LeavingRule = .retain, terms: Membership.Terms = .init()
  ) -> Membership {
    do {
      return try Membership(
        configurations: configurations, members: members, leavingRule: leavingRule, terms: terms)
    } catch {
      preconditionFailure("a membership of the cases is none: \(error)")
    }
  }
}
