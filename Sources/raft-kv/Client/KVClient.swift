import Raft
import RaftHTTP
import RaftHTTPTransport
import RaftJSON

/// Talks to a cluster: finds the leader, follows it, and retries until the time is up.
final class KVClient: Sendable {
  /// How patient a client is.
  struct Patience: Sendable {
    /// How long one request may take, with all its attempts.
    var total: Duration = .seconds(15)
    /// How long one server may take to answer.
    var attempt: Duration = .seconds(5)
    /// The longest pause between two attempts.
    var pause: Duration = .milliseconds(400)
  }

  /// A write that took effect.
  struct Receipt: Sendable {
    /// Where its entry stands in the log.
    let logID: LogID
    /// What the key holds now; `nil` if a compare-and-set met another version.
    let value: VersionedValue?
    /// Whether it was sent again after an attempt with an unknown outcome.
    let isRepeated: Bool
  }

  /// An answer, and whether an earlier attempt may have been acted on too.
  private struct Answer<Value> {
    let value: Value
    let isRepeated: Bool
  }

  /// The servers that are known.
  let route: Route
  private let http: HTTPClient
  private let patience: Patience

  /// A client of the cluster that these servers belong to.
  init(_ cluster: [SocketAddress], http: HTTPClient, patience: Patience = Patience()) {
    self.route = Route(cluster)
    self.http = http
    self.patience = patience
  }

  /// Writes, and returns when a quorum has it and the leader applied it.
  ///
  /// A `Set` whose outcome is unknown is sent again, a `CompareAndSet` is not.
  func write(_ command: KVCommand) async throws(ClientError) -> Receipt {
    let isRepeatable =
      switch command {
      case .set: true
      case .compareAndSet: false
      }
    let answer: Answer<ClientWriteResponse<KVResponse>> = try await self.ask(
      "/write", command.bytes, isRepeatable: isRepeatable
    ) { (error: WriteError) in
      switch error {
      case .notLeader(let hint): .askLeader(hint)
      case .outcomeUnknown: .unknown(error.description)
      case .noQuorum, .transferring, .overloaded, .storageFull, .stopped:
        .retry(error.description)
      default: .refuse(error.description)
      }
    }
    return Receipt(
      logID: answer.value.logID, value: answer.value.data.value, isRepeated: answer.isRepeated)
  }

  /// What the key holds now: at least everything acknowledged before the call.
  func read(_ key: Key) async throws(ClientError) -> VersionedValue? {
    let answer: Answer<KVResponse> = try await self.ask(
      "/linearizable_read", key.text.jsonBytes(), isRepeatable: true
    ) { (error: ReadError) in
      if case .notLeader(let hint) = error { .askLeader(hint) } else { .retry(error.description) }
    }
    return answer.value.value
  }

  /// Adds a server without a vote, and waits until it has caught up.
  func addLearner(
    _ id: NodeID, api: SocketAddress, raft: SocketAddress
  ) async throws(ClientError) {
    try await self.administer("/add-learner", Self.description(of: id, api: api, raft: raft))
  }

  /// Makes a server a voter, and waits until it is one.
  func join(
    _ id: NodeID, api: SocketAddress, raft: SocketAddress, as role: Member.Role = .replica
  ) async throws(ClientError) {
    try await self.administer("/join", Self.description(of: id, api: api, raft: raft, as: role))
  }

  /// Takes a server out of the cluster.
  func leave(_ id: NodeID) async throws(ClientError) {
    try await self.administer("/leave", ServerRequest(id).jsonBytes())
  }

  private static func description(
    of id: NodeID, api: SocketAddress, raft: SocketAddress, as role: Member.Role = .replica
  ) -> [UInt8] {
    AddLearnerRequest(
      Member(
        id: id, address: String(describing: raft),
        metadata: [NodeInfo.apiKey: String(describing: api)], role: role)
    ).jsonBytes()
  }

  /// Makes exactly these servers the voters.
  func changeMembership(_ ids: [NodeID]) async throws(ClientError) {
    try await self.administer("/change-membership", ids.jsonBytes())
  }

