import RaftSockets

/// A client's connections to one server, and the requests that wait for one.
final class ConnectionPool {
  let address: SocketAddress
  /// The address as the Host field has it.
  let host: String
  private let core: ClientCore
  /// Unused connections, the longest unused first.
  private var idle: [ClientConnection] = []
  private var active: [ObjectIdentifier: ClientConnection] = [:]
  /// Connections being made, by the exchange that asked for each.
  private var dialing: [ObjectIdentifier: Exchange] = [:]
  private var waiting = ExchangeQueue()

  init(of address: SocketAddress, core: ClientCore) {
    self.address = address
    self.host = address.description
    self.core = core
  }

  var loop: EventLoop { self.core.loop }
  var configuration: HTTPClient.Configuration { self.core.configuration }

  private var hasCapacity: Bool {
    self.idle.count + self.active.count + self.dialing.count
      < self.configuration.connectionsPerServer
  }

  // MARK: Exchanges

  /// Gives an exchange a kept connection, a new one, or a place in the queue.
  func assign(_ exchange: Exchange) {
    while let connection = self.idle.popLast() {
      guard !connection.isStale else {
        connection.discard()
        continue
      }
      self.active[ObjectIdentifier(connection)] = connection
      return connection.carry(exchange)
    }
    if self.hasCapacity { return self.dial(exchange) }
    if self.waiting.count >= self.configuration.waitingPerServer { self.waiting.dropDone() }
    guard self.waiting.count < self.configuration.waitingPerServer else {
      return exchange.fail(.overloaded(self.address, waiting: self.waiting.count))
    }
    exchange.stage = .waiting
    self.waiting.append(exchange)
  }

  /// Sends an exchange once more, on a connection made for it.
  func sendAgain(_ exchange: Exchange) {
    exchange.wasSentAgain = true
    self.dial(exchange)
  }

  private func serveWaiting() {
    while let first = self.waiting.first {
      if !first.isDone {
        guard !self.idle.isEmpty || self.hasCapacity else { return }
      }
      self.waiting.removeFirst()
      if !first.isDone { self.assign(first) }
    }
    if self.idle.isEmpty, self.active.isEmpty, self.dialing.isEmpty, self.waiting.isEmpty {
      self.core.drop(self)
    }
  }

  // MARK: Connections

  private func dial(_ exchange: Exchange) {
    self.dialing[ObjectIdentifier(exchange)] = exchange
    let operation = ConnectOperation(
      to: self.address, on: self.loop, within: self.configuration.connectTimeout
    ) { result in
      self.dialing[ObjectIdentifier(exchange)] = nil
      self.dialed(exchange, result)
      self.serveWaiting()
    }
    exchange.stage = .dialing(operation)
  }

  private func dialed(_ exchange: Exchange, _ result: Result<Connection, SocketError>) {
    switch result {
    case .success(let connection):
      guard !self.core.isClosed else {
        connection.close()
        return exchange.fail(.closed(exchange.delivery))
      }
      let carrier = ClientConnection(connection, pool: self)
      if exchange.isDone {
        self.idle.append(carrier)
        carrier.rest()
      } else {
        self.active[ObjectIdentifier(carrier)] = carrier
        carrier.carry(exchange)
      }
    case .failure(.loopStopped):
      exchange.fail(.closed(exchange.delivery))
    case .failure(let error):
      exchange.stage = .waiting
      self.failUnsent(exchange, reason: "\(error)")
    }
  }

  /// This try sent nothing; an earlier one may have.
  func failUnsent(_ exchange: Exchange, reason: String) {
    switch exchange.delivery {
    case .notSent: exchange.fail(.unreachable(self.address, reason: reason))
    case .unknown: exchange.fail(.connectionLost(self.address, reason: reason))
    }
  }

  /// A connection has done its work and may serve the next exchange.
  func release(_ connection: ClientConnection) {
    self.active[ObjectIdentifier(connection)] = nil
    self.idle.append(connection)
    connection.rest()
    self.serveWaiting()
    while self.idle.count > self.configuration.idlePerServer { self.idle.removeFirst().discard() }
  }

  /// A connection is closed, or must not be used again.
  func forget(_ connection: ClientConnection) {
    self.active[ObjectIdentifier(connection)] = nil
    self.idle.removeAll { $0 === connection }
    self.serveWaiting()
  }

  func close() {
    while let exchange = self.waiting.first {
      self.waiting.removeFirst()
      exchange.fail(.closed(.notSent))
    }
    let (idle, active, dialing) = (self.idle, self.active, self.dialing)
    self.idle = []
    self.active = [:]
    self.dialing = [:]
    for connection in idle { connection.discard() }
    for connection in active.values { connection.end() }
    for exchange in dialing.values { exchange.fail(.closed(exchange.delivery)) }
  }
}
