import Raft

/// One node's way to one peer, with requests and answers that are slow, lost, late or doubled.
final class SimulatedConnection: PeerConnection, @unchecked Sendable {
  /// Hands a request to the node that runs at the other end now.
  typealias Delivery<Response> =
    @Sendable (
      RaftNode<SimulatedMachine>, @escaping @Sendable (Result<Response, RequestError>) -> Void
    ) -> Void

  private let network: NodeNetwork
  private let life: NodeLifeReference
  private let to: NodeID
  private var isClosed = false
  /// How to end the calls under way; sorted by number before use.
  private var pending: [Int: () -> Void] = [:]
  private var nextCall = 0
  /// Requests that must arrive in order, for streams.
  private var inOrder: [() -> Void] = []
  private var lastArrival: Int64 = 0

  private var world: NodeWorld { self.network.world }
  private var from: NodeID { self.life.life?.station.id ?? 0 }

  init(network: NodeNetwork, life: NodeLifeReference, to: NodeID) {
    self.network = network
    self.life = life
    self.to = to
  }

  func append(
    _ request: AppendRequest, within limit: Duration
  ) async throws(TransportError) -> AppendResponse {
    try await self.exchange(request.line, within: limit) { node, answer in
      node.receive(request, reply: answer)
    }
  }

