/// How a node reaches its peers.
public protocol Transport: Sendable {
  /// A connection to this member, for the member's description as it is now.
  ///
  /// Called by the node's core, so it returns at once: the connection is made when it is first needed,
  /// and again after it broke.
  func connection(to member: Member) -> any PeerConnection
}

/// One node's way to one peer.
///
/// Calls may run at the same time; each must end within its time limit, with an answer or with a
/// ``TransportError`` that says whether the peer may have received the request: see
/// <doc:WritingATransport>.
public protocol PeerConnection: Sendable {
  /// Sends an append and waits for the answer.
  ///
  /// The core has one ordinary append under way at a time; heartbeats go beside it.
  ///
  /// - Throws: ``TransportError``.
  func append(
    _ request: AppendRequest, within limit: Duration
  ) async throws(TransportError) -> AppendResponse

  /// Asks for a vote.
  ///
  /// - Throws: ``TransportError``.
  func vote(
    _ request: VoteRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> VoteResponse

  /// Asks whether the peer would vote for this node, without changing anything there.
  ///
  /// - Throws: ``TransportError``. A transport without this message throws
  ///   ``TransportError/unsupported(_:)``, as the default does; that counts as consent, so that the
  ///   vote request itself decides.
  func preVote(
    _ request: VoteRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> VoteResponse

  /// Sends a whole snapshot and waits until it is installed and durable.
  ///
  /// - Throws: ``TransportError``.
  func installSnapshot(
    _ request: SnapshotRequest, within limit: Duration
  ) async throws(TransportError) -> SnapshotResponse

  /// Hands a leader's wish to transfer its leadership to the peer.
  ///
  /// - Throws: ``TransportError``.
  func transferLeadership(
    _ request: TransferRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> TransferResponse

  /// Lets go of the connection; calls under way end with an error.
  ///
  /// Called by the node's core, so it must not wait for them.
  func close()
}

extension PeerConnection {
  /// Says that this transport has no such message.
  ///
  /// - Throws: ``TransportError/unsupported(_:)``.
  public func preVote(
    _ request: VoteRequest, contact: Contact, within limit: Duration
  ) async throws(TransportError) -> VoteResponse {
    throw .unsupported("pre-votes")
  }
}

/// A connection that takes appends without waiting for the answers.
///
/// The core then hands over each append as soon as the protocol allows it, without a task in
/// between.
public protocol AppendStreaming: PeerConnection {
  /// Sends an append; the answer, or the failure, goes to `reply`, exactly once.
  ///
  /// Requests arrive in the order of the calls. Must return quickly and must not call `reply`
  /// before it returns unless the answer is at hand.
  func stream(_ request: consuming AppendRequest, reply: consuming AppendReply)
}

/// Where the answer to a streamed append goes.
public struct AppendReply: Sendable {
  /// The core that sent the append, for most replies: one is made for each append, and needs no
  /// memory of its own.
  private let core: RaftCore?
  private let sent: Sent?
  /// The listener of any other reply.
  private let report: (@Sendable (Result<AppendResponse, TransportError>) -> Void)?

  init(to core: RaftCore, _ sent: Sent) {
    self.core = core
    self.sent = sent
    self.report = nil
  }

  /// A reply that goes to this closure.
  ///
  /// The library makes its own; this initializer is there for tests of transports.
  public init(report: @escaping @Sendable (Result<AppendResponse, TransportError>) -> Void) {
    self.core = nil
    self.sent = nil
    self.report = report
  }

  /// Reports the peer's answer, or why none came.
  ///
  /// May be called from any thread, exactly once.
  public func callAsFunction(_ result: Result<AppendResponse, TransportError>) {
    if let core = self.core, let sent = self.sent {
      core.hear(result, to: sent)
    } else {
      self.report?(result)
    }
  }
}
