// Where the machine's state is fingerprinted, for comparison with other replicas.
extension MachineWorker {
  /// The first aligned index among these entries; `nil` if there is none.
  func digestIndex(in slice: EntrySlice) -> LogIndex? {
    guard self.digestInterval > 0 else { return nil }
    let past = slice.first.rawValue % self.digestInterval
    // Indices stay below 2^62, the interval below 2^63.
    let index = past == 0 ? slice.first : slice.first + Int(self.digestInterval - past)
    return index <= slice.last ? index : nil
  }

  /// Tells the state's fingerprint if the last entry applied is an aligned one.
  ///
  /// A machine that holds more than was gone through since the start has the state of no such place.
  func tellDigest(_ position: Position, _ report: (Event) -> Void) {
    guard self.digestInterval > 0, position.kept == nil, let index = position.applied?.index,
      index.rawValue.isMultiple(of: self.digestInterval), let value = self.hooks.digest()
    else { return }
    report(.digested(StateDigest(index: index, value: value)))
  }
}
