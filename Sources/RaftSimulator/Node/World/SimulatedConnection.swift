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
    try await self.exchange(request.message, within: limit) { node, answer in
      node.receive(request, reply: answer)
    }
  }

  func vote(
    _ request: VoteRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> VoteResponse {
    try await self.exchange(
      Message(.vote, "vote request", PlainWords.of(request)), within: limit
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
      Message(.preVote, "pre-vote request", PlainWords.of(request)), within: limit
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
    let end = request.snapshot.lastLogID
    return try await self.exchange(
      Message(.snapshot, "snapshot", "through \(end)"), within: limit
    ) { [request] node, answer in
      Self.answer(answer) { () async throws(RequestError) in try await node.respond(to: request) }
    }
  }

  func transferLeadership(
    _ request: TransferRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> TransferResponse {
    self.world.coverage.transfersRequested += 1
    return try await self.exchange(
      Message(.transfer, "transfer request", PlainWords.of(request)), within: limit
    ) { node, answer in
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
    _ message: Message, within limit: Duration, _ delivery: @escaping Delivery<Response>
  ) async throws(TransportError) -> Response {
    let result = await withUnsafeContinuation {
      (continuation: UnsafeContinuation<Result<Response, TransportError>, Never>) in
      self.send(message, limit: limit.nanoseconds, .anyOrder, delivery) {
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
    _ message: Message, limit: Int64, _ order: Order, _ delivery: @escaping Delivery<Response>,
    reply: @escaping (Result<Response, TransportError>) -> Void
  ) {
    let number = self.nextCall
    self.nextCall += 1
    let call = SimulatedCall<Response>(
      executor: self.world.executor, limit: limit,
      forget: { self.pending[number] = nil }, reply: reply)
    self.pending[number] = { call.end(.failure(.connectionLost("injected: closed"))) }
    self.world.coverage.messagesSent += 1
    guard !self.life.isDead, !self.isClosed else {
      self.world.executor.after(0) { call.end(.failure(.unreachable("injected: gone"))) }
      return
    }
    let note = Note(message, from: self.from, to: self.to, self.world)
    note.sent()
    if self.network.loses(from: self.from, to: self.to) {
      note.lost()
      self.lose(call)
      return
    }
    let way = self.network[self.from, self.to]
    let arrive = { (reply: @escaping @Sendable (Result<Response, RequestError>) -> Void) in
      self.arrive(note, call, delivery, reply)
    }
    let delay = self.network.delay(from: self.from, to: self.to)
    let carry = {
      self.schedule(after: delay, order) {
        arrive { self.sendBack($0, to: call, message) }
      }
    }
    switch self.network.rules.verdict(on: carry, message.kind, from: self.from, to: self.to) {
    case .carry: carry()
    case .twice:
      carry()
      self.world.executor.after(delay) { arrive { _ in } }
    case .lose:
      note.lost()
      self.lose(call)
    case .hold: break
    }
    if self.world.happens(way.duplicatesPerMille) {
      // The second copy takes any time; nobody waits for its answer.
      self.world.coverage.messagesDuplicated += 1
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
    _ note: Note, _ call: SimulatedCall<Response>, _ delivery: @escaping Delivery<Response>,
    _ reply: @escaping @Sendable (Result<Response, RequestError>) -> Void
  ) {
    let station = self.network.station(of: self.to)
    station.whenAwake {
      guard let life = station.life, !life.isDead else {
        note.lost()
        self.lose(call)
        return
      }
      note.arrived()
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
    _ result: Result<Response, RequestError>, to call: SimulatedCall<Response>, _ message: Message
  ) {
    let note = Note(
      Message(
        message.kind.answer, "answer to \(message.name)", Self.line(result)), from: self.to,
      to: self.from, self.world)
    note.sent()
    guard !self.network.loses(from: self.to, to: self.from) else {
      note.lost()
      self.lose(call)
      return
    }
    let carry = { self.carryBack(result, to: call, note) }
    switch self.network.rules.verdict(on: carry, message.kind.answer, from: self.to, to: self.from)
    {
    case .carry, .twice: carry()
    case .lose:
      note.lost()
      self.lose(call)
    case .hold: break
    }
  }

  private func carryBack<Response: Sendable>(
    _ result: Result<Response, RequestError>, to call: SimulatedCall<Response>, _ note: Note
  ) {
    let asker = self.network.station(of: self.from)
    self.world.executor.after(self.network.delay(from: self.to, to: self.from)) {
      asker.whenAwake {
        guard !self.life.isDead else {
          note.lost()
          call.end(.failure(.connectionLost("injected: gone")))
          return
        }
        note.arrived()
        call.end(result.mapError(Self.seen))
      }
    }
  }

  /// The sender learns that a connection broke, or learns nothing until its time is up.
  private func lose<Response: Sendable>(_ call: SimulatedCall<Response>) {
    self.world.coverage.messagesLost += 1
    let isScripted = self.world.profile.script != nil
    guard isScripted || self.world.happens(500) else { return }
    let delay = isScripted ? milliseconds : self.world.draw(0...20_000_000)
    self.world.executor.after(delay) {
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
    case .success(let response): PlainWords.of(response)
    case .failure(let error): PlainWords.of(error)
    }
  }
}
