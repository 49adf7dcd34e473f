import RaftSockets

/// One connection of a server: requests in, responses out, in order.
final class ServerConnection: ConnectionHandler {
  enum Phase {
    /// Between requests.
    case idle
    /// A request has begun to arrive.
    case receiving
    /// The handler runs.
    case responding
    /// The response waits for the client to take it.
    case flushing
    /// The last response is on its way; nothing more is read.
    case closing
  }

  let connection: Connection
  let core: ServerCore
  private(set) var phase = Phase.idle
  private var parser: RequestParser
  private var head: RequestHead?
  private var body: [UInt8] = []
  /// What arrived behind the request that is being answered.
  private var pending: [UInt8] = []
  private var isParsing = false
  private var hasClientEnded = false
  private var deadline: MovingDeadline?
  /// Whether the deadline is that of the request which is arriving.
  private var isRequestTimed = false
  /// Tells the answer to the present request from one that comes too late.
  private var requestNumber = 0
  private var task: Task<Void, Never>?

  /// Beyond this, bytes of further requests are left to the network.
  private static let mostPending = 64 << 10
  private static let linger = Duration.seconds(2)

  init(_ connection: Connection, core: ServerCore) {
    self.connection = connection
    self.core = core
    self.parser = RequestParser(limits: core.configuration.limits)
  }

  func start() {
    self.connection.handler = self
    self.connection.timeouts = ConnectionTimeouts(write: self.core.configuration.writeTimeout)
    let deadline = MovingDeadline(on: self.core.loop) { [weak self] in self?.deadlineReached() }
    self.deadline = deadline
    deadline.move(to: self.core.configuration.idleTimeout)
  }

  // MARK: Bytes in

  func connection(_ connection: Connection, didReceive bytes: RawSpan) {
    bytes.withUnsafeBytes { input in
      switch self.phase {
      case .idle, .receiving:
        self.parse(input)
      case .responding, .flushing:
        self.keep(input)
      case .closing:
        return
      }
    }
  }

  private func keep(_ input: UnsafeRawBufferPointer) {
    self.pending.append(contentsOf: input)
    if self.pending.count >= ServerConnection.mostPending { self.connection.pauseReading() }
  }

  /// Reads requests until the input is used up, or a request waits for its answer.
  private func parse(_ input: UnsafeRawBufferPointer) {
    var offset = 0
    self.isParsing = true
    do throws(MalformedMessage) {
      while self.phase == .idle || self.phase == .receiving,
        let event = try self.parser.next(in: input, at: &offset)
      {
        self.phase = .receiving
        switch event {
        case .head(let head): self.begin(head, hasMore: offset < input.count)
        case .body(let range): self.body.append(contentsOf: input[range])
        case .end: self.dispatch()
        }
      }
    } catch {
      self.refuse(error.status, error.reason)
    }
    self.isParsing = false
    switch self.phase {
    case .idle, .receiving:
      self.waitForBytes()
    case .responding, .flushing:
      if offset < input.count { self.keep(UnsafeRawBufferPointer(rebasing: input[offset...])) }
    case .closing:
      break
    }
  }

  private func waitForBytes() {
    let configuration = self.core.configuration
    if self.parser.isBetweenRequests {
      self.phase = .idle
      if self.core.isDraining || self.hasClientEnded { return self.closeIdle() }
      self.deadline?.move(to: configuration.idleTimeout)
      self.isRequestTimed = false
    } else {
      self.phase = .receiving
      if self.hasClientEnded { return self.connection.close() }
      if !self.isRequestTimed { self.deadline?.move(to: configuration.requestTimeout) }
      self.isRequestTimed = true
    }
  }

