public import RaftSockets

/// Why a request got no response, and whether the server may have acted on it.
@nonexhaustive
public enum HTTPClientError: Error, Equatable, Sendable {
  /// No connection could be made; nothing was sent.
  case unreachable(SocketAddress, reason: String)
  /// The connection broke before the response was complete; the server may have acted on it.
  case connectionLost(SocketAddress, reason: String)
  /// The time was up.
  case timeout(SocketAddress, Delivery)
  /// What came back is no valid response; the server may have acted on the request.
  case badResponse(SocketAddress, reason: String)
  /// The response is larger than the client takes; the server may have acted on the request.
  case tooLarge(SocketAddress, reason: String)
  /// The task was cancelled.
  case cancelled(Delivery)
  /// The request cannot be written as HTTP; nothing was sent.
  case invalidRequest(reason: String)
  /// Too many requests wait for a connection to this server; nothing was sent.
  case overloaded(SocketAddress, waiting: Int)
  /// The client or its loop has been closed.
  case closed(Delivery)

  /// Whether the server can have seen a request.
  public enum Delivery: Equatable, Sendable {
    /// Not one byte was sent: it is safe to send the request again.
    case notSent
    /// It may have been received, and acted on.
    case unknown
  }

  /// Whether the server can have seen the request.
  public var delivery: Delivery {
    switch self {
    case .unreachable, .invalidRequest, .overloaded: .notSent
    case .connectionLost, .badResponse, .tooLarge: .unknown
    case .timeout(_, let delivery), .cancelled(let delivery), .closed(let delivery): delivery
    }
  }
}

extension HTTPClientError: CustomStringConvertible {
  /// What is wrong, and whether the request may be sent again.
  public var description: String {
    let advice =
      switch self.delivery {
      case .notSent: "nothing was sent"
      case .unknown: "the server may have processed the request"
      }
    switch self {
    case .unreachable(let address, let reason):
      return "\(address) is unreachable: \(reason); \(advice)"
    case .connectionLost(let address, let reason):
      return "the connection to \(address) was lost: \(reason); \(advice)"
    case .timeout(let address, _):
      return "\(address) did not answer in time; \(advice)"
    case .badResponse(let address, let reason):
      return "\(address) sent no valid response: \(reason); \(advice)"
    case .tooLarge(let address, let reason):
      return "the response of \(address) is too large: \(reason); \(advice)"
    case .cancelled:
      return "the request was cancelled; \(advice)"
    case .invalidRequest(let reason):
      return "the request cannot be sent: \(reason); \(advice)"
    case .overloaded(let address, let waiting):
      return "\(waiting) requests already wait for a connection to \(address); \(advice)"
    case .closed:
      return "the HTTP client is closed; \(advice)"
    }
  }
}
