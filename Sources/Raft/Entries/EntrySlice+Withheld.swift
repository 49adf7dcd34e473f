extension EntrySlice {
  /// The entries as a member of this kind gets them.
  ///
  /// A witness gets the positions of commands, and everything else as it is.
  package func form(for role: Member.Role) -> EntrySlice {
    let run = self.run
    guard role == .witness, run.kind == .command else { return self }
    return EntrySlice(
      EntryChunk(
        emptyPayloads: EntryRun(
          leader: run.leader, first: run.first, count: run.count, byteCount: 0, kind: .withheld,
          timestamp: run.timestamp)))
  }
}
