import RaftSockets

/// The part of a server that lives on its loop: the port, the connections, the end.
final class ServerCore {
  let loop: EventLoop
  let configuration: HTTPServer.Configuration
  let handler: HTTPServer.Handler
  var statistics = HTTPServer.Statistics()
  private(set) var isDraining = false
  private var dateLine = DateLine()
  private var listener: Listener?
  private var connections: [ObjectIdentifier: ServerConnection] = [:]
  private var isFull = false
  private var waiters: [CheckedContinuation<Void, Never>] = []
  private var drainTimer: TimerID?

  init(
    _ loop: EventLoop, _ configuration: HTTPServer.Configuration,
    _ handler: @escaping HTTPServer.Handler
  ) {
    self.loop = loop
    self.configuration = configuration
    self.handler = handler
  }

  func date() -> [UInt8] { self.dateLine.now() }

  /// The port is known only after the first connections may have come.
  func listens(_ listener: Listener) {
    self.listener = listener
    if self.isFull { listener.pauseAccepting() }
  }

  func accepted(_ connection: Connection) {
    let served = ServerConnection(connection, core: self)
    self.connections[ObjectIdentifier(served)] = served
    self.statistics.connectionsAccepted += 1
    self.statistics.connectionsOpen = self.connections.count
    served.start()
    if self.isDraining { return served.drain() }
    if self.connections.count >= self.configuration.connections {
      self.isFull = true
      self.listener?.pauseAccepting()
    }
  }

  func closed(_ served: ServerConnection) {
    self.connections[ObjectIdentifier(served)] = nil
    self.statistics.connectionsOpen = self.connections.count
    if self.isFull, self.connections.count < self.configuration.connections, !self.isDraining {
      self.isFull = false
      self.listener?.resumeAccepting()
    }
    self.endIfEmpty()
  }

  // MARK: The end

  func shutdown(within limit: Duration, _ waiter: CheckedContinuation<Void, Never>) {
    self.waiters.append(waiter)
    self.isDraining = true
    self.listener?.closeOnLoop()
    for served in self.connections.values { served.drain() }
    if let earlier = self.drainTimer { self.loop.cancel(earlier) }
    self.drainTimer = self.loop.schedule(after: limit) {
      self.drainTimer = nil
      for served in self.connections.values { served.abort() }
    }
    self.endIfEmpty()
  }

  private func endIfEmpty() {
    guard self.isDraining, self.connections.isEmpty else { return }
    if let timer = self.drainTimer { self.loop.cancel(timer) }
    self.drainTimer = nil
    let waiters = self.waiters
    self.waiters = []
    for waiter in waiters { waiter.resume() }
  }
}
