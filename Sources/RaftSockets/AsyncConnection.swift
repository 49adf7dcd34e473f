/// A TCP connection for tasks: reads and writes that are awaited, from any thread.
///
/// One task reads and one task writes at a time; they may be two. Close it when done: an open
/// connection lives until it is closed, times out, breaks, or its loop ends.
public final class AsyncConnection: Sendable {
  /// The address of the other side.
  public let peer: SocketAddress
  private let bridge: LoopConfined<AsyncBridge>

  /// Takes a connection over, as its handler.
  ///
  /// To be called on the loop's thread.
  public convenience init(_ connection: Connection) {
    self.init(Ends(of: connection))
  }

  private init(_ ends: Ends) {
    self.peer = ends.peer
    self.bridge = ends.bridge
  }

  /// What the loop hands over to a task that has asked for a connection.
  private struct Ends: Sendable {
    let peer: SocketAddress
    let bridge: LoopConfined<AsyncBridge>

    init(of connection: Connection) {
      self.peer = connection.peer
      self.bridge = LoopConfined(AsyncBridge(connection), to: connection.loop)
      self.bridge.onLoop.takeOver()
    }
  }

  /// Connects; a name is resolved first and its addresses are tried in order.
  ///
  /// - Throws: `SocketError.refused`, `.unreachable`, `.unresolved`, `.timedOut(.connect)`,
  ///   `.cancelled`, `.outOfDescriptors`, `.loopStopped` or `.system`.
  public static func connect(
    to address: SocketAddress, on loop: EventLoop, within limit: Duration,
    timeouts: ConnectionTimeouts = ConnectionTimeouts()
  ) async throws(SocketError) -> AsyncConnection {
    let dial = LoopConfined(Dial(), to: loop)
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation {
        (continuation: CheckedContinuation<Result<Ends, SocketError>, Never>) in
        let posting = loop.post {
          dial.onLoop.start(to: address, on: loop, within: limit) { result in
            continuation.resume(
              returning: result.map { connection in
                connection.timeouts = timeouts
                return Ends(of: connection)
              })
          }
        }
        if case .stopped = posting { continuation.resume(returning: .failure(.loopStopped)) }
      }
    } onCancel: {
      loop.post { dial.onLoop.cancel() }
    }
    return AsyncConnection(try result.get())
  }

  /// The bytes that have arrived, at least one; `nil` when the other side has ended.
  ///
  /// Cancelling the task ends the wait, not the connection.
  ///
  /// - Throws: `SocketError.timedOut`, `.connectionLost`, `.closed`, `.cancelled` or `.loopStopped`.
  public func read() async throws(SocketError) -> [UInt8]? {
    let bridge = self.bridge
    let wish = LoopConfined(ReadWish(), to: bridge.loop)
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation {
        (continuation: CheckedContinuation<AsyncBridge.Read, Never>) in
        let posting = bridge.loop.post { bridge.onLoop.read(wish.onLoop, continuation) }
        if case .stopped = posting { continuation.resume(returning: .failure(.loopStopped)) }
      }
    } onCancel: {
      bridge.loop.post { bridge.onLoop.cancel(wish.onLoop) }
    }
    return try result.get()
  }

  /// Sends bytes: returns when they are taken, which waits while too many are on their way.
  ///
  /// - Throws: `SocketError.timedOut`, `.connectionLost`, `.closed` or `.loopStopped`; whether the
  ///   other side has received anything is not known then.
  public func write(_ bytes: [UInt8]) async throws(SocketError) {
    let bridge = self.bridge
    let result: AsyncBridge.Written = await withCheckedContinuation { continuation in
      let posting = bridge.loop.post { bridge.onLoop.write(bytes, continuation) }
      if case .stopped = posting { continuation.resume(returning: .failure(.loopStopped)) }
    }
    try result.get()
  }

  /// Tells the other side the end once all is sent; reading goes on.
  public func finishWriting() async {
    let bridge = self.bridge
    try? await bridge.loop.run { bridge.onLoop.connection.finishWriting() }
  }

  /// Closes at once; what is not yet sent is lost.
  ///
  /// Waiting reads and writes end with `.closed`.
  public func close() async {
    let bridge = self.bridge
    // An ended loop has closed the connection already.
    try? await bridge.loop.run { bridge.onLoop.connection.close() }
  }

  /// A connection being made, which the caller may give up.
  private final class Dial {
    private var operation: ConnectOperation?
    private var isCancelled = false

    func start(
      to address: SocketAddress, on loop: EventLoop, within limit: Duration,
      _ completion: @escaping ConnectOperation.Completion
    ) {
      guard !self.isCancelled else { return completion(.failure(.cancelled)) }
      self.operation = ConnectOperation(
        to: address, on: loop, within: limit, completion: completion)
    }

    func cancel() {
      self.isCancelled = true
      self.operation?.cancel()
      self.operation = nil
    }
  }
}
