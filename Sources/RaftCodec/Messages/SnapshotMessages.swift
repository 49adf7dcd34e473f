public import RaftEngine

/// A leader offers a snapshot; the receiver answers from where on it wants the content.
public struct SnapshotOffer: Hashable, Sendable {
  /// The leader's committed vote.
  public var vote: Vote
  /// The replication session, as of ``RaftEngine/AppendHeader/session``.
  public var session: UInt64
  /// What the snapshot stands for; its hash is the name by which all further messages mean it.
  public var meta: SnapshotMeta

  /// An offer.
  public init(vote: Vote, session: UInt64, meta: SnapshotMeta) {
    self.vote = vote
    self.session = session
    self.meta = meta
  }
}

/// The receiver of an offer wants the content from a place on: behind what it holds already.
public struct SnapshotResumption: Hashable, Sendable {
  /// The vote that the receiver stands behind.
  public var vote: Vote
  /// The hash of the snapshot's content.
  public var contentHash: UInt64
  /// From which byte of the content on; 0 for all of it, its length for nothing more.
  public var offset: UInt64

  /// A wish for the content.
  public init(vote: Vote, contentHash: UInt64, offset: UInt64) {
    self.vote = vote
    self.contentHash = contentHash
    self.offset = offset
  }
}

/// A piece of a snapshot's content.
public struct SnapshotPiece: Hashable, Sendable {
  /// The leader's committed vote.
  public var vote: Vote
  /// The hash of the whole content.
  public var contentHash: UInt64
  /// Where in the content the piece begins.
  public var offset: UInt64
  /// The piece.
  public var bytes: [UInt8]

  /// A piece.
  public init(vote: Vote, contentHash: UInt64, offset: UInt64, bytes: [UInt8]) {
    self.vote = vote
    self.contentHash = contentHash
    self.offset = offset
    self.bytes = bytes
  }
}

/// All pieces of a snapshot were sent: the receiver shall install it.
public struct SnapshotClosing: Hashable, Sendable {
  /// The leader's committed vote.
  public var vote: Vote
  /// The hash of the content.
  public var contentHash: UInt64
  /// The length of the content in bytes.
  public var byteCount: UInt64

  /// The end of a transmission.
  public init(vote: Vote, contentHash: UInt64, byteCount: UInt64) {
    self.vote = vote
    self.contentHash = contentHash
    self.byteCount = byteCount
  }
}

/// The answer to a whole snapshot: it is installed and durable, or refused.
public struct SnapshotReply: Hashable, Sendable {
  /// The replication session that the offer named.
  public var session: UInt64
  /// The hash of the content.
  public var contentHash: UInt64
  /// The receiver's answer.
  public var response: SnapshotResponse

  /// An answer.
  public init(session: UInt64, contentHash: UInt64, response: SnapshotResponse) {
    self.session = session
    self.contentHash = contentHash
    self.response = response
  }
}
