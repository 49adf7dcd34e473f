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
  ///   - mediaType: That of the machine's commands; `application/json` travels verbatim.
  ///   - bodyBytesMax: The largest body that the other servers take.
  public init(
    over client: HTTPClient, payloads mediaType: String,
    bodyBytesMax: Int = HTTPLimits.replication.bodyBytes
  ) {
    self.client = client
    self.payloads = PayloadForm(mediaType: mediaType)
    self.bodyBytesMax = bodyBytesMax
  }

  /// A connection to this member; it is made when it is first needed.
  public func connection(to member: Member) -> any PeerConnection {
    HTTPPeerConnection(
      to: member, over: self.client, payloads: self.payloads, bodyBytesMax: self.bodyBytesMax)
  }
}
