import RaftSockets

/// One request on its way to a response.
final class Exchange {
  typealias Answer = Result<HTTPResponse, HTTPClientError>

  /// How far it has come.
  enum Stage {
    case new
    case waiting
    case dialing(ConnectOperation)
    case active(ClientConnection)
    case done
  }

  let request: HTTPRequest
  let address: SocketAddress
  var stage = Stage.new
  /// Whether bytes of it may have left this machine.
  var delivery = HTTPClientError.Delivery.notSent
  var wasSentAgain = false
  private var isCancelled = false
  private var continuation: CheckedContinuation<Answer, Never>?
  private var timer: (loop: EventLoop, id: TimerID)?

  init(_ request: HTTPRequest, to address: SocketAddress) {
    self.request = request
    self.address = address
  }

  var isDone: Bool {
    if case .done = self.stage { true } else { false }
  }

  /// Takes the one who waits; the time begins now.
  func begin(
    on loop: EventLoop, within limit: Duration, _ continuation: CheckedContinuation<Answer, Never>
  ) {
    self.continuation = continuation
    guard !self.isCancelled else { return self.fail(.cancelled(.notSent)) }
    let id = loop.schedule(after: limit) { [weak self] in
      guard let self else { return }
      self.timer = nil
      self.fail(.timeout(self.address, self.delivery))
    }
    self.timer = (loop, id)
  }

  func cancel() {
    self.isCancelled = true
    if self.continuation != nil { self.fail(.cancelled(self.delivery)) }
  }

  func succeed(_ response: HTTPResponse) {
    self.finish(.success(response))
  }

  /// Ends without response; a connection that works on it is closed, as its answer may still come.
  func fail(_ error: HTTPClientError) {
    let stage = self.stage
    self.finish(.failure(error))
    switch stage {
    case .dialing(let operation): operation.cancel()
    case .active(let connection): connection.abandon()
    case .new, .waiting, .done: break
    }
  }

  private func finish(_ answer: Answer) {
    guard let continuation = self.continuation else { return }
    self.continuation = nil
    self.stage = .done
    if let timer = self.timer { timer.loop.cancel(timer.id) }
    self.timer = nil
    continuation.resume(returning: answer)
  }
}
