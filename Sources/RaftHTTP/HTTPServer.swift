public import RaftSockets

/// A port that answers requests of HTTP/1.1 and 1.0 through one asynchronous function.
///
/// Connections are kept alive; the requests of one connection are answered in order, one at a time;
/// those of different connections run at once. Whatever a client sends is answered or refused within
/// the configuration's bounds. A server serves until `shutdown` or the end of its loop. Safe to use
/// from any thread.
public final class HTTPServer: Sendable {
  /// Answers one request.
  ///
  /// Cancelled when the client has gone, or the answer takes too long.
  public typealias Handler = @Sendable (HTTPRequest) async -> HTTPResponse

  /// The bounds of a server.
  public struct Configuration: Sendable {
    /// How much of a request is taken in.
    public var limits: HTTPLimits
    /// How many connections are open at once; further ones wait to be accepted.
    public var connections: Int
    /// How long a connection may stay open between two requests.
    public var idleTimeout: Duration
    /// How long a request may take to arrive, from its first byte; then it is answered with 408.
    public var requestTimeout: Duration
    /// How long the handler may take; then 503 is answered.
    ///
    /// Nil for no limit.
    public var handlerTimeout: Duration?
    /// How long a client may take no byte of a response before its connection is closed.
    public var writeTimeout: Duration
    /// Where handlers begin.
    public var handlerStart: HandlerStart

    /// Bounds; where nothing is given, those of an application's port.
    public init(
      limits: HTTPLimits = .api, connections: Int = 1024, idleTimeout: Duration = .seconds(75),
      requestTimeout: Duration = .seconds(30), handlerTimeout: Duration? = .seconds(60),
      writeTimeout: Duration = .seconds(30), handlerStart: HandlerStart = .onPool
    ) {
      self.limits = limits
      self.connections = connections
      self.idleTimeout = idleTimeout
      self.requestTimeout = requestTimeout
      self.handlerTimeout = handlerTimeout
      self.writeTimeout = writeTimeout
      self.handlerStart = handlerStart
    }
  }

  /// Where a handler runs until it first suspends.
  public enum HandlerStart: Sendable {
    /// On the cooperative pool: a handler may compute as long as it likes.
    case onPool
    /// On the loop's own thread: saves a change of thread, for handlers that only read memory or
    /// hand over and suspend at once. What they compute there delays all other connections.
    case onLoop
  }

  /// What a server has done so far.
  public struct Statistics: Equatable, Sendable {
    /// Connections accepted since the start.
    public internal(set) var connectionsAccepted = 0
    /// Connections open now.
    public internal(set) var connectionsOpen = 0
    /// Requests that a handler was called for.
    public internal(set) var requests = 0
    /// Requests refused as malformed, too large or too slow.
    public internal(set) var refusals = 0
  }

  /// The address listened at, with the real port when port 0 was asked for.
  public let address: SocketAddress
  private let core: LoopConfined<ServerCore>

  private init(address: SocketAddress, core: LoopConfined<ServerCore>) {
    self.address = address
    self.core = core
  }

  /// Starts to listen and answer.
  ///
  /// - Throws: `SocketError.addressInUse`, `.addressNotAvailable`, `.permissionDenied`,
  ///   `.unresolved`, `.outOfDescriptors`, `.loopStopped` or `.system`.
  public static func bind(
    to address: SocketAddress, on loop: EventLoop, _ configuration: Configuration = .init(),
    handler: @escaping Handler
  ) async throws(SocketError) -> HTTPServer {
    precondition(configuration.connections > 0, "a server needs at least one connection")
    let core = LoopConfined(ServerCore(loop, configuration, handler), to: loop)
    let listener = try await Listener.bind(to: address, on: loop) { connection in
      core.onLoop.accepted(connection)
    }
    try await loop.run { core.onLoop.listens(listener) }
    return HTTPServer(address: listener.address, core: core)
  }

  /// What the server has done so far; all zero once its loop has ended.
  public var statistics: Statistics {
    get async {
      let core = self.core
      do {
        return try await core.loop.run { core.onLoop.statistics }
      } catch {
        return Statistics()
      }
    }
  }

  /// Stops: accepts no more, closes idle connections, lets running requests end.
  ///
  /// Requests that have not ended within `limit` are cancelled and their connections closed.
  /// Returns when no connection is left. May be called several times.
  public func shutdown(within limit: Duration) async {
    let core = self.core
    await withCheckedContinuation { continuation in
      let posting = core.loop.post { core.onLoop.shutdown(within: limit, continuation) }
      if case .stopped = posting { continuation.resume() }
    }
  }
}
