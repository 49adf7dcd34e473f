public import Raft
public import RaftHTTP
internal import RaftJSON

/// Answers the messages of other servers that arrive at a node's raft port.
///
/// Make one for a node and give it to a server of HTTP with room for large bodies:
/// ```swift
/// let handler = RaftHTTPHandler(node)
/// let server = try await HTTPServer.bind(to: address, on: loop, .raftPort()) {
///   await handler.respond(to: $0)
/// }
/// ```
/// What was handled is answered with 200 and `{"Ok":…}`. Otherwise the answer is `{"Err":…}` with
/// the shape of a `RequestError`, under 421 if the message is for somebody else
/// (a text, if it is for a group that is not here), 400 if it makes no
/// sense, 500 if a snapshot broke off, and 503 if the node is busy or does not run. Paths that are
/// not known get 404, methods other than POST 405. Nothing that a client sends does worse.
public struct RaftHTTPHandler: Sendable {
  private let append: @Sendable (AppendRequest) async throws(RequestError) -> AppendResponse
  private let vote: @Sendable (VoteRequest, Contact) async throws(RequestError) -> VoteResponse
  private let preVote: @Sendable (VoteRequest, Contact) async throws(RequestError) -> VoteResponse
  private let snapshot: @Sendable (SnapshotRequest) async throws(RequestError) -> SnapshotResponse
  private let transfer:
    @Sendable (TransferRequest, Contact) async throws(RequestError) -> TransferResponse
  private let incoming: IncomingSnapshots
  private let group: UInt64

  /// Answers for this node.
  ///
  /// - Parameters:
  ///   - node: The node that the messages are handed to.
  ///   - group: Which of several groups in this process the node belongs to.
  public init<Machine>(_ node: RaftNode<Machine>, group: UInt64 = 0) {
    self.append = { request throws(RequestError) in try await node.respond(to: request) }
    self.vote = { request, contact throws(RequestError) in
      try await node.respond(to: request, contact: contact)
    }
    self.preVote = { request, contact throws(RequestError) in
      try await node.respond(toPreVote: request, contact: contact)
    }
    self.snapshot = { request throws(RequestError) in try await node.respond(to: request) }
    self.incoming = IncomingSnapshots(install: self.snapshot)
    self.transfer = { request, contact throws(RequestError) in
      try await node.respond(to: request, contact: contact)
    }
    self.group = group
  }

  /// Handles one request; returns when the node has answered.
  public func respond(to request: HTTPRequest) async -> HTTPResponse {
    guard let route = RaftRoute(rawValue: String(request.path)) else {
      return .text("not found", .notFound)
    }
    guard request.method == .post else {
      return HTTPResponse(.methodNotAllowed, headers: ["Allow": "POST"])
    }
    do throws(MessageFault) {
      let contact = try Contact(request.headers)
      guard contact.group == self.group else {
        // Not 404: that says that a message is unknown, which allows elections.
        return .text("there is no group \(contact.group) here", .misdirectedRequest)
      }
      // A body in a newer protocol may have another shape: say so, instead of stumbling over it.
      guard contact.protocolVersion <= Contact.currentProtocolVersion else {
        let refusal = ContactRefusal.unknownProtocol(
          version: contact.protocolVersion, newestKnown: Contact.currentProtocolVersion)
        return .failed(.refused(refusal))
      }
      return await self.answer(try RaftMessage(request.body, on: route, contact), contact)
    } catch {
      return .malformed(error)
    }
  }

  private func answer(_ message: RaftMessage, _ contact: Contact) async -> HTTPResponse {
    do throws(RequestError) {
      switch message {
      case .append(let request):
        let answer = AppendAnswer(response: try await self.append(request), end: request.end)
        return .done(answer, headers: answer.headers)
      case .vote(let request):
        return .done(try await self.vote(request, contact))
      case .preVote(let request):
        return .done(try await self.preVote(request, contact))
      case .snapshot(let request):
        return .done(try await self.snapshot(request))
      case .snapshotPiece(let piece):
        return .done(try await self.incoming.take(piece, contact))
      case .transferLeader(let request):
        return .done(try await self.transfer(request, contact))
      }
    } catch {
      return .failed(error)
    }
  }
}

extension HTTPResponse {
  fileprivate static func done(
    _ answer: some JSONWritable, headers: HTTPHeaders = [:]
  ) -> HTTPResponse {
    var writer = JSONWriter()
    writer.variant("Ok", answer)
    return .json(writer.finish(), .ok, headers)
  }

  fileprivate static func failed(_ error: RequestError) -> HTTPResponse {
    let status: HTTPStatus =
      switch error {
      case .refused: .misdirectedRequest
      case .malformed: .badRequest
      case .busy, .stopped: .serviceUnavailable
      case .interrupted: .internalServerError
      }
    var writer = JSONWriter()
    writer.variant("Err", error)
    return .json(writer.finish(), status)
  }

  fileprivate static func malformed(_ fault: MessageFault) -> HTTPResponse {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("Err") { $0.variant("Malformed", message: fault.reason) }
    }
    return .json(writer.finish(), .badRequest)
  }

  private static func json(
    _ body: [UInt8], _ status: HTTPStatus, _ headers: HTTPHeaders = [:]
  ) -> HTTPResponse {
    var headers = headers
    headers.append("Content-Type", "application/json")
    return HTTPResponse(status, headers: headers, body: body)
  }
}
