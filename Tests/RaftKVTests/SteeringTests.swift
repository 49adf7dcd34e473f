import Raft
import RaftCommandLine
import RaftHTTP
import RaftHTTPTransport
import TestPace
import Testing

@testable import raft_kv

@Suite("What is set off at one server", .realTime, .timeLimit(.minutes(5)))
struct SteeringTests {
  private static func verb(_ line: String) throws -> SteeringVerb {
    let words = line.split(separator: " ").map(String.init)
    guard case .steer(let verb) = try Invocation(words) else {
      throw UsageError("no steering")
    }
    return verb
  }

  private static func perform(_ line: String, at server: ServerUnderTest) async throws -> String {
    let client = KVClient([server.api], http: server.http)
    return try await Self.verb("\(line) \(server.api)").perform(with: client).output
  }

  @Test("A snapshot, and a purge behind it, are made when an operator wants them")
  func snapshotAndPurge() async throws {
    try await ServerUnderTest.with([1]) { servers in
      let server = servers[0]
      try await ServerUnderTest.formCluster(servers)
      _ = try await server.text("/write", #"{"Set":{"key":"a","value":"1"}}"#)
      #expect(try await server.text("/metrics").contains(#""snapshot":null"#))
      let told = try await Self.perform("trigger snapshot", at: server)
      #expect(told == "told \(server.api): snapshot\n")
      try await server.await(noMore: #""snapshot":null"#, in: "/metrics")
      #expect(try await server.text("/metrics").contains(#""purged":null"#))
      let client = KVClient([server.api], http: server.http)
      _ = try await Self.verb("trigger purge \(server.api) --through 1").perform(with: client)
      try await server.await(noMore: #""purged":null"#, in: "/metrics")
      let metrics = try await server.text("/metrics")
      let purged = metrics.split(separator: #""purged":"#).last?.split(separator: "}").first
      #expect(purged?.hasSuffix(#""index":1"#) == true || purged?.contains("index") == false)
    }
  }

  @Test("A follower that is told to stand begins a new round, once its leader is silent")
  func elect() async throws {
    try await ServerUnderTest.with([1, 2, 3]) { servers in
      try await ServerUnderTest.formCluster(servers)
      let told = try await Self.perform("trigger heartbeat", at: servers[0])
      #expect(told == "told \(servers[0].api): heartbeat\n")
      for server in servers {
        _ = try await Self.perform("switch elect off", at: server)
        let switches = try await Self.perform("switch heartbeat off", at: server)
        #expect(switches == "tick on\nheartbeat off\nelect off\npre-vote on\n")
      }
      // From now on nobody stands and nobody is heard unless told to.
      let isLed = try await servers[0].text("/metrics").contains(#""state":"Leader""#)
      let follower = servers[isLed ? 1 : 0]
      let metrics = try await follower.text("/metrics")
      let rest = try #require(metrics.split(separator: "\"current_term\":").last)
      let term = rest.prefix { $0.isNumber }
      _ = try await Self.perform("trigger elect-at-once", at: follower)
      try await follower.await(noMore: "\"current_term\":\(term),", in: "/metrics")
      let later = try await follower.text("/metrics")
      #expect(!later.contains("\"current_term\":\(term),"))
    }
  }

  @Test("What a server does of its own accord is shown, and switched off and on")
  func switches() async throws {
    try await ServerUnderTest.with([1]) { servers in
      let server = servers[0]
      let all = #"{"Ok":{"tick":true,"heartbeat":true,"elect":true,"pre_vote":true}}"#
      #expect(try await server.text("/switches") == all)
      let client = KVClient([server.api], http: server.http)
      let off = try await Self.verb("switch pre-vote off \(server.api)").perform(with: client)
      #expect(off.output == "tick on\nheartbeat on\nelect on\npre-vote off\n")
      let two = try await server.text("/switches", #"{"elect":false,"pre_vote":true}"#)
      #expect(two == #"{"Ok":{"tick":true,"heartbeat":true,"elect":false,"pre_vote":true}}"#)
      #expect(try await server.ask("/switches", "[]").status == .badRequest)
    }
  }

  @Test("A server counts and measures what it does, in the text format of Prometheus")
  func measures() async throws {
    try await ServerUnderTest.with([1]) { servers in
      let server = servers[0]
      try await ServerUnderTest.formCluster(servers)
      for key in ["a", "b"] {
        _ = try await server.text("/write", #"{"Set":{"key":"\#(key)","value":"1"}}"#)
      }
      _ = try await server.await("# TYPE raft_log_index_applied gauge\n", in: "/metrics/text")
      let text = try await Self.perform("metrics", at: server)
      #expect(text.contains("# TYPE raft_elections_total counter\nraft_elections_total 1\n"))
      #expect(text.contains("# TYPE raft_server_state gauge\n"))
      #expect(text.contains("raft_log_apply_batch_size_bucket{le=\"+Inf\"} "))
      for line in text.split(separator: "\n") {
        #expect(line.split(separator: " ").count == (line.hasPrefix("#") ? 4 : 2), "\(line)")
      }
    }
  }

  @Test("A server says what alarms rest on: who leads, whether a quorum follows, who lags")
  func standing() async throws {
    try await ServerUnderTest.with([1, 2, 3]) { servers in
      try await ServerUnderTest.formCluster(servers)
      var followers: [ServerUnderTest] = []
      var leaders: [ServerUnderTest] = []
      for server in servers {
        let isLed = try await server.text("/metrics").contains(#""state":"Leader""#)
        if isLed { leaders.append(server) } else { followers.append(server) }
      }
      let leader = try #require(leaders.first)
      _ = try await leader.text("/write", #"{"Set":{"key":"a","value":"1"}}"#)
      for peer in followers {
        _ = try await leader.await("raft_peer_lag{peer=\"\(peer.id)\"} 0\n", in: "/metrics/text")
      }
      let text = try await Self.perform("metrics", at: leader)
      let peer = followers[0].id
      for line in [
        "# TYPE raft_leader_known gauge\nraft_leader_known 1\n", "\nraft_quorum_contact 1\n",
        "\nraft_log_lag 0\n", "\nraft_disk_stalled_milliseconds 0\n",
        "\n# TYPE raft_disk_short gauge\nraft_disk_short 0\n", "\nraft_states_diverging 0\n",
        "\nraft_peer_trouble{peer=\"\(peer)\"} ",
        "\nraft_peer_replaced{peer=\"\(peer)\"} 0\n",
        "\nraft_quorum_acknowledged_age_milliseconds ",
        "\nraft_peer_acknowledged_age_milliseconds{peer=\"\(peer)\"} ",
      ] { #expect(text.contains(line), "\(line)") }
      let other = try await Self.perform("metrics", at: followers[0])
      #expect(other.contains("\nraft_leader_known 1\n"))
      #expect(!other.contains("raft_quorum_contact") && !other.contains("raft_peer"))
    }
  }

  @Test("A peer lacks what it has not confirmed, and everything if its data was replaced")
  func lag() {
    let matched = LogID(term: 1, node: 1, index: 7)
    func peer(_ matched: LogID?, _ life: Incarnation? = nil) -> MetricsReport.Peer {
      MetricsReport.Peer(id: 2, matched: matched, acknowledgedAt: nil, replacedBy: life)
    }
    #expect(peer(matched).lag(behind: 10) == 3)
    #expect(peer(matched).lag(behind: 7) == 0)
    #expect(peer(matched).lag(behind: 5) == 0)
    #expect(peer(nil).lag(behind: 10) == 11)
    #expect(peer(matched, Incarnation(9)).lag(behind: 10) == 11)
  }

  @Test("A server that belongs to no cluster knows no leader, and says nothing of peers")
  func standingAlone() async throws {
    try await ServerUnderTest.with([1]) { servers in
      let text = try await Self.perform("metrics", at: servers[0])
      #expect(text.contains("\nraft_leader_known 0\n") && text.contains("\nraft_log_lag 0\n"))
      #expect(!text.contains("raft_quorum_contact"))
    }
  }

  @Test("Sizes are counted in the first bound that they do not exceed")
  func sizes() {
    let board = MeasureBoard()
    for size in [1, 2, 4, 5, 20_000] { board.record(size, in: .writeBatch) }
    let counts = ["1\"} 1", "4\"} 3", "16\"} 4", "16384\"} 4", "+Inf\"} 5"]
    for count in counts {
      #expect(board.text.contains("raft_write_batch_size_bucket{le=\"\(count)\n"), "\(count)")
    }
    #expect(board.text.contains("raft_write_batch_size_sum 20012\n"))
    #expect(board.text.contains("raft_write_batch_size_count 5\n"))
  }

  @Test(
    "A wish that makes no sense is refused with what was expected",
    arguments: [
      ("trigger", "ACTION is missing"),
      (
        "trigger vote a:1",
        "ACTION must be one of elect, elect-at-once, heartbeat, snapshot, purge, not 'vote'"
      ),
      ("trigger purge a:1", "--through is missing"),
      ("trigger elect a:1 --through 3", "--through goes with purge only"),
      ("switch clock on a:1", "NAME must be one of tick, heartbeat, elect, pre-vote, not 'clock'"),
      ("switch tick maybe a:1", "STATE must be on or off, not 'maybe'"),
    ])
  func refusals(line: String, problem: String) {
    let error = #expect(throws: UsageError.self) { try Self.verb(line) }
    #expect(error?.problem == problem)
  }
}
