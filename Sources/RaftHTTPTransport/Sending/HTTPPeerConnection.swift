internal import Raft
internal import RaftHTTP
internal import RaftJSON
internal import RaftSockets

/// The way to one member over the client that all members share.
final class HTTPPeerConnection: PeerConnection {
  private let address: Result<SocketAddress, SocketAddressError>
  private let client: HTTPClient
  private let payloads: PayloadForm
  let bodyBytesMax: Int
  let sending: SnapshotSending
  let pace: SnapshotPace
  let patience: PiecePatience
  private let closing = ClosingSignal()

  init(
    to member: Member, over client: HTTPClient, payloads: PayloadForm, bodyBytesMax: Int,
    sending: SnapshotSending, pace: SnapshotPace, patience: PiecePatience = PiecePatience()
  ) {
    self.address = Result { () throws(SocketAddressError) in
      try SocketAddress(parsing: member.address)
    }
    self.client = client
    self.payloads = payloads
    self.bodyBytesMax = bodyBytesMax
    self.sending = sending
    self.pace = pace
    self.patience = patience
  }

  /// Whether this side has let go of the connection.
  var isClosed: Bool { self.closing.isClosed }

  func append(
    _ request: AppendRequest, within limit: Duration
  ) async throws(TransportError) -> AppendResponse {
    let body: [UInt8]
    do throws(AppendBody.UnsupportedKind) {
      body = try AppendBody(request, self.payloads).bytes()
    } catch {
      throw .unsupported("entries of the kind \(error.kind), which have no shape in JSON")
    }
    let reply = try await self.send(body, on: .append, request.contact, within: limit)
    return try reply.content { json, headers throws(MessageFault) in
      try AppendAnswer(json: json, headers: headers, end: request.end).response
    }
  }

  func vote(
    _ request: VoteRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> VoteResponse {
    let reply = try await self.send(request.jsonBytes(), on: .vote, contact, within: limit)
    return try reply.content(as: VoteResponse.self)
  }

  func preVote(
    _ request: VoteRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> VoteResponse {
    let reply = try await self.send(request.jsonBytes(), on: .preVote, contact, within: limit)
    return try reply.content(as: VoteResponse.self)
  }

  func transferLeadership(
    _ request: TransferRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> TransferResponse {
    let reply = try await self.send(
      request.jsonBytes(), on: .transferLeader, contact, within: limit)
    return try reply.content(as: TransferResponse.self)
  }

  func close() {
    self.closing.close()
  }

  /// Sends a message and waits for the answer.
  func send(
    _ body: [UInt8], on route: RaftRoute, _ contact: Contact, within limit: Duration
  ) async throws(TransportError) -> PeerReply {
    let address: SocketAddress
    switch self.address {
    case .success(let parsed): address = parsed
    case .failure(let error): throw .unreachable("the member's address is none: \(error)")
    }
    guard body.count <= self.bodyBytesMax else {
      throw .tooLarge("a body of \(body.count) bytes", limit: self.bodyBytesMax)
    }
    guard limit > .zero else { throw .timedOut }
    var headers = contact.headers
    headers.append("Content-Type", "application/json")
    // Raft takes a message twice as it takes it once; only a transfer might start a second one.
    let request = HTTPRequest(
      .post, route.rawValue, headers: headers, body: body,
      repetition: route == .transferLeader ? .harmful : .harmless)
    let client = self.client
    let result = await self.closing.race { () async -> Result<HTTPResponse, HTTPClientError> in
      do throws(HTTPClientError) {
        return .success(try await client.send(request, to: address, within: limit))
      } catch {
        return .failure(error)
      }
    }
    switch result {
    case .success(let response)?: return try PeerReply(response, to: route)
    case .failure(let error)?: throw TransportError(error)
    case nil: throw .connectionLost("this side let go of the connection")
    }
  }
}

extension TransportError {
  /// What is to be sent does not fit into a body of so many bytes.
  static func tooLarge(_ what: String, limit: Int) -> TransportError {
    .tooLarge(
      """
      \(what) does not fit into the limit of \(limit) bytes for the body of a message: raise it \
      on all servers
      """)
  }
}
