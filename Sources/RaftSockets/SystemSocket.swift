import CRaftEpoll
import Glibc

/// The system calls on sockets, with typed errors.
enum SystemSocket {
  /// A nonblocking TCP socket that child processes do not inherit.
  static func open(for address: SocketAddress) throws(SocketError) -> Int32 {
    guard let family = address.family else {
      preconditionFailure("a socket was asked for before \(address) was resolved")
    }
    let kind = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
    let descriptor = socket(family, Int32(kind), 0)
    guard descriptor >= 0 else {
      throw .from(errno, operation: "open a socket", address: address)
    }
    return descriptor
  }

  static func startConnecting(
    _ descriptor: Int32, to address: SocketAddress
  ) throws(SocketError) {
    let result = address.withSystemAddress { Glibc.connect(descriptor, $0, $1) }
    guard result != 0, errno != EINPROGRESS, errno != EINTR else { return }
    throw .from(errno, operation: "connect", address: address)
  }

  /// Opens, binds and listens; returns the descriptor.
  static func listen(
    at address: SocketAddress, backlog: Int32
  ) throws(SocketError) -> Int32 {
    let descriptor = try SystemSocket.open(for: address)
    var yes: Int32 = 1
    setsockopt(
      descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    let isBound = address.withSystemAddress { bind(descriptor, $0, $1) } == 0
    guard isBound, Glibc.listen(descriptor, backlog) == 0 else {
      let code = errno
      close(descriptor)
      throw .from(code, operation: "listen at \(address)", address: address)
    }
    return descriptor
  }

  /// Accepts one connection, or returns the errno.
  static func accept(_ listener: Int32) -> Result<Int32, SystemFailure> {
    let descriptor = raft_accept(listener)
    return descriptor >= 0 ? .success(descriptor) : .failure(SystemFailure(code: errno))
  }

  /// An errno.
  struct SystemFailure: Error {
    let code: Int32
  }

  /// The failure that the system holds ready for a socket, or 0.
  static func pendingError(of descriptor: Int32) -> Int32 {
    var code: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
    return code
  }

  /// The address on this side.
  static func localAddress(of descriptor: Int32) -> SocketAddress? {
    SystemSocket.address { getsockname(descriptor, $0, $1) }
  }

  /// The address of the other side.
  static func peerAddress(of descriptor: Int32) -> SocketAddress? {
    SystemSocket.address { getpeername(descriptor, $0, $1) }
  }

  /// A port that the system picks for the connecting side may be the one that is connected to; with
  /// nobody listening there the socket then talks to itself.
  static func isConnectedToItself(_ descriptor: Int32) -> Bool {
    guard let local = SystemSocket.localAddress(of: descriptor) else { return false }
    return local == SystemSocket.peerAddress(of: descriptor)
  }

  private static func address(
    _ ask: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
  ) -> SocketAddress? {
    var storage = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutableBytes(of: &storage) { bytes in
      guard let start = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
        ask(start, &size) == 0
      else { return nil }
      return SocketAddress(system: UnsafePointer(start))
    }
  }
}
