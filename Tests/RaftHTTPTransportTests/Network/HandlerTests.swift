import Raft
import RaftHTTP
import RaftJSON
import TestPace
import Testing

@testable import RaftHTTPTransport

@Suite("What the raft port answers", .realTime, .serialized)
struct HandlerTests {
  private static let cluster = ClusterID(high: 0, low: 7)

  /// Runs the body with a node 1 that founded a cluster alone.
  private static func withNode(
    _ body: (RaftServer, RaftHTTPHandler) async throws -> Void
  ) async throws {
    try await withServers(1) { servers in
      try await servers[0].node.bootstrap(with: [servers[0].member], cluster: Self.cluster)
      _ = try await servers[0].node.wait(for: .servingLeader, within: RaftServer.limit)
      try await body(servers[0], servers[0].handler)
    }
  }

  private static func request(
    _ route: RaftRoute, _ body: String, _ contact: Contact
  ) -> HTTPRequest {
    HTTPRequest(.post, route.rawValue, headers: contact.headers, body: Array(body.utf8))
  }

  private static var contact: Contact { Contact(cluster: Self.cluster, sender: 2, receiver: 1) }

  private static let voteBody =
    #"{"vote":{"leader_id":{"term":0,"node_id":2},"committed":false},"last_log_id":null}"#

  @Test("A message is answered with 200 and Ok", arguments: [RaftRoute.vote, .preVote])
  func answered(_ route: RaftRoute) async throws {
    try await Self.withNode { server, handler in
      let response = await handler.respond(to: Self.request(route, Self.voteBody, Self.contact))
      #expect(response.status == .ok)
      #expect(response.headers == ["Content-Type": "application/json"])
      let answer = try read(Envelope<VoteResponse, RequestError>.self, response.text)
      guard case .success(let vote) = answer else {
        Issue.record("\(response.text)")
        return
      }
      #expect(!vote.isGranted)
      #expect(vote.vote == server.node.metrics.vote)
      #expect(vote.incarnation != nil)
    }
  }

  @Test("Messages for another cluster, node or life are refused with 421")
  func refused() async throws {
    try await Self.withNode { _, handler in
      func refusal(_ change: (inout Contact) -> Void) async throws -> String {
        var contact = Self.contact
        change(&contact)
        let response = await handler.respond(to: Self.request(.vote, Self.voteBody, contact))
        #expect(response.status == .misdirectedRequest)
        return response.text
      }
      let cluster = try await refusal { $0.cluster = ClusterID(high: 0, low: 8) }
      #expect(
        cluster == """
          {"Err":{"Refused":{"WrongCluster":{"theirs":"00000000000000000000000000000008",\
          "ours":"00000000000000000000000000000007"}}}}
          """)
      let node = try await refusal { $0.receiver = 3 }
      #expect(node == #"{"Err":{"Refused":{"WrongNode":{"meant":3,"reached":1}}}}"#)
      let sender = try await refusal { $0.sender = 1 }
      #expect(sender == #"{"Err":{"Refused":{"OwnMessage":{"node_id":1}}}}"#)
      let life = try await refusal { $0.receiverIncarnation = Incarnation(0) }
      #expect(
        life.hasPrefix(#"{"Err":{"Refused":{"WrongIncarnation":{"meant":"0000000000000000""#))
    }
  }

  @Test("A newer protocol is refused before its body is looked at")
  func newerProtocol() async throws {
    try await Self.withNode { _, handler in
      var contact = Self.contact
      contact.protocolVersion = 2
      let response = await handler.respond(to: Self.request(.append, "?", contact))
      #expect(response.status == .misdirectedRequest)
      #expect(
        response.text
          == #"{"Err":{"Refused":{"UnknownProtocol":{"version":2,"newest_known":1}}}}"#)
    }
  }