  /// Has the leader hand its leadership over to this server, or to whoever suits best; returns who
  /// leads then.
  ///
  /// A transfer of unknown outcome is not repeated: the next leader would hand over again.
  func transferLeadership(to target: NodeID?) async throws(ClientError) -> NodeID {
    let answer: Answer<NodeID> = try await self.ask(
      "/transfer-leader", TransferLeaderRequest(to: target).jsonBytes(),
      isRepeatable: target != nil, attempt: self.patience.total
    ) { (error: TransferError) in
      switch error {
      case .notLeader(let hint): .askLeader(hint)
      case .outcomeUnknown: .unknown(error.description)
      case .noneHeard, .stopped: .retry(error.description)
      default: .refuse(error.description)
      }
    }
    return answer.value
  }

  /// Has the leader let this server start over although it lost what it had confirmed, once.
  ///
  /// If the outcome is unknown, it is not repeated: the answer would be that nothing is lost.
  func allowLogReversion(of id: NodeID) async throws(ClientError) {
    let _: Answer<JSON> = try await self.ask(
      "/allow-log-reversion", ServerRequest(id).jsonBytes(), isRepeatable: false
    ) { (error: LogReversionError) in
      switch error {
      case .notLeader(let hint): .askLeader(hint)
      case .stopped: .retry(error.description)
      default: .refuse(error.description)
      }
    }
  }

  /// Founds a cluster of one server.
  func found(at address: SocketAddress) async throws(ClientError) {
    let request = HTTPRequest(.post, "/init", headers: Self.headers, body: Array("[]".utf8))
    let answer = await self.send(request, to: address, within: self.patience.total)
    guard case .success(let response) = answer else { throw .refused(Self.text(of: answer)) }
    guard response.status == .ok, let document = try? JSONDocument(response.body),
      (try? document.root.member("Ok")) != nil
    else { throw .refused(response.text) }
  }

  /// Tells one server something that is its own affair, and returns its answer.
  ///
  /// Asks nobody else and does not retry. Without a body it is a question.
  func tell(
    _ path: String, _ body: [UInt8]? = nil, at address: SocketAddress
  ) async throws(ClientError) -> String {
    let request =
      body.map { HTTPRequest(.post, path, headers: Self.headers, body: $0) }
      ?? HTTPRequest(.get, path)
    let answer = await self.send(request, to: address, within: self.patience.total)
    guard case .success(let response) = answer else { throw .refused(Self.text(of: answer)) }
    guard response.status == .ok else {
      throw .refused("\(address): \(response.status): \(response.text)")
    }
    return response.text
  }

  /// One server's own view; asks nobody else and does not retry.
  func metrics(of address: SocketAddress) async throws(ClientError) -> MetricsReport {
    let answer = await self.send(
      HTTPRequest(.get, "/metrics"), to: address, within: self.patience.attempt)
    guard case .success(let response) = answer else { throw .refused(Self.text(of: answer)) }
    guard response.status == .ok,
      let document = try? JSONDocument(response.body),
      let report = try? MetricsReport(json: document.root["Ok"])
    else { throw .refused("\(address) sent no metrics: \(response.status)") }
    return report
  }

  private func administer(_ path: String, _ body: [UInt8]) async throws(ClientError) {
    // Both changes say what shall be; saying it twice does no harm.
    let _: Answer<ClientWriteResponse<JSON>> = try await self.ask(
      path, body, isRepeatable: true, attempt: self.patience.total
    ) { (error: MembershipChangeError) in
      switch error {
      case .notLeader(let hint): .askLeader(hint)
      case .outcomeUnknown: .unknown(error.description)
      case .noQuorum, .transferring, .inProgress, .stopped, .notCaughtUp:
        .retry(error.description)
      default: .refuse(error.description)
      }
    }
  }

  // MARK: Attempts

  /// What to do after an attempt that did not succeed.
  private enum Advice {
    case askLeader(LeaderHint?)
    case retry(String)
    case unknown(String)
    case refuse(String)
  }