  private func begin(_ head: RequestHead, hasMore: Bool) {
    self.head = head
    self.body = []
    // Room for what is announced, but no more than a client has to prove by sending it.
    if let length = head.contentLength { self.body.reserveCapacity(min(length, 256 << 10)) }
    if head.awaitsGoAhead, !hasMore {
      self.connection.write(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
    }
  }

  // MARK: The handler

  private func dispatch() {
    guard let head = self.head else { preconditionFailure("a request ended before it began") }
    var request = HTTPRequest(head.method, head.target, headers: head.headers, body: self.body)
    request.peer = self.connection.peer
    self.body = []
    self.phase = .responding
    self.requestNumber += 1
    self.core.statistics.requests += 1
    self.deadline?.move(to: self.core.configuration.handlerTimeout)
    self.isRequestTimed = false
    let number = self.requestNumber
    let answer = Answer(LoopConfined(self, to: self.core.loop), number, self.core.handler)
    let task: Task<Void, Never>
    switch self.core.configuration.handlerStart {
    case .onPool: task = Task { [request] in await answer.make(to: request) }
    case .onLoop: task = Task.immediate { [request] in await answer.make(to: request) }
    }
    if self.phase == .responding, self.requestNumber == number { self.task = task }
  }

  /// Calls the handler and brings its response back to the loop.
  private struct Answer: Sendable {
    private let connection: LoopConfined<ServerConnection>
    private let number: Int
    private let handler: HTTPServer.Handler

    init(
      _ connection: LoopConfined<ServerConnection>, _ number: Int,
      _ handler: @escaping HTTPServer.Handler
    ) {
      self.connection = connection
      self.number = number
      self.handler = handler
    }

    func make(to request: HTTPRequest) async {
      let response = await self.handler(request)
      if self.connection.loop.isCurrent {
        self.connection.onLoop.answer(response, to: self.number)
      } else {
        self.connection.loop.post { self.connection.onLoop.answer(response, to: self.number) }
      }
    }
  }

  private func answer(_ response: HTTPResponse, to number: Int) {
    guard self.phase == .responding, number == self.requestNumber else { return }
    self.task = nil
    self.send(response)
    guard self.phase != .closing, !self.isParsing else { return }
    self.goOn()
  }

  // MARK: Bytes out

  private func send(_ response: HTTPResponse) {
    guard let head = self.head else { preconditionFailure("a response without a request") }
    self.head = nil
    let asksToClose = response.headers["connection"].map {
      HTTPHeaders.areEqual($0, "close")
    }
    let keepsAlive = head.keepsAlive && !self.core.isDraining && asksToClose != true
    let outcome = self.write(
      response, without: head.method == .head,
      ending: !keepsAlive ? .close : head.version == .http11 ? .keepAlive : .keepAliveSaid)
    guard keepsAlive else { return self.closeAfterResponse() }
    self.phase = outcome == .takenAndFull ? .flushing : .idle
  }

  private func write(
    _ response: HTTPResponse, without isBodyless: Bool, ending: MessageWriter.Ending
  ) -> WriteOutcome {
    var head: [UInt8]
    var body = response.body
    if response.status.code < 200 {
      let broken = HTTPResponse.text("An interim status is no answer.\n", .internalServerError)
      return self.write(broken, without: isBodyless, ending: ending)
    }
    do throws(MessageWriter.UnwritableField) {
      head = try MessageWriter.head(of: response, date: self.core.date(), ending: ending)
    } catch {
      let broken = HTTPResponse.text(
        "The response has a header field that cannot be sent.\n", .internalServerError)
      return self.write(broken, without: isBodyless, ending: ending)
    }
    if isBodyless || response.status.forbidsBody { body = [] }
    if body.count <= MessageWriter.joinBelow {
      head.append(contentsOf: body)
      body = []
    }
    return self.connection.write(head, body)
  }

  /// Answers a request that is not served, and closes: what follows it cannot be trusted.
  private func refuse(_ status: HTTPStatus, _ reason: String) {
    self.core.statistics.refusals += 1
    _ = self.write(
      .text("\(reason)\n", status), without: self.head?.method == .head, ending: .close)
    self.closeAfterResponse()
  }

  private func closeAfterResponse() {
    self.phase = .closing
    self.deadline?.end()
    self.pending = []
    self.connection.closeGracefully(linger: ServerConnection.linger)
  }

  /// Closes between two requests; the end of the last response may still be on its way.
  private func closeIdle() {
    if self.connection.waitingBytes == 0 {
      self.connection.close()
    } else {
      self.closeAfterResponse()
    }
  }

  /// The response is out: what arrived meanwhile is next.
  private func goOn() {
    guard self.phase == .idle, self.connection.isOpen else { return }
    let input = self.pending
    self.pending = []
    self.connection.resumeReading()
    input.withUnsafeBytes { self.parse($0) }
  }

  // MARK: Events of the connection

  func connectionHasRoom(_ connection: Connection) {
    guard self.phase == .flushing else { return }
    self.phase = .idle
    self.goOn()
  }

  func connectionDidReachEnd(_ connection: Connection) {
    self.hasClientEnded = true
    switch self.phase {
    case .idle: self.closeIdle()
    case .receiving: connection.close()
    case .responding, .flushing, .closing: break
    }
  }

  func connectionDidClose(_ connection: Connection, because reason: CloseReason) {
    self.phase = .closing
    self.task?.cancel()
    self.task = nil
    self.deadline?.end()
    self.core.closed(self)
  }

  private func deadlineReached() {
    switch self.phase {
    case .idle:
      self.closeIdle()
    case .receiving:
      let limit = self.core.configuration.requestTimeout
      self.refuse(.requestTimeout, "the request did not arrive within \(limit)")
    case .responding:
      self.task?.cancel()
      self.task = nil
      self.requestNumber += 1
      self.refuse(.serviceUnavailable, "the request was not answered in time")
    case .flushing, .closing:
      break
    }
  }

  // MARK: The end of the server

  /// Closes now if no request is under way, else after its response.
  func drain() {
    if self.phase == .idle { self.closeIdle() }
  }

  /// Closes now; the handler is cancelled.
  func abort() {
    self.connection.close()
  }
}