  func vote(
    _ request: VoteRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> VoteResponse {
    try await self.exchange(
      "vote \(request.vote) last \(request.lastLogID.brief)", within: limit
    ) { node, answer in
      Self.answer(answer) { () async throws(RequestError) in
        try await node.respond(to: request, contact: contact)
      }
    }
  }

  func preVote(
    _ request: VoteRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> VoteResponse {
    try await self.exchange(
      "pre-vote \(request.vote) last \(request.lastLogID.brief)", within: limit
    ) { node, answer in
      Self.answer(answer) { () async throws(RequestError) in
        try await node.respond(toPreVote: request, contact: contact)
      }
    }
  }

  func installSnapshot(
    _ request: SnapshotRequest, within limit: Duration
  ) async throws(TransportError) -> SnapshotResponse {
    var request = request
    request.content = SimulatedContent(
      base: request.content, network: self.network, life: self.life, to: self.to)
    return try await self.exchange(
      "snapshot \(request.snapshot.lastLogID)", within: limit
    ) { [request] node, answer in
      Self.answer(answer) { () async throws(RequestError) in try await node.respond(to: request) }
    }
  }

  func transferLeadership(
    _ request: TransferRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> TransferResponse {
    try await self.exchange("transfer to \(request.to)", within: limit) { node, answer in
      Self.answer(answer) { () async throws(RequestError) in
        try await node.respond(to: request, contact: contact)
      }
    }
  }

  func close() {
    self.isClosed = true
    let pending = self.pending.sorted { $0.key < $1.key }
    self.pending = [:]
    for (_, end) in pending { end() }
  }

  // MARK: One exchange

  private static func answer<Response: Sendable>(
    _ answer: @escaping @Sendable (Result<Response, RequestError>) -> Void,
    _ body: @escaping @Sendable () async throws(RequestError) -> Response
  ) {
    Task {
      do throws(RequestError) {
        answer(.success(try await body()))
      } catch {
        answer(.failure(error))
      }
    }
  }

  private func exchange<Response: Sendable>(
    _ line: String, within limit: Duration, _ delivery: @escaping Delivery<Response>
  ) async throws(TransportError) -> Response {
    let result = await withUnsafeContinuation {
      (continuation: UnsafeContinuation<Result<Response, TransportError>, Never>) in
      self.send(line, limit: limit.nanoseconds, .anyOrder, delivery) {
        continuation.resume(returning: $0)
      }
    }
    return try result.get()
  }

  enum Order {
    case anyOrder
    case asSent
  }

  /// Sends a request; the answer, or the failure, goes to `reply`, once and later.
  func send<Response: Sendable>(
    _ line: String, limit: Int64, _ order: Order, _ delivery: @escaping Delivery<Response>,
    reply: @escaping (Result<Response, TransportError>) -> Void
  ) {
    let number = self.nextCall
    self.nextCall += 1
    let call = SimulatedCall<Response>(
      executor: self.world.executor, limit: limit,
      forget: { self.pending[number] = nil }, reply: reply)
    self.pending[number] = { call.end(.failure(.connectionLost("injected: closed"))) }
    self.world.tally.messages += 1
    guard !self.life.isDead, !self.isClosed else {
      self.world.executor.after(0) { call.end(.failure(.unreachable("injected: gone"))) }
      return
    }
    let route = "\(self.from)→\(self.to)"
    if self.network.loses(from: self.from, to: self.to) {
      self.world.note("\(route) \(line) LOST")
      self.lose(call)
      return
    }
    let way = self.network[self.from, self.to]
    let arrive = { (reply: @escaping @Sendable (Result<Response, RequestError>) -> Void) in
      self.arrive("\(route) \(line)", call, delivery, reply)
    }
    let delay = self.network.delay(from: self.from, to: self.to)
    self.schedule(after: delay, order) {
      arrive { self.sendBack($0, to: call, route) }
    }
    if self.world.happens(way.duplicatesPerMille) {
      // The second copy takes any time; nobody waits for its answer.
      self.world.executor.after(delay + self.world.draw(0...400_000_000)) {
        arrive { _ in }
      }
    }
  }

  private func schedule(after delay: Int64, _ order: Order, _ action: @escaping () -> Void) {
    guard order == .asSent else {
      self.world.executor.after(delay, action)
      return
    }
    // Whichever of the wake-ups comes first takes the first request.
    self.inOrder.append(action)
    self.lastArrival = max(self.lastArrival, self.world.now + delay)
    self.world.executor.at(self.lastArrival) { self.inOrder.removeFirst()() }
  }

  private func arrive<Response: Sendable>(
    _ line: String, _ call: SimulatedCall<Response>, _ delivery: @escaping Delivery<Response>,
    _ reply: @escaping @Sendable (Result<Response, RequestError>) -> Void
  ) {
    let station = self.network.station(of: self.to)
    station.whenAwake {
      guard let life = station.life, !life.isDead else {
        self.lose(call)
        return
      }
      self.world.note(line)
      delivery(life.node) { result in
        // What a dead process says is not heard.
        guard !life.isDead else {
          self.lose(call)
          return
        }
        reply(result)
      }
    }
  }

  private func sendBack<Response: Sendable>(
    _ result: Result<Response, RequestError>, to call: SimulatedCall<Response>, _ route: String
  ) {
    guard !self.network.loses(from: self.to, to: self.from) else {
      self.world.note("\(route) answer LOST")
      self.lose(call)
      return
    }
    let asker = self.network.station(of: self.from)
    self.world.executor.after(self.network.delay(from: self.to, to: self.from)) {
      asker.whenAwake {
        guard !self.life.isDead else {
          call.end(.failure(.connectionLost("injected: gone")))
          return
        }
        self.world.note("\(route) answer \(Self.line(result))")
        call.end(result.mapError(Self.seen))
      }
    }
  }

  /// The sender learns that a connection broke, or learns nothing until its time is up.
  private func lose<Response: Sendable>(_ call: SimulatedCall<Response>) {
    self.world.tally.lostMessages += 1
    guard self.world.happens(500) else { return }
    self.world.executor.after(self.world.draw(0...20_000_000)) {
      call.end(.failure(.connectionLost("injected: lost")))
    }
  }

  private static func seen(_ error: RequestError) -> TransportError {
    switch error {
    case .refused(let refusal): .refused(refusal)
    default: .remote(String(describing: error))
    }
  }

  private static func line<Response>(_ result: Result<Response, RequestError>) -> String {
    switch result {
    case .success(let response as AppendResponse): "\(response.outcome)"
    case .success(let response as VoteResponse):
      "\(response.isGranted ? "granted" : "denied") \(response.vote)"
    case .success: "done"
    case .failure(let error): "\(error)"
    }
  }
}

extension AppendRequest {
  /// The request for people.
  fileprivate var line: String {
    let entries = self.entries.map { "\($0)" }.joined(separator: " ")
    return """
      append \(self.header.vote) after \(self.header.previous.brief) committed \
      \(self.header.committed.brief) [\(entries)]
      """
  }
}

/// A way to a peer that takes appends without waiting.
final class SimulatedStream: AppendStreaming {
  private let connection: SimulatedConnection
  private static let limit: Int64 = 400_000_000

  init(connection: SimulatedConnection) {
    self.connection = connection
  }

  func stream(_ request: AppendRequest, reply: AppendReply) {
    self.connection.send(
      request.line, limit: Self.limit, .asSent,
      { node, answer in node.receive(request, reply: answer) }, reply: { reply($0) })
  }

  func append(
    _ request: AppendRequest, within limit: Duration
  ) async throws(TransportError) -> AppendResponse {
    try await self.connection.append(request, within: limit)
  }

  func vote(
    _ request: VoteRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> VoteResponse {
    try await self.connection.vote(request, contact: contact, within: limit)
  }

  func preVote(
    _ request: VoteRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> VoteResponse {
    try await self.connection.preVote(request, contact: contact, within: limit)
  }

  func installSnapshot(
    _ request: SnapshotRequest, within limit: Duration
  ) async throws(TransportError) -> SnapshotResponse {
    try await self.connection.installSnapshot(request, within: limit)
  }

  func transferLeadership(
    _ request: TransferRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> TransferResponse {
    try await self.connection.transferLeadership(request, contact: contact, within: limit)
  }

  func close() { self.connection.close() }
}

/// The content of a snapshot on its way, which breaks off when the way does.
private final class SimulatedContent: SnapshotReader {
  private let base: any SnapshotReader
  private let network: NodeNetwork
  private let life: NodeLifeReference
  private let to: NodeID

  init(
    base: any SnapshotReader, network: NodeNetwork, life: NodeLifeReference, to: NodeID
  ) {
    self.base = base
    self.network = network
    self.life = life
    self.to = to
  }

  func next() async throws(StorageError) -> [UInt8]? {
    let from = self.life.life?.station.id ?? 0
    await self.network.world.sleep(for: self.network.delay(from: from, to: self.to))
    guard !self.life.isDead, !self.network.loses(from: from, to: self.to) else {
      throw StorageError(.io, "injected: the content broke off")
    }
    return try await self.base.next()
  }
}
