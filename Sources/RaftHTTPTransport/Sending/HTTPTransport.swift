public import Raft
public import RaftHTTP
internal import RaftSockets

/// Carries raft messages to other servers as JSON over HTTP/1.1, in the shapes of openraft's
/// example servers.
///
/// A member's address is the `host:port` of its raft port, where a ``RaftHTTPHandler`` answers.
/// Several requests to one member run at once, on connections of their own. The handle may be used
/// from any thread.
public final class HTTPTransport: Transport {
  private let client: HTTPClient
  private let payloads: PayloadForm
  private let bodyBytesMax: Int

  /// A transport over this client, which whoever made it closes after the node has stopped.
  ///
  /// - Parameters:
  ///   - client: Sends the requests to all members.
  ///   - machine: Whose commands travel; those of the media type `application/json` verbatim, all
  ///     others in base64.
  ///   - bodyBytesMax: The largest body that the other servers take. A snapshot travels in one,
  ///     with up to four bytes for each of its own.
  public init<Machine: StateMachine>(
    over client: HTTPClient, for machine: Machine.Type,
    bodyBytesMax: Int = HTTPLimits.replication.bodyBytes
  ) {
    self.client = client
    self.payloads = PayloadForm(mediaType: Machine.mediaType)
    self.bodyBytesMax = bodyBytesMax
  }

  /// A connection to this member; it is made when it is first needed.
  public func connection(to member: Member) -> any PeerConnection {
    HTTPPeerConnection(
      to: member, over: self.client, payloads: self.payloads, bodyBytesMax: self.bodyBytesMax)
  }
}
