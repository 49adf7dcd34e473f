import RaftSockets

extension ServerConnection {
  // MARK: The handler

  func dispatch() {
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

  func answer(_ response: HTTPResponse, to number: Int) {
    guard self.phase == .responding, number == self.requestNumber else { return }
    self.task = nil
    self.send(response)
    guard self.phase != .closing, !self.isParsing else { return }
    self.goOn()
  }

  // MARK: Bytes out

  func send(_ response: HTTPResponse) {
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

  func write(
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
  func refuse(_ status: HTTPStatus, _ reason: String) {
    self.core.statistics.refusals += 1
    _ = self.write(
      .text("\(reason)\n", status), without: self.head?.method == .head, ending: .close)
    self.closeAfterResponse()
  }

  func closeAfterResponse() {
    self.phase = .closing
    self.deadline?.end()
    self.pending = []
    self.connection.closeGracefully(linger: ServerConnection.linger)
  }

  /// Closes between two requests; the end of the last response may still be on its way.
  func closeIdle() {
    if self.connection.waitingBytes == 0 {
      self.connection.close()
    } else {
      self.closeAfterResponse()
    }
  }

  /// The response is out: what arrived meanwhile is next.
  func goOn() {
    guard self.phase == .idle, self.connection.isOpen else { return }
    let input = self.pending
    self.pending = []
    self.connection.resumeReading()
    input.withUnsafeBytes { self.parse($0) }
  }
}
