/// What a snapshot stands for, apart from its content.
public struct SnapshotMeta: Hashable, Sendable {
  /// What the snapshot's bytes are.
  public enum Form: UInt8, Hashable, Sendable, CaseIterable {
    /// The state itself.
    case data = 0
    /// A reference by which the application finds the state elsewhere, such as in object storage.
    case handle = 1
    /// None: the state is kept from a witness, which needs no more than the snapshot's position.
    case withheld = 2
  }

  /// The last entry whose effect the snapshot contains.
  public var lastLogID: LogID
  /// The last membership at or before that entry.
  public var membership: LoggedMembership
  /// The stamp of the last entry: the log goes on from it, also where it holds no entry any more.
  public var timestamp: Timestamp
  /// What the bytes are.
  public var form: Form
  /// The length of the content in bytes; 0 while it is being written.
  public var byteCount: UInt64
  /// A hash of the content, by which a broken transfer finds the same snapshot again; 0 while it
  /// is being written.
  public var contentHash: UInt64

  /// Describes a snapshot.
  public init(
    lastLogID: LogID, membership: LoggedMembership, timestamp: Timestamp = .epoch,
    form: Form = .data, byteCount: UInt64 = 0, contentHash: UInt64 = 0
  ) {
    self.lastLogID = lastLogID
    self.membership = membership
    self.timestamp = timestamp
    self.form = form
    self.byteCount = byteCount
    self.contentHash = contentHash
  }
}

/// The answer to an offered snapshot.
public struct SnapshotResponse: Hashable, Sendable {
  /// The vote that the receiver stands behind; later than the leader's if it was refused.
  public var vote: Vote
  /// The receiver's life; `nil` if it does not state it.
  public var incarnation: Incarnation?

  /// An answer.
  public init(vote: Vote, incarnation: Incarnation? = nil) {
    self.vote = vote
    self.incarnation = incarnation
  }
}
