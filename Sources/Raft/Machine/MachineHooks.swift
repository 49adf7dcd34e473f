/// The state machine as the core sees it: its type is known only to the face that made these.
@usableFromInline
struct MachineHooks: Sendable {
  /// Applies entries and answers their writers.
  @usableFromInline let apply: @Sendable (EntrySlice, [Writer]) async throws -> Void
  /// Tells writers that their commands were not taken, or what is not known of them.
  @usableFromInline let refuse: @Sendable ([Writer], WriteError) -> Void
  /// Tells the writers whose entries begin at this index or later that their outcome is unknown.
  @usableFromInline let abandon: @Sendable (LogIndex) -> Void
  /// Freezes the state.
  @usableFromInline let freeze: @Sendable () async throws -> any FrozenState
  /// Replaces the state.
  @usableFromInline let restore: @Sendable (SnapshotMeta, any SnapshotReader) async throws -> Void

  @usableFromInline
  init(
    apply: @escaping @Sendable (EntrySlice, [Writer]) async throws -> Void,
    refuse: @escaping @Sendable ([Writer], WriteError) -> Void,
    abandon: @escaping @Sendable (LogIndex) -> Void,
    freeze: @escaping @Sendable () async throws -> any FrozenState,
    restore: @escaping @Sendable (SnapshotMeta, any SnapshotReader) async throws -> Void
  ) {
    self.apply = apply
    self.refuse = refuse
    self.abandon = abandon
    self.freeze = freeze
    self.restore = restore
  }
}
