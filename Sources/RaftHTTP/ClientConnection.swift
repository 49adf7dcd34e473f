import RaftSockets

/// One connection of a client: carries one exchange at a time.
final class ClientConnection: ConnectionHandler {
  private let connection: Connection
  private let pool: ConnectionPool
  private var exchange: Exchange?
  private var parser: ResponseParser
  private var head: ResponseHead?
  private var body: [UInt8] = []
  private var hasHeard = false
  private var isReused = false
  private var idleDeadline: MovingDeadline?

  init(_ connection: Connection, pool: ConnectionPool) {
    self.connection = connection
    self.pool = pool
    self.parser = ResponseParser(limits: pool.configuration.limits, to: .get)
    connection.handler = self
    self.idleDeadline = MovingDeadline(on: pool.loop) { [weak self] in self?.restedTooLong() }
  }

  /// Whether the server has closed it, or said what nobody asked for.
  var isStale: Bool { self.connection.isStale }

  // MARK: Carrying

  func carry(_ exchange: Exchange) {
    self.idleDeadline?.move(to: nil)
    self.exchange = exchange
    exchange.stage = .active(self)
    self.parser = ResponseParser(
      limits: self.pool.configuration.limits, to: exchange.request.method)
    self.head = nil
    self.body = []
    self.hasHeard = false
    var bytes: [UInt8]
    var rest = exchange.request.body
    do throws(MessageWriter.UnwritableField) {
      bytes = try MessageWriter.head(of: exchange.request, host: self.pool.host)
    } catch {
      self.exchange = nil
      exchange.stage = .waiting
      exchange.fail(.invalidRequest(reason: "the field \"\(error.name)\" cannot be written"))
      return self.pool.release(self)
    }
    if rest.count <= MessageWriter.joinBelow {
      bytes.append(contentsOf: rest)
      rest = []
    }
    let before = exchange.delivery
    exchange.delivery = .unknown
    guard self.connection.write(bytes, rest) == .refused else { return }
    // Not one byte was taken.
    exchange.delivery = before
    self.exchange = nil
    self.discard()
    if exchange.wasSentAgain {
      exchange.stage = .waiting
      self.pool.failUnsent(exchange, reason: "the server closed the connection at once")
    } else {
      self.pool.sendAgain(exchange)
    }
    self.pool.forget(self)
  }

  /// Waits for the next exchange.
  func rest() {
    self.isReused = true
    self.idleDeadline?.move(to: self.pool.configuration.idleTimeout)
  }

  private func restedTooLong() {
    guard self.exchange == nil else { return }
    self.discard()
    self.pool.forget(self)
  }

  // MARK: Bytes in

  func connection(_ connection: Connection, didReceive bytes: RawSpan) {
    guard self.exchange != nil else {
      // Nobody asked: whatever this is, no later request may get it for an answer.
      self.discard()
      return self.pool.forget(self)
    }
    self.hasHeard = true
    bytes.withUnsafeBytes { self.parse($0) }
  }

  private func parse(_ input: UnsafeRawBufferPointer) {
    var offset = 0
    do throws(MalformedMessage) {
      while let event = try self.parser.next(in: input, at: &offset) {
        switch event {
        case .head(let head): self.head = head
        case .body(let range): self.body.append(contentsOf: input[range])
        case .end: return self.complete(isInputUsed: offset == input.count)
        }
      }
    } catch {
      self.fail(with: error)
    }
  }

  private func complete(isInputUsed: Bool) {
    guard let exchange = self.exchange, let head = self.head else {
      preconditionFailure("a response ended before it began")
    }
    self.exchange = nil
    let response = HTTPResponse(head.status, headers: head.headers, body: self.body)
    self.body = []
    exchange.succeed(response)
    let isReusable = head.keepsAlive && isInputUsed && self.connection.waitingBytes == 0
    if isReusable, self.connection.isOpen {
      self.pool.release(self)
    } else {
      self.discard()
      self.pool.forget(self)
    }
  }

  private func fail(with error: MalformedMessage) {
    let isTooLarge = [.contentTooLarge, .headerFieldsTooLarge].contains(error.status)
    self.exchange?.fail(
      isTooLarge
        ? .tooLarge(self.pool.address, reason: error.reason)
        : .badResponse(self.pool.address, reason: error.reason))
  }

  // MARK: Ends

  func connectionDidReachEnd(_ connection: Connection) {
    guard self.exchange != nil else {
      self.discard()
      return self.pool.forget(self)
    }
    do throws(MalformedMessage) {
      try self.parser.connectionEnded()
      self.complete(isInputUsed: false)
    } catch {
      self.lose("the server closed it before the response was complete")
    }
  }

  func connectionHasRoom(_ connection: Connection) {}

  func connectionDidClose(_ connection: Connection, because reason: CloseReason) {
    self.idleDeadline?.end()
    if reason == .loopStopped {
      self.end()
    } else if self.exchange != nil {
      self.lose("\(reason.error)")
    } else {
      self.pool.forget(self)
    }
  }

  /// The connection broke under an exchange.
  private func lose(_ reason: String) {
    guard let exchange = self.exchange else { return }
    self.exchange = nil
    self.discard()
    let mayRepeat =
      self.isReused && !self.hasHeard && !exchange.wasSentAgain
      && exchange.request.repetition == .harmless
    if mayRepeat {
      self.pool.sendAgain(exchange)
    } else {
      exchange.stage = .waiting
      exchange.fail(.connectionLost(self.pool.address, reason: reason))
    }
    self.pool.forget(self)
  }

  /// The exchange is over without its response: the connection cannot serve another.
  func abandon() {
    self.exchange = nil
    self.discard()
    self.pool.forget(self)
  }

  /// The client is closed.
  func end() {
    if let exchange = self.exchange {
      exchange.fail(.closed(exchange.delivery))
    } else {
      self.discard()
    }
  }

  /// Closes the connection itself.
  func discard() {
    self.idleDeadline?.end()
    self.connection.close()
  }
}
