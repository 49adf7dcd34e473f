extension MachineHooks {
  /// These hooks on a witness, which has no use for a machine: writers are answered as ever.
  var ofWitness: MachineHooks {
    MachineHooks(
      recover: { nil }, expect: self.expect, commitNotice: self.commitNotice, apply: { _ in },
      applyNow: { _, _, _ in },
      refuse: self.refuse, abandon: self.abandon,
      close: self.close, freeze: { WithheldState() }, restore: { _, _ in },
      digest: { nil })
  }
}

/// A state that is kept from a witness.
struct WithheldState: FrozenState {
  var form: SnapshotMeta.Form { .withheld }

  func write(to sink: SnapshotSink) async throws {}
}
