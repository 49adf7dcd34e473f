extension Mailbox.WriteBatch {
  /// Takes out the writes that are bound to another leadership than this one, and those who wait
  /// for them.
  mutating func takeWriters(boundToOtherThan leadership: LeaderID?) -> [Writer] {
    let misplaced = Set(self.bounds.lazy.filter { $0.leadership != leadership }.map(\.writer))
    self.bounds.removeAll(keepingCapacity: true)
    guard !misplaced.isEmpty else { return [] }
    var kept = Mailbox.WriteBatch()
    kept.opened = self.opened
    var taken: [Writer] = []
    for (place, writer) in self.writers.enumerated() {
      if misplaced.contains(place) {
        taken.append(writer)
      } else {
        kept.append(writer, of: self)
      }
    }
    self = kept
    return taken
  }

  private mutating func append(_ writer: Writer, of other: Mailbox.WriteBatch) {
    let start = writer.first == 0 ? 0 : other.ends[writer.first - 1]
    let shift = start - UInt32(self.payloads.buffer.count)
    let first = self.ends.count
    self.payloads.write(other.payloads.buffer[Int(start)..<Int(other.ends[writer.last])])
    self.ends.append(contentsOf: other.ends[writer.first...writer.last].lazy.map { $0 - shift })
    self.writers.append(
      Writer(
        first: first, last: self.ends.count - 1, form: writer.form, token: writer.token))
  }
}
