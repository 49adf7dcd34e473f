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
  /// - Parameter backlog: how many connections the system keeps ready before they are accepted.
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

/// The listening socket itself, on its loop.
final class ListeningSource: EventSource {
  private let loop: EventLoop
  private let descriptor: Int32
  private let address: SocketAddress
  private let accepting: Listener.Accepting
  private var token: SourceToken?
  private var isClosed = false
  private var isPaused = false
  private var retry: TimerID?
  private(set) var timesOutOfDescriptors = 0

  init(
    _ descriptor: Int32, at address: SocketAddress, on loop: EventLoop,
    _ accepting: @escaping Listener.Accepting
  ) {
    self.loop = loop
    self.descriptor = descriptor
    self.address = address
    self.accepting = accepting
  }

  func start() throws(SocketError) {
    do {
      self.token = try self.loop.core.add(self.descriptor, for: .readable, source: self)
    } catch {
      self.close()
      throw error
    }
  }

  func ready(_ readiness: Readiness) {
    // A bounded number per turn: the other connections get theirs.
    for _ in 0..<64 where !self.isClosed && !self.isPaused && self.retry == nil {
      switch SystemSocket.accept(self.descriptor) {
      case .success(let descriptor):
        self.take(descriptor)
      case .failure(let failure):
        guard self.goesOn(after: failure.code) else { return }
      }
    }
  }

  private func take(_ descriptor: Int32) {
    let peer = SystemSocket.peerAddress(of: descriptor) ?? self.address
    do {
      let connection = try Connection(descriptor: descriptor, peer: peer, loop: self.loop)
      self.accepting(connection)
      precondition(
        connection.handler != nil || !connection.isOpen,
        "the connection from \(peer) was accepted and got no handler")
    } catch {
      // The connection has closed its descriptor; without one to spare, accepting waits too.
      if error == .outOfDescriptors { self.waitForDescriptors() }
    }
  }

  /// A connection that died in the queue is skipped; a machine at its limit is given time.
  private func goesOn(after code: Int32) -> Bool {
    switch code {
    case EAGAIN, EWOULDBLOCK:
      return false
    case EMFILE, ENFILE, ENOBUFS, ENOMEM:
      self.waitForDescriptors()
      return false
    case EBADF, EINVAL, ENOTSOCK, EFAULT, EOPNOTSUPP:
      preconditionFailure("accept at \(self.address) failed: errno \(code)")
    default:
      return true
    }
  }

  /// The waiting connection would be reported without end, so the port is not watched for a while.
  private func waitForDescriptors() {
    self.timesOutOfDescriptors += 1
    self.watch(for: [])
    self.retry = self.loop.schedule(after: .milliseconds(100)) { [weak self] in
      guard let self else { return }
      self.retry = nil
      if !self.isPaused { self.watch(for: .readable) }
    }
  }

  func pause() {
    self.isPaused = true
    self.watch(for: [])
  }

  func resume() {
    self.isPaused = false
    if self.retry == nil { self.watch(for: .readable) }
  }

  private func watch(for interest: Readiness) {
    guard let token = self.token else { return }
    self.loop.core.change(token, self.descriptor, to: interest)
  }

  func close() {
    guard !self.isClosed else { return }
    self.isClosed = true
    if let token = self.token { self.loop.core.remove(token, self.descriptor) }
    if let retry = self.retry { self.loop.cancel(retry) }
    self.token = nil
    Glibc.close(self.descriptor)
  }

  package func loopIsStopping() {
    self.close()
  }
}