  @Test("What makes no sense is told where it does not")
  func malformed() async throws {
    try await Self.withNode { _, handler in
      let anonymous = await handler.respond(
        to: HTTPRequest(.post, "/vote", body: Array(Self.voteBody.utf8)))
      #expect(anonymous.status == .badRequest)
      #expect(anonymous.text.contains("must state its cluster"))
      let empty = await handler.respond(to: Self.request(.vote, "{}", Self.contact))
      #expect(empty.status == .badRequest)
      #expect(
        empty.text == """
          {"Err":{"Malformed":{"message":"the body is not what it should be: at $ (byte 0): \
          expected a member \\"vote\\", found an object without it"}}}
          """)
      // Well-formed, but no candidate asks for the vote of somebody else.
      let strange = await handler.respond(
        to: Self.request(
          .vote, Self.voteBody, Contact(cluster: Self.cluster, sender: 3, receiver: 1)))
      #expect(strange.status == .badRequest)
      #expect(
        strange.text
          == #"{"Err":{"Malformed":{"message":"no correct peer sends such a message"}}}"#)
    }
  }

  @Test("Other paths and methods are not found, other groups elsewhere")
  func unknownRoutes() async throws {
    try await Self.withNode { server, handler in
      let path = await handler.respond(to: HTTPRequest(.post, "/install"))
      #expect(path == .text("not found", .notFound))
      let method = await handler.respond(to: HTTPRequest(.get, "/vote"))
      #expect(method == HTTPResponse(.methodNotAllowed, headers: ["Allow": "POST"]))
      var contact = Self.contact
      contact.group = 4
      let group = await handler.respond(to: Self.request(.vote, Self.voteBody, contact))
      #expect(group == .text("there is no group 4 here", .misdirectedRequest))
      let fourth = RaftHTTPHandler(server.node, group: 4)
      let response = await fourth.respond(to: Self.request(.vote, Self.voteBody, contact))
      #expect(response.status == .ok)
    }
  }

  @Test("A snapshot that is shorter than it says breaks off, and the node goes on")
  func interrupted() async throws {
    try await Self.withNode { server, handler in
      let vote = Vote(leader: LeaderID(term: 9, node: 2), isCommitted: true)
      let logID = LogID(leader: vote.leader, index: 100)
      let membership = try Membership(voters: [
        server.member, Member(id: 2, address: "127.0.0.1:9"),
      ])
      let body = SnapshotBody(
        vote: vote,
        snapshot: SnapshotMeta(
          lastLogID: logID, membership: LoggedMembership(logID: logID, membership: membership),
          byteCount: 5),
        content: [1, 2])
      let response = await handler.respond(
        to: Self.request(.snapshot, Sample.text(body.jsonBytes()), Self.contact))
      #expect(response.status == .internalServerError)
      #expect(
        response.text == """
          {"Err":{"Interrupted":{"kind":"corrupted","message":"the snapshot has only 2 bytes, 5 \
          were announced"}}}
          """)
      #expect(server.node.metrics.failure == nil)
    }
  }

  @Test("A stopped node answers that it does not run")
  func stopped() async throws {
    try await Self.withNode { server, handler in
      await server.stop()
      let response = await handler.respond(to: Self.request(.vote, Self.voteBody, Self.contact))
      #expect(response.status == .serviceUnavailable)
      #expect(response.text == #"{"Err":{"Fatal":"Stopped"}}"#)
    }
  }

  @Test("Mutilated messages are refused and never do harm")
  func mutilated() async throws {
    try await Self.withNode { server, handler in
      // For another node: whatever is still a message is refused as such, and changes nothing.
      let contact = Contact(cluster: Self.cluster, sender: 2, receiver: 3)
      var values = RandomValues(seed: 1)
      var statuses: [HTTPStatus: Int] = [:]
      for round in 0..<3000 {
        let (route, body) = try Self.message(round, &values)
        let damaged = Self.damaged(body, &values)
        let response = await handler.respond(
          to: HTTPRequest(
            .post, route.rawValue, headers: contact.headers, body: damaged))
        if route == .snapshotPiece, [.ok, .serviceUnavailable].contains(response.status) {
          // The node is asked beside the first pieces, and not about any that come too early.
          continue
        }
        statuses[response.status, default: 0] += 1
      }
      #expect(Set(statuses.keys) == [.badRequest, .misdirectedRequest], "\(statuses)")
      #expect(statuses.values.allSatisfy { $0 > 20 }, "\(statuses)")
      #expect(server.node.metrics.failure == nil)
    }
  }

  private static func message(
    _ round: Int, _ values: inout RandomValues
  ) throws -> (RaftRoute, [UInt8]) {
    switch round % 5 {
    case 0: (.append, try AppendBody(values.append(), .embedded).bytes())
    case 1: (.vote, VoteRequest(vote: values.vote(), lastLogID: values.logID()).jsonBytes())
    case 2:
      (
        .snapshot,
        SnapshotBody(
          vote: values.vote(),
          snapshot: SnapshotMeta(lastLogID: values.logID(), membership: values.logged()),
          content: values.bytes()
        ).jsonBytes()
      )
    case 3:
      (
        .snapshotPiece,
        PieceBody(
          vote: values.vote(),
          snapshot: SnapshotMeta(
            lastLogID: values.logID(), membership: values.logged(), byteCount: 100),
          offset: values.number(0...50), content: values.bytes() + [1]
        ).bytes()
      )
    default:
      (
        .transferLeader,
        TransferRequest(from: values.vote(), to: 2, lastLogID: values.logID()).jsonBytes()
      )
    }
  }

  /// The bytes with some of them changed, doubled, taken out, or cut off.
  private static func damaged(_ bytes: [UInt8], _ values: inout RandomValues) -> [UInt8] {
    var bytes = bytes
    let marks = Array(#"{}[]",:0129-.eE\/untrf"#.utf8) + [0, 0x80, 0xFF]
    for _ in 0...values.number(0...2) where !bytes.isEmpty {
      let place = Int(values.number(0...UInt64(bytes.count - 1)))
      let other = Int(values.number(0...UInt64(bytes.count - 1)))
      switch values.number(0...4) {
      case 0: bytes[place] = marks[Int(values.number(0...UInt64(marks.count - 1)))]
      case 1: bytes.insert(marks[Int(values.number(0...UInt64(marks.count - 1)))], at: place)
      case 2: bytes.removeSubrange(min(place, other)..<max(place, other))
      case 3: bytes.insert(contentsOf: bytes[min(place, other)..<max(place, other)], at: place)
      default: bytes.removeLast(bytes.count - place)
      }
    }
    return bytes
  }
}
