import Raft
import RaftHTTP
import RaftSockets
import TestPace
import Testing

@testable import RaftHTTPTransport

@Suite("What becomes of a message that is sent", .realTime, .serialized)
struct ConnectionTests {
  private static let limit = Duration.seconds(5).patient

  private static func vote(_ connection: any PeerConnection) async throws -> VoteResponse {
    try await connection.vote(
      VoteRequest(vote: Sample.vote, lastLogID: nil), contact: Sample.contact, within: Self.limit)
  }

  /// What becomes of a question for a vote.
  private static func outcome(
    _ connection: any PeerConnection
  ) async -> Result<VoteResponse, TransportError> {
    do throws(TransportError) {
      return .success(
        try await connection.vote(
          VoteRequest(vote: Sample.vote, lastLogID: nil), contact: Sample.contact,
          within: Self.limit))
    } catch {
      return .failure(error)
    }
  }

  /// The error that a question for a vote ends with when it is answered so.
  private static func error(_ answer: HTTPResponse) async throws -> TransportError? {
    var result: TransportError?
    try await CannedServer.with(answer) { canned in
      do {
        _ = try await Self.vote(canned.connection)
      } catch let error as TransportError {
        result = error
      }
    }
    return result
  }

  @Test("Each message has a path, its contact in headers and its text as body")
  func requests() async throws {
    try await CannedServer.with(HTTPResponse(.badRequest)) { canned in
      let connection = canned.connection
      func expectArrival(
        _ path: String, _ body: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
      ) async throws {
        let request = try #require(await canned.nextArrival(), sourceLocation: sourceLocation)
        #expect(request.method == .post, sourceLocation: sourceLocation)
        #expect(request.target == path, sourceLocation: sourceLocation)
        #expect(request.text == Sample.text(body), sourceLocation: sourceLocation)
        #expect(try Contact(request.headers) == Sample.contact, sourceLocation: sourceLocation)
        #expect(request.headers["Content-Type"] == "application/json")
      }
      let append = Sample.append([Sample.slice(from: 1, ["1", "2"])])
      await #expect(throws: TransportError.self) {
        try await connection.append(append, within: Self.limit)
      }
      try await expectArrival("/append", AppendBody(append, .embedded).bytes())
      let vote = VoteRequest(vote: Sample.vote, lastLogID: nil)
      await #expect(throws: TransportError.self) {
        try await connection.vote(vote, contact: Sample.contact, within: Self.limit)
      }
      try await expectArrival("/vote", vote.jsonBytes())
      await #expect(throws: TransportError.self) {
        try await connection.preVote(vote, contact: Sample.contact, within: Self.limit)
      }
      try await expectArrival("/pre-vote", vote.jsonBytes())
      let transfer = TransferRequest(from: Sample.vote, to: 2, lastLogID: nil)
      await #expect(throws: TransportError.self) {
        try await connection.transferLeadership(
          transfer, contact: Sample.contact, within: Self.limit)
      }
      try await expectArrival("/transfer-leader", transfer.jsonBytes())
      let meta = SnapshotMeta(lastLogID: Sample.logID(1), membership: .none, byteCount: 3)
      await #expect(throws: TransportError.self) {
        try await connection.installSnapshot(
          SnapshotRequest(
            contact: Sample.contact, vote: Sample.vote, snapshot: meta,
            content: Pieces([.success([1]), .success([2, 3])])),
          within: Self.limit)
      }
      try await expectArrival(
        "/snapshot",
        SnapshotBody(vote: Sample.vote, snapshot: meta, content: [1, 2, 3]).jsonBytes())
    }
  }

  @Test("The answer to an append is read with its headers")
  func appendAnswer() async throws {
    let answer = HTTPResponse(
      .ok, headers: ["Raft-Incarnation": "000000000000000b"], body: Array(#"{"Ok":"Success"}"#.utf8)
    )
    try await CannedServer.with(answer) { canned in
      let response = try await canned.connection.append(
        Sample.append([Sample.slice(from: 1, ["1", "2"])]), within: Self.limit)
      #expect(
        response
          == AppendResponse(
            outcome: .matched(through: Sample.logID(2)), incarnation: Incarnation(11)))
    }
  }

  @Test("A refusal comes back as what it is")
  func refused() async throws {
    let text = #"{"Err":{"Refused":{"WrongNode":{"meant":2,"reached":3}}}}"#
    #expect(
      try await Self.error(.json(text, .misdirectedRequest))
        == .refused(.wrongNode(meant: 2, reached: 3)))
  }

  @Test(
    "A peer that failed is quoted",
    arguments: [
      (#"{"Err":{"Fatal":"Stopped"}}"#, 503), (#"{"Err":{"Busy":{"message":"b"}}}"#, 503),
      (#"{"Err":{"Malformed":{"message":"m"}}}"#, 400), (#"{"Err":{"Fatal":"Stopped"}}"#, 200),
    ])
  func failed(text: String, status: Int) async throws {
    let quoted = status == 200 ? #"{"Fatal":"Stopped"}"# : text
    #expect(try await Self.error(.json(text, HTTPStatus(status))) == .remote(quoted))
  }

  @Test("Answers of other servers tell what they are")
  func strangers() async throws {
    #expect(
      try await Self.error(.text("not found", .notFound)) == .unsupported("POST /vote: not found"))
    #expect(
      try await Self.error(.text("no", .methodNotAllowed)) == .unsupported("POST /vote: no"))
    // A group that is not there is no consent to an election.
    #expect(
      try await Self.error(.text("no group", .misdirectedRequest))
        == .remote("HTTP 421 Misdirected Request: no group"))
    #expect(
      try await Self.error(.text("oops", .badGateway)) == .remote("HTTP 502 Bad Gateway: oops"))
    #expect(
      try await Self.error(.text("hello"))
        == .malformed("at $ (byte 0): expected a value, found 'h'"))
    #expect(
      try await Self.error(.json(#"{"Ok":{}}"#))
        == .malformed("at $.Ok (byte 6): expected a member \"vote\", found an object without it"))
    #expect(
      try await Self.error(.json(#"{"Fine":1}"#))
        == .malformed(
          "at $ (byte 0): expected {\"Ok\":…} or {\"Err\":…}, found an object"))
  }

  @Test("Where nobody listens, the peer is unreachable")
  func unreachable() async throws {
    try await withLoop { loop in
      let transport = HTTPTransport(over: HTTPClient(on: loop), for: Journal.self)
      let nobody = transport.connection(to: Member(id: 2, address: "127.0.0.1:1"))
      await #expect {
        try await Self.vote(nobody)
      } throws: { error in
        if case TransportError.unreachable = error { true } else { false }
      }
    }
  }

  @Test("A member whose address is none is unreachable")
  func badAddress() async throws {
    try await withLoop { loop in
      let client = HTTPClient(on: loop)
      let transport = HTTPTransport(over: client, for: Journal.self)
      let connection = transport.connection(to: Member(id: 2, address: "nowhere"))
      await #expect {
        try await Self.vote(connection)
      } throws: { error in
        guard case TransportError.unreachable(let reason) = error else { return false }
        return reason.hasPrefix("the member's address is none: ") && reason.contains("nowhere")
      }
      await client.close()
    }
  }

  @Test("Without an answer the time runs out")
  func timeout() async throws {
    try await CannedServer.with(nil) { canned in
      await #expect(throws: TransportError.timedOut) {
        try await canned.connection.append(Sample.append([]), within: .milliseconds(50))
      }
    }
  }

  @Test("A connection that breaks before the answer is lost")
  func lost() async throws {
    try await CannedServer.with(nil) { canned in
      async let answer = Self.outcome(canned.connection)
      _ = await canned.nextArrival()
      await canned.server.shutdown(within: .zero)
      guard case .failure(.connectionLost) = await answer else {
        Issue.record("not the end of a lost connection")
        return
      }
    }
  }

  @Test("Closing ends what is under way, and what comes later")
  func closed() async throws {
    try await CannedServer.with(nil) { canned in
      async let answer = Self.outcome(canned.connection)
      _ = await canned.nextArrival()
      canned.connection.close()
      let error = TransportError.connectionLost("this side let go of the connection")
      #expect(await answer == .failure(error))
      #expect(await Self.outcome(canned.connection) == .failure(error))
    }
  }

  @Test("A snapshot that does not fit into a body is not sent, and the error says what to do")
  func largeSnapshot() async throws {
    try await CannedServer.with(HTTPResponse(), bodyBytesMax: 1000) { canned in
      for (size, count) in [(300, 1), (400, 2)] {
        let pieces = (0..<count).map { _ in
          Result<[UInt8], StorageError>.success([UInt8](repeating: 200, count: size))
        }
        let request = SnapshotRequest(
          contact: Sample.contact, vote: Sample.vote,
          snapshot: SnapshotMeta(
            lastLogID: Sample.logID(1), membership: .none, byteCount: UInt64(size * count)),
          content: Pieces(pieces))
        await #expect {
          try await canned.connection.installSnapshot(request, within: Self.limit)
        } throws: { error in
          guard case TransportError.tooLarge(let text) = error else { return false }
          return text.hasSuffix(
            "does not fit into the limit of 1000 bytes for the body of a message: raise it on "
              + "all servers")
        }
      }
    }
  }

  @Test("A snapshot that cannot be read is not sent")
  func unreadableSnapshot() async throws {
    try await CannedServer.with(HTTPResponse()) { canned in
      let request = SnapshotRequest(
        contact: Sample.contact, vote: Sample.vote,
        snapshot: SnapshotMeta(lastLogID: Sample.logID(1), membership: .none),
        content: Pieces([.success([1]), .failure(StorageError(.corrupted, "bad block"))]))
      await #expect(
        throws: TransportError.remote("the snapshot could not be read on this side: bad block")
      ) { try await canned.connection.installSnapshot(request, within: Self.limit) }
    }
  }

  @Test("A peer that takes smaller bodies says so")
  func peerTakesLess() async throws {
    try await CannedServer.with(HTTPResponse(), serverBodyBytesMax: 100) { canned in
      await #expect(
        throws: TransportError.tooLarge("raise the limit of the peer's raft port")
      ) { try await Self.vote(canned.connection) }
    }
  }

  @Test("Entries without a shape in JSON are not sent")
  func unsupportedEntries() async throws {
    try await CannedServer.with(HTTPResponse()) { canned in
      let request = Sample.append([Sample.slice(from: 0, ["1"], kind: .session)])
      await #expect(
        throws: TransportError.unsupported(
          "entries of the kind session, which have no shape in JSON")
      ) { try await canned.connection.append(request, within: Self.limit) }
    }
  }
}
