extension EntrySlice {
  /// The slice in parts of about this many bytes of payload, each of at least one entry.
  package func parts(ofAbout byteLimit: Int) -> [EntrySlice] {
    guard self.byteCount > byteLimit else { return [self] }
    var parts: [EntrySlice] = []
    var rest: EntrySlice? = self
    while let slice = rest {
      let count = max(1, slice.countFitting(byteLimit))
      parts.append(EntrySlice(slice.chunk, offsets: slice.offsets.prefix(count)))
      rest =
        count == slice.count
        ? nil : EntrySlice(slice.chunk, offsets: slice.offsets.dropFirst(count))
    }
    return parts
  }

  /// How many entries, from the first on, have no more than this many bytes of payload together.
  package func countFitting(_ byteCount: Int) -> Int {
    let start = self.byteRange.lowerBound
    var low = self.offsets.lowerBound
    var high = self.offsets.upperBound
    while low < high {
      let middle = (low + high) / 2
      if Int(self.chunk.ends[middle]) - start <= byteCount {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low - self.offsets.lowerBound
  }
}
