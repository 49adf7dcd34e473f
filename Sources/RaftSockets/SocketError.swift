import Glibc

/// Why a socket could not do what was asked of it.
@nonexhaustive
public enum SocketError: Error, Equatable, Sendable {
  /// Another socket already listens there.
  case addressInUse(SocketAddress)
  /// This machine has no such address to listen on.
  case addressNotAvailable(SocketAddress)
  /// The process may not use this address, as a port below 1024 without the privilege.
  case permissionDenied(SocketAddress)
  /// The name has no address, or the resolver failed.
  case unresolved(host: String, reason: String)
  /// The other machine answered that nobody listens there.
  case refused(SocketAddress)
  /// The connection could not be made; nothing was sent.
  case unreachable(SocketAddress, reason: String)
  /// The work named did not end within its time.
  case timedOut(Waiting)
  /// The connection broke, with the system's reason.
  case connectionLost(reason: String)
  /// The connection is closed, or its writing end is.
  case closed
  /// The loop that the socket lives on has been shut down.
  case loopStopped
  /// The waiting task was cancelled.
  case cancelled
  /// The process or the machine has no descriptor left.
  case outOfDescriptors
  /// The operating system refused for another reason; `code` is its errno.
  case system(operation: String, code: Int32)

  /// What was waited for when the time was up.
  public enum Waiting: String, Equatable, Sendable {
    /// A connection being made.
    case connect
    /// Bytes from the other side.
    case read
    /// The other side taking bytes.
    case write
    /// Bytes in either direction.
    case activity
  }
}

extension SocketError: CustomStringConvertible {
  /// What is wrong, and what can be done about it.
  public var description: String {
    switch self {
    case .addressInUse(let address):
      "\(address) is already in use: choose another port, or stop the process that listens there"
    case .addressNotAvailable(let address):
      "\(address) is not an address of this machine: listen on one of its own, or on 0.0.0.0"
    case .permissionDenied(let address):
      "not permitted to use \(address): ports below 1024 need a privilege"
    case .unresolved(let host, let reason):
      "the host name \"\(host)\" could not be resolved: \(reason)"
    case .refused(let address):
      "\(address) refused the connection: nobody listens there"
    case .unreachable(let address, let reason):
      "\(address) could not be reached: \(reason)"
    case .timedOut(let waiting):
      "timed out while waiting for \(waiting.rawValue)"
    case .connectionLost(let reason):
      "the connection was lost: \(reason)"
    case .closed:
      "the connection is closed"
    case .loopStopped:
      "the event loop has been shut down"
    case .cancelled:
      "the waiting task was cancelled"
    case .outOfDescriptors:
      "no file descriptor is left: raise the limit (ulimit -n) or open fewer connections"
    case .system(let operation, let code):
      "the system refused to \(operation): \(SocketError.text(of: code)) (errno \(code))"
    }
  }

  /// The system's words for an errno.
  static func text(of code: Int32) -> String {
    guard let text = strerror(code) else { return "unknown error" }
    return String(cString: text)
  }

  /// The error for an errno, told apart where the caller can act on it.
  static func from(_ code: Int32, operation: String, address: SocketAddress) -> SocketError {
    switch code {
    case EADDRINUSE: .addressInUse(address)
    case EADDRNOTAVAIL: .addressNotAvailable(address)
    case EACCES, EPERM: .permissionDenied(address)
    case ECONNREFUSED: .refused(address)
    case EMFILE, ENFILE: .outOfDescriptors
    case ETIMEDOUT: .timedOut(.connect)
    case EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN:
      .unreachable(address, reason: SocketError.text(of: code))
    default: .system(operation: operation, code: code)
    }
  }
}
