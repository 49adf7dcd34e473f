/// An append or heartbeat on its way to a peer.
public struct AppendRequest: Sendable {
  /// Who speaks to whom.
  public var contact: Contact
  /// What the leader says.
  public var header: AppendHeader
  /// The entries, consecutive; empty in a heartbeat.
  public var entries: [EntrySlice]

  /// An append.
  public init(contact: Contact, header: AppendHeader, entries: [EntrySlice]) {
    self.contact = contact
    self.header = header
    self.entries = entries
  }
}

/// A snapshot on its way to a peer.
public struct SnapshotRequest: Sendable {
  /// Who speaks to whom.
  public var contact: Contact
  /// The leader's committed vote.
  public var vote: Vote
  /// What the snapshot stands for.
  public var snapshot: SnapshotMeta
  /// The content.
  public var content: any SnapshotReader

  /// A snapshot with its content.
  public init(
    contact: Contact, vote: Vote, snapshot: SnapshotMeta, content: any SnapshotReader
  ) {
    self.contact = contact
    self.vote = vote
    self.snapshot = snapshot
    self.content = content
  }
}
