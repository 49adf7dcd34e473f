// Where the machine's state is digested, for comparison with other replicas.
extension MachineWorker {
  /// The first aligned index among these entries; `nil` if there is none.
  func digestIndex(in slice: EntrySlice) -> LogIndex? {
    guard self.digestInterval > 0 else { return nil }
    let past = slice.first.rawValue % self.digestInterval
    // Indices stay below 2^62, the interval below 2^63.
    let index = past == 0 ? slice.first : slice.first + Int(self.digestInterval - past)
    return index <= slice.last ? index : nil
  }

  /// The entries through the first aligned index, and the rest; all of them if there is none.
  func parted(_ slice: EntrySlice) -> (EntrySlice, rest: EntrySlice?) {
    guard let stop = self.digestIndex(in: slice), stop < slice.last,
      let part = slice.clamped(from: slice.first, through: stop)
    else { return (slice, nil) }
    return (part, slice.clamped(from: stop.next, through: slice.last))
  }

  /// Tells the state's digest if the last entry applied is an aligned one.
  func tellDigest(_ position: Position, _ report: (Event) -> Void) {
    if let digest = self.digest(position) { report(.digested(digest)) }
  }

  /// The state's digest, if the last entry applied is an aligned one.
  ///
  /// A machine that holds more than was gone through since the start has the state of no such place.
  func digest(_ position: Position) -> StateDigest? {
    guard self.digestInterval > 0, position.kept == nil, let index = position.applied?.index,
      index.rawValue.isMultiple(of: self.digestInterval), let value = self.hooks.digest()
    else { return nil }
    return StateDigest(index: index, value: value)
  }
}
