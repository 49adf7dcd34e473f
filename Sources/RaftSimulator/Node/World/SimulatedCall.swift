import Raft

/// One request on its way, until its sender has an answer or a failure.
final class SimulatedCall<Response: Sendable>: @unchecked Sendable {
  private var reply: ((Result<Response, TransportError>) -> Void)?
  private let executor: SimulatedExecutor
  private var timeout: SleeperHeap.Key?
  /// Lets the connection forget the call.
  private let forget: () -> Void

  init(
    executor: SimulatedExecutor, limit: Int64, forget: @escaping () -> Void,
    reply: @escaping (Result<Response, TransportError>) -> Void
  ) {
    self.executor = executor
    self.forget = forget
    self.reply = reply
    self.timeout = executor.after(limit) { self.end(.failure(.timedOut)) }
  }

  /// Answers the sender, unless it was answered before.
  func end(_ result: Result<Response, TransportError>) {
    guard let reply = self.reply else { return }
    self.reply = nil
    if let timeout = self.timeout { self.executor.cancel(timeout) }
    self.forget()
    reply(result)
  }
}
