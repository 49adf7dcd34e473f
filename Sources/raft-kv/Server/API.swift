import Raft
import RaftHTTP
import RaftHTTPTransport
import RaftJSON

/// Answers the requests of clients and operators.
///
/// Every outcome of a known request is `{"Ok":…}` or `{"Err":…}` with status 200; bytes that make
/// no request are refused with 400, other routes with 404.
struct API: Sendable {
  /// How long a request to the leader on behalf of a reader may take.
  private static let leaderTimeout: Duration = .seconds(3)
  /// How long a reader waits until this server has caught up with the leader.
  private static let applyTimeout: Duration = .seconds(5)
  /// How long an operator waits for a new server to catch up; shorter than a request may take.
  private static let catchUpTimeout: Duration = .seconds(50)
  /// How many entries may be missing of a server that has caught up.
  private static let catchUpLag = 1000

  /// The server itself, with the addresses under which others reach it.
  let member: Member
  let node: RaftNode<KVReplica>
  let http: HTTPClient
  /// What the node counts and measures.
  let measures: MeasureBoard

  /// Answers one request.
  func answer(_ request: HTTPRequest) async -> HTTPResponse {
    switch (request.method, String(request.path)) {
    case (.post, "/init"):
      await Self.reply(to: request, self.found)
    case (.post, "/add-learner"):
      await Self.reply(to: request, self.addLearner)
    case (.post, "/join"):
      await Self.reply(to: request, self.join)
    case (.post, "/leave"):
      await Self.reply(to: request, self.leave)
    case (.post, "/change-membership"):
      await Self.reply(to: request, self.changeMembership)
    case (.post, "/transfer-leader"):
      await Self.reply(to: request, self.transferLeader)
    case (.post, "/allow-log-reversion"):
      await Self.reply(to: request, self.allowLogReversion)
    case (.get, "/metrics"):
      Self.response(
        Envelope<_, JSON>.success(MetricsReport(self.node.metrics, at: SystemClock().timestamp())))
    case (.get, "/list-nodes"):
      Self.response(
        Envelope<_, JSON>.success(
          NodeList(self.node.metrics.effectiveMembership.membership?.members ?? [])))
    case (.post, "/write"):
      await Self.reply(to: request, self.write)
    case (.post, "/read"):
      await Self.reply(to: request, self.read)
    case (.post, "/linearizable_read"):
      await Self.reply(to: request, self.linearizableRead)
    case (.post, "/lease_read"):
      await Self.reply(to: request, self.leaseRead)
    case (.post, "/follower_read"):
      await Self.reply(to: request, self.followerRead)
    case (.get, "/get_linearizer"):
      await self.linearizerResponse()
    case (.get, "/flight-recording"):
      self.flightRecording()
    default:
      await self.answerSteering(request) ?? .text("not found", .notFound)
    }
  }

  // MARK: Operators

  private func found(_ request: InitRequest) async throws(BootstrapError) -> JSON {
    try await self.node.bootstrap(with: request.members.isEmpty ? [self.member] : request.members)
    return .null
  }

  private func addLearner(
    _ request: AddLearnerRequest
  ) async throws(MembershipChangeError) -> ClientWriteResponse<KVResponse> {
    let receipt = try await self.node.addLearner(
      request.member,
      admission: .whenCaughtUp(lag: Self.catchUpLag, within: Self.catchUpTimeout))
    return Self.response(to: receipt)
  }

  private func join(
    _ request: AddLearnerRequest
  ) async throws(MembershipChangeError) -> ClientWriteResponse<KVResponse> {
    Self.response(
      to: try await self.node.addVoter(request.member, within: Self.catchUpTimeout))
  }

  private func leave(
    _ request: ServerRequest
  ) async throws(MembershipChangeError) -> ClientWriteResponse<KVResponse> {
    Self.response(
      to: try await self.node.removeMember(request.id, within: Self.catchUpTimeout))
  }

  private func changeMembership(
    _ request: VotersRequest
  ) async throws(MembershipChangeError) -> ClientWriteResponse<KVResponse> {
    Self.response(to: try await self.node.changeMembership(.replaceVoters(request.ids)))
  }

  /// Who wants this server to lead has it so, also if it led before: asking twice does no harm.
  private func transferLeader(
    _ request: TransferLeaderRequest
  ) async throws(TransferError) -> NodeID {
    do {
      return try await self.node.transferLeadership(to: request.target)
    } catch .alreadyLeads {
      return self.node.id
    }
  }

  private func allowLogReversion(
    _ request: ServerRequest
  ) async throws(LogReversionError) -> JSON {
    try await self.node.allowLogReversion(of: request.id)
    return .null
  }

  private static func response(
    to receipt: MembershipReceipt
  ) -> ClientWriteResponse<KVResponse> {
    ClientWriteResponse(
      logID: receipt.logID, data: KVResponse(value: nil), membership: receipt.membership)
  }

