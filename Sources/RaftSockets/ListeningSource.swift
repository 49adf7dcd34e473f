import Glibc

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
