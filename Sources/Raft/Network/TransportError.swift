/// A request to a peer came to nothing.
@nonexhaustive
public enum TransportError: Error, Hashable, Sendable {
  /// The peer cannot be reached now, and has certainly not received the request.
  case unreachable(String)
  /// The connection broke; the peer may have received the request.
  case connectionLost(String)
  /// No answer came in time; the peer may have received the request.
  case timedOut
  /// The message is not for that peer; what the peer said of it goes along unchanged.
  case refused(ContactRefusal)
  /// The peer is busy or stopped, or met an error of its own.
  case remote(String)
  /// The message is larger than the peer, or this transport, takes.
  case tooLarge(String)
  /// The peer, or this transport, does not know this kind of request.
  ///
  /// In answer to a pre-vote that counts as consent, so never throw it for a peer that is merely away.
  case unsupported(String)
  /// The answer could not be understood.
  case malformed(String)
}

extension TransportError {
  /// What the protocol makes of it.
  var peerFailure: PeerFailure {
    switch self {
    case .unreachable: .unreachable
    case .connectionLost, .timedOut: .lost
    case .refused: .refused
    case .tooLarge: .tooLarge
    case .remote, .unsupported, .malformed: .remote
    }
  }
}

extension TransportError: CustomStringConvertible {
  /// What happened.
  public var description: String {
    switch self {
    case .unreachable(let reason): "the peer cannot be reached: \(reason)"
    case .connectionLost(let reason): "the connection broke: \(reason)"
    case .timedOut: "no answer came in time"
    case .refused(let refusal): "the peer refused: \(refusal)"
    case .remote(let reason): "the peer failed: \(reason)"
    case .tooLarge(let reason): "the message is too large: \(reason)"
    case .unsupported(let what): "the peer does not know \(what)"
    case .malformed(let reason): "the answer could not be understood: \(reason)"
    }
  }
}
