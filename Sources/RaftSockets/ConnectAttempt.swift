import Glibc

/// One attempt to connect to one IP address.
final class ConnectAttempt: EventSource {
  private let loop: EventLoop
  private let address: SocketAddress
  private let descriptor: Int32
  private var token: SourceToken?
  private var completion: ((Result<Connection, SocketError>) -> Void)?

  /// - Throws: what the system refuses at once.
  init(
    to address: SocketAddress, on loop: EventLoop,
    completion: @escaping (Result<Connection, SocketError>) -> Void
  ) throws(SocketError) {
    self.loop = loop
    self.address = address
    self.completion = completion
    self.descriptor = try SystemSocket.open(for: address)
    do {
      try SystemSocket.startConnecting(self.descriptor, to: address)
      self.token = try loop.core.add(self.descriptor, for: .writable, source: self)
    } catch {
      Glibc.close(self.descriptor)
      self.completion = nil
      throw error
    }
  }

  func ready(_ readiness: Readiness) {
    guard let completion = self.completion else { return }
    self.leave()
    let failure = SystemSocket.pendingError(of: self.descriptor)
    guard failure == 0, !SystemSocket.isConnectedToItself(self.descriptor) else {
      Glibc.close(self.descriptor)
      let code = failure == 0 ? ECONNREFUSED : failure
      return completion(.failure(.from(code, operation: "connect", address: self.address)))
    }
    do {
      let connection = try Connection(
        descriptor: self.descriptor, peer: self.address, loop: self.loop)
      completion(.success(connection))
    } catch {
      completion(.failure(error))
    }
  }

  /// Closes the half-made connection; the completion is not called.
  func abandon() {
    guard self.completion != nil else { return }
    self.leave()
    Glibc.close(self.descriptor)
  }

  private func leave() {
    self.completion = nil
    if let token = self.token { self.loop.core.remove(token, self.descriptor) }
    self.token = nil
  }

  package func loopIsStopping() {
    guard let completion = self.completion else { return }
    self.abandon()
    completion(.failure(.loopStopped))
  }
}
