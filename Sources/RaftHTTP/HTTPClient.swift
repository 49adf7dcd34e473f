public import RaftSockets

/// Sends requests of HTTP/1.1 over connections that it keeps for the next ones.
///
/// Each server has its own pool. A request that finds its kept connection closed by the server is
/// sent once more on a fresh one, if nothing was sent or the request may be repeated; in all other
/// cases the error says whether the server may have acted on it. Safe to use from any thread.
public final class HTTPClient: Sendable {
  /// The bounds of a client.
  public struct Configuration: Sendable {
    /// How much of a response is taken in.
    public var limits: HTTPLimits
    /// How long making a connection may take.
    public var connectTimeout: Duration
    /// How many connections to one server are open at once; further requests wait.
    public var connectionsPerServer: Int
    /// How many requests to one server wait for a connection before further ones are refused.
    public var waitingPerServer: Int
    /// How many unused connections to one server are kept; fewer than are used at once means that
    /// connections are made and closed all the time.
    public var idlePerServer: Int
    /// How long an unused connection is kept: less than servers keep it, so that the end seldom
    /// meets a request.
    public var idleTimeout: Duration

    /// Bounds; the defaults suit requests between servers of one cluster.
    public init(
      limits: HTTPLimits = .replication, connectTimeout: Duration = .seconds(5),
      connectionsPerServer: Int = 64, waitingPerServer: Int = 4096, idlePerServer: Int = 64,
      idleTimeout: Duration = .seconds(30)
    ) {
      self.limits = limits
      self.connectTimeout = connectTimeout
      self.connectionsPerServer = connectionsPerServer
      self.waitingPerServer = waitingPerServer
      self.idlePerServer = idlePerServer
      self.idleTimeout = idleTimeout
    }
  }

  private let core: LoopConfined<ClientCore>

  /// A client whose connections live on `loop`; nothing is opened before the first request.
  public init(on loop: EventLoop, _ configuration: Configuration = .init()) {
    precondition(configuration.connectionsPerServer > 0, "a client needs at least one connection")
    self.core = LoopConfined(ClientCore(loop, configuration), to: loop)
  }

  deinit {
    let core = self.core
    core.loop.post { core.onLoop.close() }
  }

  /// Sends a request and returns the whole response, whatever its status.
  ///
  /// Cancelling the task ends the request and closes its connection.
  ///
  /// - Parameters:
  ///   - request: what is sent.
  ///   - address: the server; a name is resolved for each new connection.
  ///   - limit: the time for all of it: waiting, connecting, sending, receiving, sending again.
  /// - Throws: `HTTPClientError`, whose `delivery` tells whether the server may have acted on it.
  public func send(
    _ request: HTTPRequest, to address: SocketAddress, within limit: Duration
  ) async throws(HTTPClientError) -> HTTPResponse {
    let core = self.core
    let exchange = LoopConfined(Exchange(request, to: address), to: core.loop)
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { (continuation: CheckedContinuation<Exchange.Answer, Never>) in
        let posting = core.loop.post {
          core.onLoop.start(exchange.onLoop, within: limit, continuation)
        }
        if case .stopped = posting { continuation.resume(returning: .failure(.closed(.notSent))) }
      }
    } onCancel: {
      core.loop.post { exchange.onLoop.cancel() }
    }
    return try result.get()
  }

  /// Closes all connections; requests under way end with `HTTPClientError.closed`.
  public func close() async {
    let core = self.core
    // An ended loop has closed everything already.
    try? await core.loop.run { core.onLoop.close() }
  }
}
