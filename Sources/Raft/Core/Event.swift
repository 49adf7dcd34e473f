/// Somebody waits here for the answer to a question that the engine decides.
enum Question: Sendable {
  case append(AppendReplyTo)
  case vote(UnsafeContinuation<Result<VoteResponse, RequestError>, Never>)
  case transfer(UnsafeContinuation<Result<TransferResponse, RequestError>, Never>)
  case snapshot(UnsafeContinuation<Result<SnapshotResponse, RequestError>, Never>)
  case bootstrap(UnsafeContinuation<Result<Void, BootstrapError>, Never>, [Member])
  case membership(UnsafeContinuation<Result<MembershipReceipt, MembershipChangeError>, Never>)
  case read(UnsafeContinuation<Result<ReadPermit, ReadError>, Never>)
  case reversion(UnsafeContinuation<Result<Void, LogReversionError>, Never>)
  case handover(UnsafeContinuation<Result<NodeID, TransferError>, Never>)
  /// The node itself hands over before it stops.
  case departure
}

/// Where the answer to an append goes: the caller of a function, or a stream's reply.
typealias AppendReplyTo = @Sendable (Result<AppendResponse, RequestError>) -> Void

/// Something for the core to take note of.
enum Event: Sendable {
  /// Something that the engine is told as it is.
  case input(Input)
  /// What the machine's worker has done.
  case worked(Input)
  case append(AppendRequest, AppendReplyTo)
  case vote(
    VoteRequest, Contact, UnsafeContinuation<Result<VoteResponse, RequestError>, Never>)
  case preVote(
    VoteRequest, Contact, UnsafeContinuation<Result<VoteResponse, RequestError>, Never>)
  case transfer(
    TransferRequest, Contact, UnsafeContinuation<Result<TransferResponse, RequestError>, Never>)
  case snapshot(
    SnapshotRequest, UnsafeContinuation<Result<SnapshotResponse, RequestError>, Never>)
  case bootstrap(
    Membership, UnsafeContinuation<Result<Void, BootstrapError>, Never>)
  case changeMembership(
    MembershipChange, retainingRemoved: Bool, expected: LogID?,
    UnsafeContinuation<Result<MembershipReceipt, MembershipChangeError>, Never>)
  case read(ReadWish, UnsafeContinuation<Result<ReadPermit, ReadError>, Never>)
  /// Somebody wants a blank entry, and to hear when it is applied.
  case barrier(ReplyToken)
  /// Somebody wants to see what the node is when everything before is done.
  case look(UnsafeContinuation<Result<Metrics, ReadError>, Never>)
  case allowReversion(NodeID, UnsafeContinuation<Result<Void, LogReversionError>, Never>)
  case handOver(
    to: NodeID?, within: Duration?,
    UnsafeContinuation<Result<NodeID, TransferError>, Never>)
  /// An offered snapshot arrived and is durable.
  case snapshotReceived(any StoredSnapshot, Ticket)
  /// An offered snapshot could not be received.
  case receptionFailed(Ticket, StorageError)
  /// A wish for as long as the node leads under this leadership.
  indirect case bound(to: LeaderID, Event)
  /// The node cannot go on, or shall not.
  case stop(NodeFailure)
  /// A peer refused a message of this node.
  case refused(by: NodeID, ContactRefusal)
  /// A peer answered an append or a heartbeat.
  case appendAnswered(AppendResponse, Sent)
  /// The machine's state has this digest after an aligned entry.
  case digested(StateDigest)
  /// Somebody watches and wants to be told how things are: a turn is enough.
  case watched
}

extension Event {
  /// The same wish, for as long as the node leads under this leadership; for good with `nil`.
  func bound(to leadership: LeaderID?) -> Event {
    leadership.map { .bound(to: $0, self) } ?? self
  }
}

/// The entry that brought a membership into force, and the membership.
public struct MembershipReceipt: Hashable, Sendable {
  /// Where the entry stands; it is committed.
  public let logID: LogID
  /// The membership that it carries.
  public let membership: Membership
}
