import Raft
import RaftHTTP
import RaftJSON
import TestPace
import Testing

@testable import raft_kv

@Suite("The API of a server", .realTime, .timeLimit(.minutes(5)))
struct APITests {
  private static let nobody = #"{"Err":{"ForwardToLeader":{"leader_id":null,"leader_node":null}}}"#

  /// A log id of the first leadership.
  private static func logID(_ index: Int) -> String {
    #"{"leader_id":{"term":1,"node_id":1},"index":\#(index)}"#
  }

  @Test("A server that belongs to no cluster says so, and shows that it runs")
  func withoutCluster() async throws {
    try await ServerUnderTest.with([1]) { servers in
      let server = servers[0]
      let write = #"{"Set":{"key":"foo","value":"bar"}}"#
      #expect(try await server.text("/write", write) == Self.nobody)
      #expect(try await server.text("/linearizable_read", #""foo""#) == Self.nobody)
      #expect(try await server.text("/get_linearizer") == Self.nobody)
      #expect(try await server.text("/change-membership", "[1]") == Self.nobody)
      #expect(try await server.text("/read", #""foo""#) == #"{"Ok":{"value":null}}"#)
      #expect(
        try await server.text("/follower_read", #""foo""#)
          == #"{"Err":{"message":"no leader is known here: try again"}}"#)
      #expect(try await server.text("/list-nodes") == #"{"Ok":{}}"#)
      let recording = try await server.ask("/flight-recording")
      #expect(recording.headers["Content-Type"] == "application/octet-stream")
      #expect(recording.body.starts(with: Array("RAFTFREC".utf8)))
      let learner = #"{"node_id":2,"api_addr":"127.0.0.1:1","raft_addr":"127.0.0.1:2"}"#
      #expect(try await server.text("/add-learner", learner) == Self.nobody)
      let metrics = try JSONDocument(try await server.text("/metrics")).root["Ok"]
      #expect(try metrics["id"].uint64() == 1)
      #expect(try metrics["state"].string() == "Learner")
      #expect(try metrics["current_leader"].isNull)
    }
  }

  @Test("A cluster is founded once, and by a member")
  func initialize() async throws {
    try await ServerUnderTest.with([1]) { servers in
      let server = servers[0]
      let info = #"{"raft_addr":"127.0.0.1:2","data":"127.0.0.1:1"}"#
      #expect(
        try await server.text("/init", "[[2,\(info)]]")
          == #"{"Err":{"NotInMembers":{"node_id":1,"membership":{"configs":[[2]],"nodes":{"2":\#(info)}}}}}"#
      )
      #expect(try await server.text("/init", "[]") == #"{"Ok":null}"#)
      _ = try await server.await(#""state":"Leader""#, in: "/metrics")
      let again = try await server.text("/init", "[]")
      #expect(again.hasPrefix(#"{"Err":{"NotAllowed":{"last_log_id":"#))
      let own = """
        {"raft_addr":"\(server.announcement.raftAddress)","data":"\(server.api)"}
        """
      #expect(Self.unnamed(try await server.text("/list-nodes")) == #"{"Ok":{"1":\#(own)}}"#)
    }
  }

  @Test("Writes answer with their place in the log, and reads with the version")
  func writeAndRead() async throws {
    try await ServerUnderTest.with([1]) { servers in
      let server = servers[0]
      try await ServerUnderTest.formCluster(servers)
      let before = try JSONDocument(try await server.text("/metrics")).root["Ok"]
      let last = try before["last_log_index"].int()
      func answer(_ index: Int, _ value: String) -> String {
        #"{"Ok":{"log_id":\#(Self.logID(index)),"data":{"value":\#(value)},"membership":null}}"#
      }
      let first = #"{"value":"bar","version":\#(last + 1)}"#
      #expect(
        try await server.text("/write", #"{"Set":{"key":"foo","value":"bar"}}"#)
          == answer(last + 1, first))
      for path in ["/read", "/linearizable_read", "/lease_read", "/follower_read"] {
        #expect(try await server.text(path, #""foo""#) == #"{"Ok":{"value":\#(first)}}"#)
        #expect(try await server.text(path, #""none""#) == #"{"Ok":{"value":null}}"#)
      }
      func swap(_ expected: Int) -> String {
        #"{"CompareAndSet":{"key":"foo","expected_version":\#(expected),"value":"x"}}"#
      }
      #expect(
        try await server.text("/write", swap(last + 1))
          == answer(last + 2, #"{"value":"x","version":\#(last + 2)}"#))
      #expect(try await server.text("/write", swap(last + 1)) == answer(last + 3, "null"))
      #expect(
        try await server.text("/get_linearizer")
          == #"{"Ok":{"node_id":1,"read_log_id":\#(Self.logID(last + 3)),"applied":\#(Self.logID(last + 3))}}"#
      )
    }
  }

  @Test("Memberships that cannot be are refused by name")
  func badMemberships() async throws {
    try await ServerUnderTest.with([1]) { servers in
      let server = servers[0]
      try await ServerUnderTest.formCluster(servers)
      #expect(
        try await server.text("/change-membership", "[1,4]")
          == #"{"Err":{"ChangeMembershipError":{"LearnerNotFound":{"node_id":4}}}}"#)
      #expect(
        try await server.text("/change-membership", "[]")
          == #"{"Err":{"ChangeMembershipError":{"EmptyMembership":{}}}}"#)
    }
  }

  /// The text without the lives of members, which are random.
  private static func unnamed(_ text: String) -> String {
    text.replacing(/,"incarnation":"[0-9a-f]{16}"/, with: "")
  }

  @Test("A server joins in one request and leaves in another, and both may be repeated")
  func joinAndLeave() async throws {
    try await ServerUnderTest.with([1, 2]) { servers in
      #expect(try await servers[0].text("/init", "[]") == #"{"Ok":null}"#)
      _ = try await servers[0].await(#""state":"Leader""#, in: "/metrics")
      let join = """
        {"node_id":2,"api_addr":"\(servers[1].api)","raft_addr":\
        "\(servers[1].announcement.raftAddress)"}
        """
      for _ in 1...2 {
        #expect(try await servers[0].text("/join", join).contains(#""configs":[[1,2]]"#))
      }
      for _ in 1...2 {
        let left = try await servers[0].text("/leave", #"{"node_id":2}"#)
        #expect(left.contains(#""configs":[[1]]"#) && left.hasPrefix(#"{"Ok":"#))
      }
      _ = try await servers[1].await(#""removed_at":"#, in: "/metrics")
    }
  }

  @Test("Followers name the leader, read on its word, and learn what it wrote")
  func followers() async throws {
    try await ServerUnderTest.with([1, 2, 3]) { servers in
      try await ServerUnderTest.formCluster(servers)
      let leader = servers[0]
      _ = try await leader.text("/write", #"{"Set":{"key":"foo","value":"bar"}}"#)
      let forward = """
        {"Err":{"ForwardToLeader":{"leader_id":1,"leader_node":\
        {"raft_addr":"\(leader.announcement.raftAddress)","data":"\(leader.api)"}}}}
        """
      for follower in servers.dropFirst() {
        _ = try await follower.await(#""current_leader":1"#, in: "/metrics")
        let write = #"{"Set":{"key":"foo","value":"x"}}"#
        #expect(Self.unnamed(try await follower.text("/write", write)) == forward)
        for path in ["/linearizable_read", "/lease_read"] {
          #expect(Self.unnamed(try await follower.text(path, #""foo""#)) == forward)
        }
        #expect(Self.unnamed(try await follower.text("/get_linearizer")) == forward)
        let value = try await leader.text("/read", #""foo""#)
        #expect(value.contains(#""value":"bar""#))
        #expect(try await follower.text("/follower_read", #""foo""#) == value)
        #expect(try await follower.text("/read", #""foo""#) == value)
      }
    }
  }

  @Test("A leader that lost its majority admits no linearizable read")
  func quorumLost() async throws {
    try await ServerUnderTest.with([1, 2]) { servers in
      try await ServerUnderTest.formCluster(servers)
      servers[1].end()
      #expect(
        try await servers[0].await("QuorumNotEnough", in: "/linearizable_read", #""foo""#)
          == #"{"Err":{"QuorumNotEnough":{"cluster":"[1,2]","got":[1]}}}"#)
    }
  }

  @Test(
    "A body that makes no request is refused with 400 and the place of the fault",
    arguments: [
      ("/write", "", "at $ (byte 0): expected a value, found the end of the text"),
      ("/write", "{\"Set\":", "at $.Set (byte 7): expected a value, found the end of the text"),
      (
        "/write", "{\"Get\":1}",
        "at $ (byte 0): expected \"Set\" or \"CompareAndSet\", found an object"
      ),
      ("/read", "1", "at $ (byte 0): expected a string, found number 1"),
      ("/change-membership", "{}", "at $ (byte 0): expected an array, found an object"),
      (
        "/change-membership", "[-1]",
        "at $[0] (byte 1): expected an integer from 0 to 18446744073709551615, found number -1"
      ),
      ("/init", "{}", "at $ (byte 0): expected an array, found an object"),
      (
        "/init", "[[1,{\"raft_addr\":\"here\",\"data\":\"\"}]]",
        "at $[0][1].raft_addr (byte 17): expected an address such as 127.0.0.1:21001, found string \"here\""
      ),
      (
        "/add-learner", "{\"node_id\":2,\"api_addr\":\"a:1\",\"raft_addr\":\"a:0\"}",
        "at $.raft_addr (byte 42): expected an address such as 127.0.0.1:21001, found string \"a:0\""
      ),
    ])
  func badBodies(path: String, body: String, problem: String) async throws {
    try await ServerUnderTest.with([1]) { servers in
      let response = try await servers[0].ask(path, body)
      #expect(response.status == .badRequest)
      #expect(response.text == "the body makes no such request: \(problem)\n")
    }
  }

  @Test("Other routes are not found, and bodies beyond a mebibyte are too large")
  func otherRoutes() async throws {
    try await ServerUnderTest.with([1]) { servers in
      let server = servers[0]
      for (path, body) in [("/none", nil), ("/write", nil), ("/", nil), ("/metrics", "null")] {
        let response = try await server.ask(path, body)
        #expect(response.status == .notFound)
        #expect(response.text == "not found")
      }
      let large = String(repeating: " ", count: (1 << 20) + 1)
      #expect(try await server.ask("/write", large).status == .contentTooLarge)
      #expect(try await server.text("/read", #""foo""#) == #"{"Ok":{"value":null}}"#)
    }
  }
}
