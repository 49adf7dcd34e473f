/// The state machine as the core sees it: its type is known only to the face that made these.
@usableFromInline
struct MachineHooks: Sendable {
  @usableFromInline
  typealias ApplyNow = @Sendable (EntrySlice, [Writer], inout Int) throws -> Void

  /// Opens what the machine kept; says how far that reaches.
  @usableFromInline let recover: @Sendable () async throws -> LogID?
  /// Takes note of the writers of a batch whose first entry has this index.
  @usableFromInline let expect: @Sendable ([Writer], LogIndex) -> Void
  /// How to tell the sender of a submitted command that it is committed, and where.
  @usableFromInline let commitNotice: @Sendable (ReplyToken) -> @Sendable (LogID) -> Void
  /// Applies entries and answers their writers.
  @usableFromInline let apply: @Sendable (EntrySlice) async throws -> Void
  /// Applies entries at once, and answers the writers of their batch from the next one on, which it
  /// moves on; `nil` for a machine that may have to wait.
  @usableFromInline let applyNow: ApplyNow?
  /// Tells writers that their commands were not taken, or what is not known of them.
  @usableFromInline let refuse: @Sendable ([Writer], WriteError) -> Void
  /// Tells the expected writers of entries from this index on that their outcome is unknown.
  @usableFromInline let abandon: @Sendable (LogIndex) -> Void
  /// Tells everybody expected, now and later, that the outcome is unknown.
  @usableFromInline let close: @Sendable () -> Void
  /// Freezes the state.
  @usableFromInline let freeze: @Sendable () async throws -> any FrozenState
  /// Replaces the state.
  @usableFromInline let restore: @Sendable (SnapshotMeta, any SnapshotReader) async throws -> Void
  /// The state's digest; `nil` if the machine offers none.
  @usableFromInline let digest: @Sendable () -> UInt64?

  @usableFromInline
  init(
    recover: @escaping @Sendable () async throws -> LogID?,
    expect: @escaping @Sendable ([Writer], LogIndex) -> Void,
    commitNotice: @escaping @Sendable (ReplyToken) -> @Sendable (LogID) -> Void,
    apply: @escaping @Sendable (EntrySlice) async throws -> Void,
    applyNow: ApplyNow?,
    refuse: @escaping @Sendable ([Writer], WriteError) -> Void,
    abandon: @escaping @Sendable (LogIndex) -> Void,
    close: @escaping @Sendable () -> Void,
    freeze: @escaping @Sendable () async throws -> any FrozenState,
    restore: @escaping @Sendable (SnapshotMeta, any SnapshotReader) async throws -> Void,
    digest: @escaping @Sendable () -> UInt64?
  ) {
    self.recover = recover
    self.expect = expect
    self.commitNotice = commitNotice
    self.apply = apply
    self.applyNow = applyNow
    self.refuse = refuse
    self.abandon = abandon
    self.close = close
    self.freeze = freeze
    self.restore = restore
    self.digest = digest
  }
}