  private static let headers: HTTPHeaders = ["Content-Type": "application/json"]
  private static let shortestPause: Duration = .milliseconds(20)
  /// With less time left, an attempt would only leave its outcome unknown.
  private static let shortestAttempt: Duration = .milliseconds(50)
  /// How often in a row a hint is followed at once; hints may go in circles.
  private static let hintsInARow = 3

  private func ask<Value: JSONShape, Refusal: JSONShape>(
    _ path: String, _ body: [UInt8], isRepeatable: Bool, attempt: Duration? = nil,
    advice: (Refusal) -> Advice
  ) async throws(ClientError) -> Answer<Value> {
    // The connection itself never repeats: whoever asked wants to know of it.
    let request = HTTPRequest(
      .post, path, headers: Self.headers, body: body, repetition: .harmful)
    let clock = ContinuousClock()
    let deadline = clock.now.advanced(by: self.patience.total)
    var last = "none"
    var isUnknown = false
    var pause = Self.shortestPause
    var hints = 0
    while true {
      let rest = clock.now.duration(to: deadline)
      if Task.isCancelled { throw isUnknown ? .outcomeUnknown(last: last) : .cancelled }
      guard rest > min(Self.shortestAttempt, self.patience.total / 2) else {
        throw isUnknown ? .outcomeUnknown(last: last) : .outOfTime(last: last)
      }
      let address = self.route.current
      let answer = await self.send(
        request, to: address, within: min(rest, attempt ?? self.patience.attempt))
      let outcome: Outcome<Value> = Self.outcome(of: answer, advice: advice)
      switch outcome {
      case .done(let value):
        return Answer(value: value, isRepeated: isUnknown)
      case .advised(.refuse(let reason)):
        throw isUnknown ? .outcomeUnknown(last: reason) : .refused(reason)
      case .advised(.askLeader(let hint)):
        last = "\(address) does not lead"
        if hints < Self.hintsInARow, let leader = hint.flatMap(Self.apiAddress) {
          hints += 1
          self.route.lead(to: leader)
          continue
        }
        self.route.leave(address)
      case .advised(.unknown(let reason)):
        last = reason
        isUnknown = true
        guard isRepeatable else { throw .outcomeUnknown(last: reason) }
        self.route.leave(address)
      case .advised(.retry(let reason)):
        last = reason
        self.route.leave(address)
      }
      hints = 0
      // Half of it by chance, so that many clients do not come back together.
      try? await clock.sleep(for: pause * Double.random(in: 0.5...1))
      pause = min(pause * 2, self.patience.pause)
    }
  }

  private enum Outcome<Value> {
    case done(Value)
    case advised(Advice)
  }

  private static func outcome<Value: JSONShape, Refusal: JSONShape>(
    of answer: Result<HTTPResponse, HTTPClientError>, advice: (Refusal) -> Advice
  ) -> Outcome<Value> {
    switch answer {
    case .failure(let error):
      return .advised(
        error.delivery == .unknown ? .unknown(error.description) : .retry(error.description))
    case .success(let response) where response.status == .ok:
      do {
        switch try Envelope<Value, Refusal>(json: JSONDocument(response.body).root) {
        case .success(let value): return .done(value)
        case .failure(let refusal): return .advised(advice(refusal))
        }
      } catch {
        return .advised(.unknown("an answer that is not understood: \(error)"))
      }
    case .success(let response) where response.status.code >= 500:
      return .advised(.unknown("\(response.status): \(response.text)"))
    case .success(let response):
      return .advised(.refuse("\(response.status): \(response.text)"))
    }
  }

  private func send(
    _ request: HTTPRequest, to address: SocketAddress, within limit: Duration
  ) async -> Result<HTTPResponse, HTTPClientError> {
    do {
      return .success(try await self.http.send(request, to: address, within: limit))
    } catch {
      return .failure(error)
    }
  }

  private static func text(of answer: Result<HTTPResponse, HTTPClientError>) -> String {
    switch answer {
    case .success(let response): response.text
    case .failure(let error): error.description
    }
  }

  private static func apiAddress(of hint: LeaderHint) -> SocketAddress? {
    guard let text = hint.member?.metadata[NodeInfo.apiKey] else { return nil }
    return try? SocketAddress(parsing: text)
  }
}
