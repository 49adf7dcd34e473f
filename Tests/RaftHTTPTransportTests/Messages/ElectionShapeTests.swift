import Raft
import RaftJSON
import Testing

@testable import RaftHTTPTransport

@Suite("Votes, transfers and snapshots in JSON")
struct ElectionShapeTests {
  @Test("A candidate states its vote and the end of its log")
  func voteRequest() throws {
    try expect(
      VoteRequest(vote: Sample.vote, lastLogID: nil),
      is: #"{"vote":\#(Sample.voteText),"last_log_id":null,"leadership_transfer":false}"#)
  }

  @Test("A candidate that was asked to take over names the leader's vote")
  func transferredVoteRequest() throws {
    try expect(
      VoteRequest(
        vote: Sample.vote, lastLogID: Sample.logID(3), transferredFrom: Sample.vote.uncommitted),
      is: """
        {"vote":\(Sample.voteText),"last_log_id":\(Sample.logIDText(3)),\
        "leadership_transfer":true,\
        "transferred_from":{"leader_id":{"term":2,"node_id":1},"committed":false}}
        """)
  }

  @Test("A bare flag makes no transfer, and a transfer without the flag no sense")
  func bareTransferFlag() throws {
    let bare = #"{"vote":\#(Sample.voteText),"leadership_transfer":true}"#
    #expect(try read(VoteRequest.self, bare).transferredFrom == nil)
    #expect(throws: JSONError.self) {
      try read(
        VoteRequest.self, #"{"vote":\#(Sample.voteText),"transferred_from":\#(Sample.voteText)}"#)
    }
  }

  @Test("The answer says whether the vote was granted")
  func voteResponse() throws {
    try expect(
      VoteResponse(vote: Sample.vote, isGranted: true, lastLogID: Sample.logID(3)),
      is: """
        {"vote":\(Sample.voteText),"vote_granted":true,"last_log_id":\(Sample.logIDText(3))}
        """)
    try expect(
      VoteResponse(
        vote: Sample.vote, isGranted: false, lastLogID: nil, incarnation: Incarnation(5)),
      is: """
        {"vote":\(Sample.voteText),"vote_granted":false,"last_log_id":null,\
        "incarnation":"0000000000000005"}
        """)
    try expect(
      VoteResponse(
        vote: Sample.vote, isGranted: false, lastLogID: nil, excludedBy: Sample.logID(3)),
      is: """
        {"vote":\(Sample.voteText),"vote_granted":false,"last_log_id":null,\
        "excluded_by":\(Sample.logIDText(3))}
        """)
  }

  @Test("A leader that steps back names itself, its successor and the end of its log")
  func transferRequest() throws {
    try expect(
      TransferRequest(from: Sample.vote, to: 2, lastLogID: Sample.logID(3)),
      is: """
        {"from_leader":\(Sample.voteText),"to_node_id":2,"last_log_id":\(Sample.logIDText(3))}
        """)
  }

  @Test("The successor accepts, or says what stands against it")
  func transferResponse() throws {
    try expect(TransferResponse.accepted, is: #"{"Ok":null}"#)
    try expect(
      TransferResponse.voteChanged(expected: Sample.vote, actual: Sample.vote),
      is: """
        {"Err":{"VoteChanged":{"expected":\(Sample.voteText),"actual":\(Sample.voteText)}}}
        """)
    try expect(
      TransferResponse.logNotFlushed(expected: Sample.logID(3), actual: nil),
      is: #"{"Err":{"LogNotFlushed":{"expected":\#(Sample.logIDText(3)),"actual":null}}}"#)
    for text in [#"{"Err":{"Tired":{}}}"#, #""Ok""#, #"{"Err":"VoteChanged"}"#, "null"] {
      #expect(throws: JSONError.self) { try read(TransferResponse.self, text) }
    }
  }

  @Test("A snapshot is its vote, what it stands for, and its bytes as numbers")
  func snapshot() async throws {
    let meta = SnapshotMeta(
      lastLogID: Sample.logID(3), membership: .none, byteCount: 3, contentHash: 0xBEEF)
    let body = SnapshotBody(vote: Sample.vote, snapshot: meta, content: [0, 34, 255])
    let text = """
      [\(Sample.voteText),{"last_log_id":\(Sample.logIDText(3)),\
      "last_membership":{"log_id":null,"membership":{"configs":[],"nodes":{}}},\
      "snapshot_id":"000000000000beef","byte_count":3},[0,34,255]]
      """
    #expect(Sample.text(body.jsonBytes()) == text)
    let request = try SnapshotRequest(body: Array(text.utf8), contact: Sample.contact)
    #expect(request.vote == Sample.vote)
    #expect(request.snapshot == meta)
    #expect(request.contact == Sample.contact)
    #expect(try await request.content.next() == [0, 34, 255])
    #expect(try await request.content.next() == nil)
  }

  @Test("A snapshot that is a reference says so")
  func handleSnapshot() throws {
    try expect(
      SnapshotMeta(lastLogID: Sample.logID(3), membership: .none, form: .handle),
      is: """
        {"last_log_id":\(Sample.logIDText(3)),\
        "last_membership":{"log_id":null,"membership":{"configs":[],"nodes":{}}},\
        "snapshot_id":"0000000000000000","byte_count":0,"form":"Handle"}
        """)
  }

  @Test("The answer to a snapshot is a vote")
  func snapshotResponse() throws {
    try expect(SnapshotResponse(vote: Sample.vote), is: #"{"vote":\#(Sample.voteText)}"#)
    try expect(
      SnapshotResponse(vote: Sample.vote, incarnation: Incarnation(5)),
      is: #"{"vote":\#(Sample.voteText),"incarnation":"0000000000000005"}"#)
  }

  @Test("The content of a snapshot is handed on in pieces")
  func pieces() async throws {
    let bytes = (0..<600_000).map { UInt8(truncatingIfNeeded: $0) }
    let content = ReceivedContent(bytes)
    var pieces: [[UInt8]] = []
    while let piece = try await content.next() { pieces.append(piece) }
    #expect(pieces.map(\.count) == [262_144, 262_144, 75_712])
    #expect(Array(pieces.joined()) == bytes)
  }

  @Test("What is written at random is read back", arguments: 0..<100)
  func roundTrip(seed: UInt64) throws {
    func check<Value: JSONShape & Equatable>(_ value: Value) throws {
      #expect(try Value(json: try JSONDocument(value.jsonBytes()).root) == value)
    }
    var values = RandomValues(seed: seed)
    try check(values.membership())
    try check(values.logged())
    try check(
      VoteRequest(
        vote: values.vote(), lastLogID: values.maybe { $0.logID() },
        transferredFrom: values.maybe { $0.vote() }))
    try check(
      VoteResponse(
        vote: values.vote(), isGranted: values.coin(), lastLogID: values.maybe { $0.logID() },
        incarnation: values.maybe { $0.incarnation() }))
    try check(
      TransferRequest(
        from: values.vote(), to: values.nodeID(), lastLogID: values.maybe { $0.logID() }))
    try check(
      SnapshotMeta(
        lastLogID: values.logID(), membership: values.logged(),
        form: values.coin() ? .data : .handle, byteCount: values.number(),
        contentHash: values.number()))
  }
}
