import Raft
import RaftHTTPTransport
import RaftJSON
import Testing

@Suite("Members and memberships in JSON")
struct MembershipShapeTests {
  private static let first = Member(
    id: 1, address: "127.0.0.1:22001", metadata: ["api": "127.0.0.1:21001"])
  private static let firstText = #"{"raft_addr":"127.0.0.1:22001","data":"127.0.0.1:21001"}"#

  @Test("A founder lists its members with their ids")
  func numberedMembers() throws {
    try expect([NumberedMember(Self.first)], is: "[[1,\(Self.firstText)]]")
    #expect(throws: JSONError.self) { try read(NumberedMember.self, "[1]") }
    #expect(throws: JSONError.self) {
      try read(NumberedMember.self, "[1,\(Self.firstText),3]")
    }
  }

  @Test("What a member has beside its addresses follows in members of its own")
  func wholeMember() throws {
    let member = Member(
      id: 2, address: "b", name: "second", metadata: ["zone": "z1", "api": "c", "Rack": "4"],
      incarnation: Incarnation(1), role: .witness, isPromotedWhenCaughtUp: true)
    try expect(
      NumberedMember(member),
      is: """
        [2,{"raft_addr":"b","data":"c","name":"second","metadata":{"Rack":"4","zone":"z1"},\
        "incarnation":"0000000000000001","role":"Witness","promote_when_caught_up":true}]
        """)
  }

  @Test("An api address that is empty is told from none")
  func emptyAPIAddress() throws {
    try expect(
      NumberedMember(Member(id: 1, address: "a", metadata: ["api": ""])),
      is: #"[1,{"raft_addr":"a","data":"","metadata":{"api":""}}]"#)
    try expect(
      NumberedMember(Member(id: 1, address: "a")), is: #"[1,{"raft_addr":"a","data":""}]"#)
  }

  @Test(
    "Descriptions that contradict themselves are refused",
    arguments: [
      #"{"raft_addr":"a","data":"b","metadata":{"api":"c"}}"#,
      #"{"raft_addr":"a","metadata":{"\u00e9":"1","e\u0301":"2"}}"#,
      #"{"raft_addr":"a","role":"Boss"}"#, #"{"raft_addr":"a","metadata":{"k":1}}"#,
      #"{"data":"a"}"#, #"{"raft_addr":null}"#, "[]",
    ])
  func badMembers(text: String) {
    #expect(throws: JSONError.self) { try read(NumberedMember.self, "[1,\(text)]") }
  }

  @Test("A membership has configurations and the descriptions of its nodes")
  func membership() throws {
    let second = Member(id: 2, address: "b", metadata: ["api": "d"])
    try expect(
      try Membership(configurations: [[1]], members: [Self.first, second]),
      is: #"{"configs":[[1]],"nodes":{"1":\#(Self.firstText),"2":{"raft_addr":"b","data":"d"}}}"#)
  }

  @Test("A joint membership says what leaving it means, and what all members agree on")
  func jointMembership() throws {
    let terms = Membership.Terms(
      cluster: ClusterID(high: 0, low: 1), leadershipRule: .onePerTerm, largestPromise: 150_000_000,
      featureLevel: 3)
    let second = Member(id: 2, address: "b", metadata: ["api": "d"])
    let membership = try Membership(
      configurations: [[1], [1, 2]], members: [Self.first, second], leavingRule: .drop(except: [2]),
      terms: terms)
    try expect(
      membership,
      is: """
        {"configs":[[1],[1,2]],"nodes":{"1":\(Self.firstText),"2":{"raft_addr":"b","data":"d"}},\
        "leaving":{"Drop":[2]},"cluster":"00000000000000000000000000000001",\
        "leadership_rule":"OnePerTerm","largest_promise":150000000,"feature_level":3}
        """)
    try expect(
      LoggedMembership(logID: LogID(term: 0, node: 1, index: 0), membership: membership),
      is: """
        {"log_id":{"leader_id":{"term":0,"node_id":1},"index":0},"membership":\
        \(String(decoding: membership.jsonBytes(), as: UTF8.self))}
        """)
  }

  @Test("Before any membership is known there is one without voters and nodes")
  func noMembership() throws {
    try expect(
      LoggedMembership.none, is: #"{"log_id":null,"membership":{"configs":[],"nodes":{}}}"#)
  }

  @Test(
    "Memberships that make no sense are refused",
    arguments: [
      #"{"configs":[],"nodes":{}}"#, #"{"configs":[[]],"nodes":{}}"#,
      #"{"configs":[[1]],"nodes":{}}"#, #"{"configs":[[1,1]],"nodes":{"1":{"raft_addr":"a"}}}"#,
      #"{"configs":[[1],[1],[1]],"nodes":{"1":{"raft_addr":"a"}}}"#,
      #"{"configs":[[1]],"nodes":{"01":{"raft_addr":"a"}}}"#,
      #"{"configs":[[1]],"nodes":{"+1":{"raft_addr":"a"}}}"#,
      #"{"configs":[[1]],"nodes":{"1":{"raft_addr":"a"}},"largest_promise":-1}"#,
      #"{"configs":[[1]],"nodes":{"1":{"raft_addr":"a"}},"leaving":"Drop"}"#,
      #"{"configs":[[1]],"nodes":{"1":{"raft_addr":"a"}},"feature_level":4294967296}"#,
      #"{"configs":[1],"nodes":{"1":{"raft_addr":"a"}}}"#, "null",
    ])
  func badMemberships(text: String) {
    #expect(throws: JSONError.self) { try read(Membership.self, text) }
    #expect(throws: JSONError.self) {
      try read(
        LoggedMembership.self,
        #"{"log_id":{"leader_id":{"term":1,"node_id":1},"index":1},"membership":\#(text)}"#)
    }
  }

  @Test("The reason why a membership is impossible stands in the error")
  func reason() {
    #expect(
      refusal(Membership.self, #"{"configs":[[1]],"nodes":{}}"#)
        == """
        at $ (byte 0): expected a possible membership (node 1 is no member: add it as a learner \
        before it becomes a voter), found an object
        """)
  }
}
