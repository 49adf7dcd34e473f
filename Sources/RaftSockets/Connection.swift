import Glibc

/// One TCP connection on a loop: takes bytes to send, hands received bytes to its handler.
///
/// Belongs to its loop's thread: every call is made there, every callback comes there. The descriptor
/// is nonblocking, without Nagle's delay, and closed exactly once: by `close`, by the end of both
/// directions, by a timeout, by an error, or by the end of the loop.
public final class Connection {
  /// The loop that serves the connection.
  public let loop: EventLoop
  /// The address of the other side.
  public let peer: SocketAddress
  /// Who is told of bytes and of the end; set in the turn that brings the connection.
  public var handler: (any ConnectionHandler)?
  /// At how many waiting bytes the connection is full: the bound is this plus one write.
  public var writeLimit = 1 << 20
  /// How long the connection may stand still.
  public var timeouts = ConnectionTimeouts() {
    didSet { self.rearmWatch() }
  }

  /// How far the writing direction has come.
  enum Writing {
    case open
    /// The queue is sent first, then the other side is told the end.
    case finishing
    case finished
  }

  let core: LoopCore
  let descriptor: Int32
  var registration: Registration
  var outgoing = OutgoingQueue()
  var writing = Writing.open
  var wasFull = false
  var isReadingPaused = false
  var hasReachedEnd = false
  /// Set when the owner is done: what still arrives is thrown away, up to a bound.
  var lingerBudget: Int?
  var lingerTimer: TimerID?
  var lastRead: MonotonicTime
  var lastWrite: MonotonicTime
  var watch: (timer: TimerID, deadline: MonotonicTime)?
  private(set) var closeReason: CloseReason?

  /// What the loop watches the descriptor for.
  enum Registration {
    case watched(SourceToken, Readiness)
    /// Both directions ended while reading is paused: epoll would report that without end.
    case suspended
    case none
  }

  /// Takes over a connected, nonblocking descriptor; closes it if the loop takes no more.
  init(descriptor: Int32, peer: SocketAddress, loop: EventLoop) throws(SocketError) {
    self.loop = loop
    self.core = loop.core
    self.peer = peer
    self.descriptor = descriptor
    self.registration = .none
    self.lastRead = self.core.now
    self.lastWrite = self.core.now
    var yes: Int32 = 1
    setsockopt(
      descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    do {
      let token = try self.core.add(descriptor, for: .readable, source: self)
      self.registration = .watched(token, .readable)
    } catch {
      Glibc.close(descriptor)
      self.closeReason = .loopStopped
      throw error
    }
  }

  deinit {
    precondition(self.closeReason != nil, "a connection to \(self.peer) was dropped unclosed")
  }

  /// Whether the connection has not been closed.
  public var isOpen: Bool { self.closeReason == nil }

  /// How many bytes wait to be sent.
  public var waitingBytes: Int { self.outgoing.byteCount }

  /// Whether `write` takes bytes.
  public var hasRoom: Bool {
    self.isOpen && self.writing == .open && self.outgoing.byteCount < self.writeLimit
  }

  // MARK: Ending

  /// Closes at once; bytes that wait to be sent are lost.
  ///
  /// Without effect when already closed.
  public func close() {
    self.close(because: .finished)
  }

  /// Tells the other side the end once the waiting bytes are sent; receiving goes on.
  public func finishWriting() {
    guard self.isOpen, self.writing == .open else { return }
    self.writing = .finishing
    self.finishIfSent()
  }

  /// Sends what waits, tells the end, and closes when the other side has ended too.
  ///
  /// What still arrives is thrown away: closing at once would make the system answer those bytes
  /// with a reset, which destroys the last message before the other side has read it. Past the
  /// `linger` time, or a mebibyte, the connection is closed regardless.
  public func closeGracefully(linger: Duration) {
    guard self.isOpen, self.lingerBudget == nil else { return }
    self.lingerBudget = 1 << 20
    self.lingerTimer = self.core.schedule(
      at: MonotonicClock.now().advanced(by: linger)
    ) { [weak self] in
      self?.lingerTimer = nil
      self?.close(because: .finished)
    }
    self.isReadingPaused = false
    self.updateInterest()
    self.finishWriting()
    self.closeIfBothEnded()
  }

  func finishIfSent() {
    guard self.isOpen, self.writing == .finishing, self.outgoing.isEmpty else { return }
    self.writing = .finished
    Glibc.shutdown(self.descriptor, Int32(SHUT_WR))
    self.closeIfBothEnded()
  }

  func closeIfBothEnded() {
    if self.hasReachedEnd, self.writing == .finished { self.close(because: .finished) }
  }

  func close(because reason: CloseReason) {
    guard self.isOpen else { return }
    self.closeReason = reason
    switch self.registration {
    case .watched(let token, _): self.core.remove(token, self.descriptor)
    case .suspended: self.core.release(self)
    case .none: break
    }
    self.registration = .none
    Glibc.close(self.descriptor)
    self.outgoing.removeAll()
    if let watch = self.watch { self.core.cancel(watch.timer) }
    if let lingerTimer = self.lingerTimer { self.core.cancel(lingerTimer) }
    self.watch = nil
    self.lingerTimer = nil
    self.core.putOff {
      let handler = self.handler
      self.handler = nil
      handler?.connectionDidClose(self, because: reason)
    }
  }
}
