import Glibc

/// A TCP port that accepts connections on a loop until it is closed.
public final class Listener: Sendable {
  /// Called on the loop's thread with each new connection, which needs its `handler` set there.
  public typealias Accepting = @Sendable (Connection) -> Void

  /// The address listened at, with the real port when port 0 was asked for.
  public let address: SocketAddress
  /// The loop that accepts.
  public let loop: EventLoop
  private let source: LoopConfined<ListeningSource>

  private init(address: SocketAddress, source: LoopConfined<ListeningSource>) {
    self.address = address
    self.loop = source.loop
    self.source = source
  }

  /// Listens at `address`; a name is resolved first, and its first address that works is taken.
  ///
  /// - Parameters:
  ///   - address: where; port 0 lets the system choose.
  ///   - loop: serves the port and its connections.
  ///   - backlog: how many connections the system keeps ready before they are accepted.
  ///   - accepting: called on the loop's thread with each new connection.
  /// - Throws: `SocketError.addressInUse`, `.addressNotAvailable`, `.permissionDenied`,
  ///   `.unresolved`, `.outOfDescriptors`, `.loopStopped` or `.system`.
  public static func bind(
    to address: SocketAddress, on loop: EventLoop, backlog: Int32 = 1024,
    accepting: @escaping Accepting
  ) async throws(SocketError) -> Listener {
    var firstError: SocketError?
    for candidate in try await Resolver.resolve(address) {
      do {
        let descriptor = try SystemSocket.listen(at: candidate, backlog: backlog)
        return try await Listener.start(descriptor, candidate, on: loop, accepting)
      } catch {
        firstError = firstError ?? error
      }
    }
    throw firstError ?? .unresolved(host: address.host, reason: "the name has no address")
  }

  private static func start(
    _ descriptor: Int32, _ address: SocketAddress, on loop: EventLoop,
    _ accepting: @escaping Accepting
  ) async throws(SocketError) -> Listener {
    let real = SystemSocket.localAddress(of: descriptor) ?? address
    let started: Result<Listener, SocketError>
    do {
      started = try await loop.run {
        let source = ListeningSource(descriptor, at: real, on: loop, accepting)
        do throws(SocketError) {
          try source.start()
          return .success(Listener(address: real, source: LoopConfined(source, to: loop)))
        } catch {
          return .failure(error)
        }
      }
    } catch {
      Glibc.close(descriptor)
      throw error
    }
    return try started.get()
  }

  /// Stops listening; connections accepted before live on.
  ///
  /// Returns when the port is free.
  public func close() async {
    let source = self.source
    // A loop that has ended has closed the port already.
    try? await self.loop.run { source.onLoop.close() }
  }

  /// Lets new connections wait in the system's queue.
  ///
  /// To be called on the loop's thread.
  package func pauseAccepting() {
    self.source.onLoop.pause()
  }

  /// Accepts again.
  ///
  /// To be called on the loop's thread.
  package func resumeAccepting() {
    self.source.onLoop.resume()
  }

  /// Stops listening at once.
  ///
  /// To be called on the loop's thread.
  package func closeOnLoop() {
    self.source.onLoop.close()
  }

  /// How often accepting was put off because no descriptor was left.
  ///
  /// On the loop's thread.
  package var timesOutOfDescriptors: Int {
    self.source.onLoop.timesOutOfDescriptors
  }
}