  private func flightRecording() -> HTTPResponse {
    do {
      return HTTPResponse(
        headers: ["Content-Type": "application/octet-stream"],
        body: try self.node.flightRecording())
    } catch {
      return .text("\(error)\n", .serviceUnavailable)
    }
  }

  // MARK: Data

  private func write(
    _ command: KVCommand
  ) async throws(WriteError) -> ClientWriteResponse<KVResponse> {
    let receipt = try await self.node.write(command)
    return ClientWriteResponse(logID: receipt.logID, data: receipt.response, membership: nil)
  }

  private func read(_ key: String) async throws(ReadError) -> KVResponse {
    switch try await self.node.read({ $0.read(Key(key)) }) {
    case .success(let response): return response
    case .failure(let error): throw .stopped(.storage(error))
    }
  }

  private func linearizableRead(
    _ key: String
  ) async throws(LinearizableReadError) -> KVResponse {
    try await self.read(key, .readIndex)
  }

  /// Linearizable, too, and without a message while promises hold: by the bound on clock drift.
  private func leaseRead(_ key: String) async throws(LinearizableReadError) -> KVResponse {
    try await self.read(key, .lease)
  }

  private func read(
    _ key: String, _ policy: ReadPolicy
  ) async throws(LinearizableReadError) -> KVResponse {
    do {
      try await self.node.linearizableRead(policy)
      return try await self.read(key)
    } catch {
      throw self.refusal(error)
    }
  }

  private func linearizer() async throws(LinearizableReadError) -> Linearizer {
    do {
      let barrier = try await self.node.readBarrier()
      return Linearizer(node: self.node.id, barrier: barrier, applied: self.node.metrics.applied)
    } catch {
      throw self.refusal(error)
    }
  }

  private func linearizerResponse() async -> HTTPResponse {
    let envelope: Envelope<Linearizer, LinearizableReadError>
    do {
      envelope = .success(try await self.linearizer())
    } catch {
      envelope = .failure(error)
    }
    return Self.response(envelope)
  }

  private func refusal(_ error: ReadError) -> LinearizableReadError {
    LinearizableReadError(error, in: self.node.metrics.effectiveMembership.membership)
  }

  /// Asks the leader from where on a state is fresh, and waits until this server's is.
  private func followerRead(_ key: String) async throws(FollowerReadError) -> KVResponse {
    let linearizer = try await self.leadersLinearizer()
    do {
      try await self.node.wait(
        for: .applied(atLeast: linearizer.barrier.index), within: Self.applyTimeout)
      return try await self.read(key)
    } catch let error as WaitError {
      throw FollowerReadError("this server has not caught up with the leader: \(error)")
    } catch {
      throw FollowerReadError(String(describing: error))
    }
  }

  private func leadersLinearizer() async throws(FollowerReadError) -> Linearizer {
    let metrics = self.node.metrics
    guard let leader = metrics.leader else {
      throw FollowerReadError("no leader is known here: try again")
    }
    guard leader != self.node.id else {
      do {
        return try await self.linearizer()
      } catch {
        throw FollowerReadError("this server leads, but: \(error.error)")
      }
    }
    guard
      let text = metrics.effectiveMembership.membership?.member(leader)?
        .metadata[NodeInfo.apiKey],
      let address = try? SocketAddress(parsing: text)
    else {
      throw FollowerReadError("the API address of leader \(leader) is not known here")
    }
    do {
      let response = try await self.http.send(
        HTTPRequest(.get, "/get_linearizer"), to: address, within: Self.leaderTimeout)
      let root = try JSONDocument(response.body).root
      switch try Envelope<Linearizer, LinearizableReadError>(json: root) {
      case .success(let linearizer): return linearizer
      case .failure(let refusal):
        throw FollowerReadError("leader \(leader) at \(address) refused: \(refusal.error)")
      }
    } catch let error as FollowerReadError {
      throw error
    } catch {
      throw FollowerReadError("leader \(leader) at \(address) gave no answer: \(error)")
    }
  }

  // MARK: Form

  /// Reads the request, has it done, and puts the outcome into an envelope.
  static func reply<Request: JSONShape, Value: JSONShape, Refusal: JSONShape & Error>(
    to request: HTTPRequest, _ body: (Request) async throws(Refusal) -> Value
  ) async -> HTTPResponse {
    let input: Request
    do throws(JSONError) {
      input = try Request(json: JSONDocument(request.body).root)
    } catch {
      return .text("the body makes no such request: \(error)\n", .badRequest)
    }
    let envelope: Envelope<Value, Refusal>
    do throws(Refusal) {
      envelope = .success(try await body(input))
    } catch {
      envelope = .failure(error)
    }
    return Self.response(envelope)
  }

  static func response(_ value: some JSONShape) -> HTTPResponse {
    HTTPResponse(headers: ["Content-Type": "application/json"], body: value.jsonBytes())
  }
}
