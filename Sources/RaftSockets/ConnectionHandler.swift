/// The owner of a connection: told of what arrives and of the end, on the loop's thread.
///
/// The connection keeps its handler alive until `connectionDidClose`, which comes exactly once, as
/// the last call, and never from inside another call.
public protocol ConnectionHandler: AnyObject {
  /// Bytes have arrived; they are valid during the call only.
  func connection(_ connection: Connection, didReceive bytes: RawSpan)

  /// The other side will send no more; it may still read.
  func connectionDidReachEnd(_ connection: Connection)

  /// A connection that was full takes bytes again.
  func connectionHasRoom(_ connection: Connection)

  /// The connection is closed and its descriptor given back.
  func connectionDidClose(_ connection: Connection, because reason: CloseReason)
}

/// Why a connection was closed.
public enum CloseReason: Equatable, Sendable {
  /// Its owner closed it, or both sides had said all.
  case finished
  /// Nothing moved for the time that was allowed.
  case timedOut(SocketError.Waiting)
  /// The system reported that the connection broke; `code` is its errno.
  case broken(code: Int32)
  /// The loop was shut down.
  case loopStopped

  /// The same as an error for those who wait on the connection.
  public var error: SocketError {
    switch self {
    case .finished: .closed
    case .timedOut(let waiting): .timedOut(waiting)
    case .broken(let code): .connectionLost(reason: SocketError.text(of: code))
    case .loopStopped: .loopStopped
    }
  }
}

/// How long a connection may stand still before it is closed; `nil` means without limit.
public struct ConnectionTimeouts: Equatable, Sendable {
  /// Without a byte in either direction.
  public var idle: Duration?
  /// Without a byte received, while receiving is not paused.
  public var read: Duration?
  /// Without a byte taken by the other side, while bytes are waiting.
  public var write: Duration?

  /// Limits for the three kinds of standstill; none where nothing is given.
  public init(idle: Duration? = nil, read: Duration? = nil, write: Duration? = nil) {
    self.idle = idle
    self.read = read
    self.write = write
  }
}

/// What became of bytes that were given to a connection to send.
public enum WriteOutcome: Equatable, Sendable {
  /// Taken: sent, or waiting to be.
  case taken
  /// Taken, but no more until `connectionHasRoom`.
  case takenAndFull
  /// Not taken, not one byte: the connection is full, or its writing end is closed.
  case refused
}
