/// The entries that a log store has found so far for somebody who asked: at least one, and then no
/// more than there is room for.
package struct EntryAnswer {
  /// The entries, in order.
  package private(set) var slices: [EntrySlice] = []
  private var room: Int

  /// No entries yet, and room for so many bytes of payload.
  package init(room: Int) {
    self.room = room
  }

  /// Whether there is no room for anything more.
  package var isFull: Bool { self.room <= 0 && !self.slices.isEmpty }

  /// Adds as many entries as there is room for, but at least one in all; `false` if some did not
  /// fit.
  package mutating func take(_ slice: EntrySlice) -> Bool {
    guard slice.byteCount > self.room else {
      self.slices.append(slice)
      self.room -= slice.byteCount
      return !self.isFull
    }
    let count = max(self.slices.isEmpty ? 1 : 0, slice.countFitting(self.room))
    self.room = 0
    if count > 0 {
      self.slices.append(EntrySlice(slice.chunk, offsets: slice.offsets.prefix(count)))
    }
    return false
  }
}
