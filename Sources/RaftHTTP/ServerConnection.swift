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
  var phase = Phase.idle
  private var parser: RequestParser
  var head: RequestHead?
  var body: [UInt8] = []
  /// What arrived behind the request that is being answered.
  var pending: [UInt8] = []
  var isParsing = false
  var hasClientEnded = false
  var deadline: MovingDeadline?
  /// Whether the deadline is that of the request which is arriving.
  var isRequestTimed = false
  /// Tells the answer to the present request from one that comes too late.
  var requestNumber = 0
  var task: Task<Void, Never>?

  /// Beyond this, bytes of further requests are left to the network.
  private static let mostPending = 64 << 10
  static let linger = Duration.seconds(2)

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
  func parse(_ input: UnsafeRawBufferPointer) {
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
