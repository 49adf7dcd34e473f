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

  /// Cuts the slice off behind this many entries, or behind this index; returns what was cut off.
  func cut(_ slice: inout EntrySlice, after count: Int, or stop: LogIndex?) -> EntrySlice? {
    var length = min(count, slice.count)
    if let stop { length = min(length, slice.first.distance(to: stop) + 1) }
    guard length < slice.count else { return nil }
    let rest = EntrySlice(slice.chunk, offsets: slice.offsets.dropFirst(length))
    slice = EntrySlice(slice.chunk, offsets: slice.offsets.prefix(length))
    return rest
  }

  /// Tells the state's digest if the last entry applied is an aligned one.
  func tellDigest(_ position: Position, _ report: (Event) -> Void) {
    if let digest = self.digest(position.applied, kept: position.kept) { report(.digested(digest)) }
  }

  /// The state's digest, if the last entry applied is an aligned one.
  ///
  /// A machine that holds more than was gone through since the start has the state of no such place.
  func digest(_ applied: LogID?, kept: LogID?) -> StateDigest? {
    guard self.digestInterval > 0, kept == nil, let index = applied?.index,
      index.rawValue.isMultiple(of: self.digestInterval), let value = self.hooks.digest()
    else { return nil }
    return StateDigest(index: index, value: value)
  }
}
