import RaftSockets

/// The part of a client that lives on its loop: one pool of connections for each server.
final class ClientCore: LoopResident {
  let loop: EventLoop
  let configuration: HTTPClient.Configuration
  private(set) var isClosed = false
  private var pools: [SocketAddress: ConnectionPool] = [:]
  private var isAdopted = false

  init(_ loop: EventLoop, _ configuration: HTTPClient.Configuration) {
    self.loop = loop
    self.configuration = configuration
  }

  func start(
    _ exchange: Exchange, within limit: Duration,
    _ continuation: CheckedContinuation<Exchange.Answer, Never>
  ) {
    exchange.begin(on: self.loop, within: limit, continuation)
    guard !exchange.isDone else { return }
    guard !self.isClosed, self.adoptOnce() else { return exchange.fail(.closed(.notSent)) }
    if let problem = ClientCore.problem(with: exchange.request) {
      return exchange.fail(.invalidRequest(reason: problem))
    }
    self.pool(of: exchange.address).assign(exchange)
  }

  /// The loop tells of its end from the first request on.
  private func adoptOnce() -> Bool {
    guard !self.isAdopted else { return true }
    do {
      try self.loop.adopt(self)
      self.isAdopted = true
      return true
    } catch {
      return false
    }
  }

  private static func problem(with request: HTTPRequest) -> String? {
    guard !request.method.rawValue.isEmpty,
      request.method.rawValue.utf8.allSatisfy(ByteClass.isToken)
    else { return "the method \"\(request.method)\" is no token" }
    guard !request.target.isEmpty,
      request.target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
    else { return "the target is empty or has a character that must be percent-encoded" }
    return nil
  }

  private func pool(of address: SocketAddress) -> ConnectionPool {
    if let pool = self.pools[address] { return pool }
    let pool = ConnectionPool(of: address, core: self)
    self.pools[address] = pool
    return pool
  }

  /// An empty pool is not kept.
  func drop(_ pool: ConnectionPool) {
    if self.pools[pool.address] === pool { self.pools[pool.address] = nil }
  }

  func close() {
    guard !self.isClosed else { return }
    self.isClosed = true
    if self.isAdopted { self.loop.release(self) }
    let pools = self.pools
    self.pools = [:]
    for pool in pools.values { pool.close() }
  }

  package func loopIsStopping() {
    self.close()
  }
}
