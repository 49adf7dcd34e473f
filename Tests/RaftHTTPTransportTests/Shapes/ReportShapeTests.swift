import Raft
import RaftHTTPTransport
import RaftJSON
import Testing

@Suite("Answers of the application's port in JSON")
struct ReportShapeTests {
  private static let follower = """
    {"running_state":{"Ok":null},"id":2,"current_term":3,\
    "vote":{"leader_id":{"term":3,"node_id":1},"committed":true},"last_log_index":9,\
    "local_committed":{"leader_id":{"term":3,"node_id":1},"index":8},\
    "cluster_committed":{"leader_id":{"term":3,"node_id":1},"index":8},\
    "committed":{"leader_id":{"term":3,"node_id":1},"index":8},\
    "last_applied":{"leader_id":{"term":3,"node_id":1},"index":7},"snapshot":null,"purged":null,\
    "state":"Follower","current_leader":1,"millis_since_quorum_ack":null,\
    "last_quorum_acked":null,\
    "membership_config":{"log_id":null,"membership":{"configs":[],"nodes":{}}},\
    "committed_membership_config":{"log_id":null,"membership":{"configs":[],"nodes":{}}},\
    "heartbeat":null,"replication":null,"has_quorum_contact":false}
    """

  @Test("A follower's metrics have no quorum and no peers")
  func follower() throws {
    let report = try read(MetricsReport.self, Self.follower)
    try expect(report, is: Self.follower)
    #expect(report.vote.term == 3)
    #expect(report.committed == LogID(term: 3, node: 1, index: 8))
    #expect(report.state == .follower)
    #expect(report.peers == nil)
  }

  @Test("A witness's metrics say what it is")
  func witness() throws {
    let text = Self.follower.replacing(#""id":2,"#, with: #""id":2,"role":"Witness","#)
    let report = try read(MetricsReport.self, text)
    try expect(report, is: text)
    #expect(report.role == .witness)
    #expect(try read(MetricsReport.self, Self.follower).role == .replica)
  }

  @Test("A leader's metrics tell of each peer when it answered and what it holds")
  func leader() throws {
    var report = try read(MetricsReport.self, Self.follower)
    report.state = .leader
    report.quorumAcknowledgedAt = Timestamp(nanoseconds: 1_700_000_000_000_000_000)
    report.millisecondsSinceQuorumAcknowledged = 12
    report.hasQuorumContact = true
    report.cluster = ClusterID(high: 0, low: 1)
    report.peers = [
      .init(
        id: 2, matched: LogID(term: 3, node: 1, index: 9),
        acknowledgedAt: Timestamp(nanoseconds: 1_700_000_000_000_000_000)),
      .init(id: 10, matched: nil, acknowledgedAt: nil),
    ]
    let text = Self.follower
      .replacing(#""Follower""#, with: #""Leader""#)
      .replacing(#""millis_since_quorum_ack":null"#, with: #""millis_since_quorum_ack":12"#)
      .replacing(
        #""last_quorum_acked":null"#, with: #""last_quorum_acked":1700000000000000000"#
      )
      .replacing(
        #""heartbeat":null"#, with: #""heartbeat":{"2":1700000000000000000,"10":null}"#
      )
      .replacing(
        #""replication":null"#,
        with: """
          "replication":{"2":{"leader_id":{"term":3,"node_id":1},"index":9},"10":null},\
          "cluster":"00000000000000000000000000000001"
          """
      )
      .replacing(#""has_quorum_contact":false"#, with: #""has_quorum_contact":true"#)
    try expect(report, is: text)
  }

  @Test("A leader's metrics tell what keeps a peer from getting what it lacks")
  func troubles() throws {
    var report = try read(MetricsReport.self, Self.follower)
    report.peers = [
      .init(id: 2, matched: nil, acknowledgedAt: nil, trouble: "it is far away"),
      .init(id: 3, matched: nil, acknowledgedAt: nil),
    ]
    let text = Self.follower
      .replacing(#""heartbeat":null"#, with: #""heartbeat":{"2":null,"3":null}"#)
      .replacing(
        #""replication":null"#,
        with: """
          "replication":{"2":null,"3":null},"replication_troubles":{"2":"it is far away"}
          """)
    try expect(report, is: text)
    #expect(try read(MetricsReport.self, text).peers?.map(\.trouble) == ["it is far away", nil])
  }

  @Test("Metrics say which replicas differ from the others, and since when")
  func divergences() throws {
    var report = try read(MetricsReport.self, Self.follower)
    #expect(report.divergences.isEmpty)
    report.divergences = [.init(id: 2, index: 512, explanation: "look into it")]
    var writer = JSONWriter()
    report.write(to: &writer)
    let text = String(decoding: writer.finish(), as: UTF8.self)
    #expect(
      text.hasSuffix(
        #","state_divergences":{"2":{"index":512,"explanation":"look into it"}}}"#))
    #expect(try read(MetricsReport.self, text) == report)
  }

  @Test("Metrics say to whom a leader hands over, if it does")
  func transferring() throws {
    var report = try read(MetricsReport.self, Self.follower)
    #expect(report.transferTarget == nil)
    report.transferTarget = 3
    var writer = JSONWriter()
    report.write(to: &writer)
    let text = String(decoding: writer.finish(), as: UTF8.self)
    #expect(text.hasSuffix(#","transfer_target":3}"#))
    #expect(try read(MetricsReport.self, text) == report)
  }

  @Test("Metrics say what makes the storage unfit to lead by, if anything does")
  func storageTrouble() throws {
    var report = try read(MetricsReport.self, Self.follower)
    #expect(report.storageTrouble == nil)
    report.storageTrouble = "nearly full"
    var writer = JSONWriter()
    report.write(to: &writer)
    let text = String(decoding: writer.finish(), as: UTF8.self)
    #expect(text.hasSuffix(#","storage_trouble":"nearly full"}"#))
    #expect(try read(MetricsReport.self, text) == report)
  }

  @Test("Metrics say who lost its data, and where the node was removed, if there is such")
  func replaced() throws {
    var report = try read(MetricsReport.self, Self.follower)
    report.removedAt = LogID(term: 1, node: 2, index: 3)
    report.peers = [.init(id: 2, matched: nil, acknowledgedAt: nil, replacedBy: Incarnation(7))]
    var writer = JSONWriter()
    report.write(to: &writer)
    let text = String(decoding: writer.finish(), as: UTF8.self)
    let tail = """
      "removed_at":{"leader_id":{"term":1,"node_id":2},"index":3},\
      "replaced":{"2":"0000000000000007"}}
      """
    #expect(text.hasSuffix(tail))
    #expect(try read(MetricsReport.self, text) == report)
  }

  @Test("A stopped node's metrics say why it stopped")
  func stopped() throws {
    var report = try read(MetricsReport.self, Self.follower)
    report.failure = .stateMachine("x")
    report.state = .shutdown
    try expect(
      report,
      is: Self.follower
        .replacing(
          #"{"Ok":null}"#, with: #"{"Err":{"StateMachine":{"message":"x"}}}"#
        )
        .replacing(#""Follower""#, with: #""Shutdown""#))
  }

  @Test("A write is answered with its place and what the machine said")
  func writeResponse() throws {
    try expect(
      ClientWriteResponse<JSON>(
        logID: LogID(term: 1, node: 1, index: 4), data: ["value": nil], membership: nil),
      is: """
        {"log_id":{"leader_id":{"term":1,"node_id":1},"index":4},"data":{"value":null},\
        "membership":null}
        """)
  }
}
