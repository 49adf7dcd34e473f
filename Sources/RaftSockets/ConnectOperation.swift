/// The making of one connection: resolves the name, then tries its addresses in order.
///
/// Lives on its loop. Each address gets an equal share of the time that is left, so that one that
/// never answers does not use up the time of the next.
package final class ConnectOperation: LoopResident {
  package typealias Completion = (Result<Connection, SocketError>) -> Void

  private let loop: EventLoop
  private let target: SocketAddress
  private let deadline: MonotonicTime
  private var completion: Completion?
  private var candidates: ArraySlice<SocketAddress> = []
  private var attempt: ConnectAttempt?
  private var timer: TimerID?
  private var lastError: SocketError

  /// Starts connecting; `completion` is called once on the loop, never from inside this call.
  @discardableResult
  package init(
    to target: SocketAddress, on loop: EventLoop, within limit: Duration,
    completion: @escaping Completion
  ) {
    self.loop = loop
    self.target = target
    self.deadline = MonotonicClock.now().advanced(by: limit)
    self.completion = completion
    self.lastError = .unreachable(target, reason: "the name has no address")
    do {
      try loop.core.adopt(self)
    } catch {
      self.finish(.failure(error))
      return
    }
    if target.isResolved {
      self.candidates = [target]
      self.tryNext()
    } else {
      self.resolve()
    }
  }

  /// Gives up; the completion hears `SocketError.cancelled`, unless it was called before.
  package func cancel() {
    self.finish(.failure(.cancelled))
  }

  private func resolve() {
    self.startTimer(at: self.deadline) { $0.finish(.failure(.timedOut(.connect))) }
    let confined = LoopConfined(self, to: self.loop)
    Resolver.resolve(self.target) { answer in
      confined.loop.post { confined.onLoop.resolved(answer) }
    }
  }

  private func resolved(_ answer: Resolver.Answer) {
    guard self.completion != nil else { return }
    switch answer {
    case .success(let addresses):
      self.candidates = addresses[...]
      self.tryNext()
    case .failure(let error):
      self.finish(.failure(error))
    }
  }

  private func tryNext() {
    guard let address = self.candidates.popFirst() else {
      return self.finish(.failure(self.lastError))
    }
    let now = MonotonicClock.now()
    guard self.deadline > now else { return self.finish(.failure(.timedOut(.connect))) }
    let share = (self.deadline - now) / UInt64(self.candidates.count + 1)
    self.startTimer(at: now + share) { $0.failed(.timedOut(.connect)) }
    do {
      self.attempt = try ConnectAttempt(to: address, on: self.loop) { [weak self] result in
        self?.attempted(result)
      }
    } catch {
      self.failed(error)
    }
  }

  private func attempted(_ result: Result<Connection, SocketError>) {
    self.attempt = nil
    switch result {
    case .success: self.finish(result)
    case .failure(.loopStopped): self.finish(result)
    case .failure(let error): self.failed(error)
    }
  }

  private func failed(_ error: SocketError) {
    self.attempt?.abandon()
    self.attempt = nil
    self.lastError = error
    self.tryNext()
  }

  private func startTimer(
    at deadline: MonotonicTime, _ act: @escaping (ConnectOperation) -> Void
  ) {
    if let timer = self.timer { self.loop.core.cancel(timer) }
    self.timer = self.loop.core.schedule(at: deadline) { [weak self] in
      guard let self else { return }
      self.timer = nil
      act(self)
    }
  }

  private func finish(_ result: Result<Connection, SocketError>) {
    guard let completion = self.completion else { return }
    self.completion = nil
    if let timer = self.timer { self.loop.core.cancel(timer) }
    self.attempt?.abandon()
    self.attempt = nil
    self.loop.core.release(self)
    self.loop.core.putOff { completion(result) }
  }

  package func loopIsStopping() {
    self.finish(.failure(.loopStopped))
  }
}
