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
  private let sending: SnapshotSending
  private let pace: SnapshotPace

  /// A transport over this client, which whoever made it closes after the node has stopped.
  ///
  /// - Parameters:
  ///   - client: Sends the requests to all members.
  ///   - machine: Whose commands travel; those of the media type `application/json` verbatim, all
  ///     others in base64.
  ///   - snapshots: How snapshots travel.
  ///   - snapshotBytesPerSecondMax: How many bytes of snapshots leave this server a second at
  ///     most, to all members together and at least 1; nil for no limit. A snapshot that then
  ///     takes longer than `Configuration.snapshotTimeout` never arrives.
  ///   - bodyBytesMax: The largest body that the other servers take.
  public init<Machine: StateMachine>(
    over client: HTTPClient, for machine: Machine.Type, snapshots: SnapshotSending = .standard,
    snapshotBytesPerSecondMax: Int? = nil,
    bodyBytesMax: Int = HTTPLimits.replication.bodyBytes
  ) {
    self.client = client
    self.payloads = PayloadForm(mediaType: Machine.mediaType)
    self.bodyBytesMax = bodyBytesMax
    self.sending = snapshots
    precondition(
      snapshotBytesPerSecondMax ?? 1 > 0, "snapshotBytesPerSecondMax is at least 1, or nil")
    self.pace = SnapshotPace(bytesPerSecondMax: snapshotBytesPerSecondMax)
  }

  /// A connection to this member; it is made when it is first needed.
  public func connection(to member: Member) -> any PeerConnection {
    HTTPPeerConnection(
      to: member, over: self.client, payloads: self.payloads, bodyBytesMax: self.bodyBytesMax,
      sending: self.sending, pace: self.pace)
  }
}
