/// Entries of one leader, consecutive and immutable, shared by log, replication and apply.
///
/// A batch of writes is encoded once, into one chunk; the leader's store, the messages to all
/// followers and the apply loop hold the same object.
public final class EntryChunk: Sendable {
  /// Who wrote the entries, and where they stand.
  public let run: EntryRun
  /// All payloads, one after the other.
  ///
  /// A membership entry has an empty payload: its content is `run.membership`. So have entries of the
  /// kind `withheld`, which a witness keeps in place of commands.
  public let bytes: [UInt8]
  /// Where in `bytes` each payload ends; one number an entry.
  public let ends: [UInt32]

  /// Entries with these payloads.
  ///
  /// - Precondition: there is one end an entry, they do not go back, and the last one is the
  ///   number of bytes.
  public init(run: EntryRun, bytes: [UInt8], ends: [UInt32]) {
    precondition(
      ends.count == run.count && Int(ends[ends.count - 1]) == bytes.count
        && run.byteCount == bytes.count, "\(ends.count) payload ends for \(run)")
    self.run = run
    self.bytes = bytes
    self.ends = ends
  }

  /// Entries without payloads, such as a blank or a membership entry.
  public convenience init(emptyPayloads run: EntryRun) {
    self.init(run: run, bytes: [], ends: Array(repeating: 0, count: run.count))
  }

  /// What each entry counts beside its payload, in bytes: its place in the chunk, and whoever waits
  /// for it.
  static let entryOverhead = 32

  /// The range of `bytes` that holds the payload of the entry at this offset from the first.
  @inlinable
  public func payloadRange(at offset: Int) -> Range<Int> {
    (offset == 0 ? 0 : Int(self.ends[offset - 1]))..<Int(self.ends[offset])
  }
}
