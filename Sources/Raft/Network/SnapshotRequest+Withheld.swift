extension SnapshotRequest {
  /// The offer of a snapshot to a witness: its position, and no content.
  init(contact: Contact, vote: Vote, withheld meta: SnapshotMeta) {
    var meta = meta
    meta.form = .withheld
    meta.byteCount = 0
    meta.contentHash = 0
    self.init(contact: contact, vote: vote, snapshot: meta, content: EmptyContent())
  }
}

/// The content of a snapshot that has none.
final class EmptyContent: SnapshotReader {
  func next() async throws(StorageError) -> [UInt8]? { nil }
}
