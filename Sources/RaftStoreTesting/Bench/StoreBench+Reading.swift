internal import Raft

extension StoreBench {
  /// Enough for all payloads of any case.
  static let ample = 1 << 30

  /// Reads once, and expects a part of the log that begins with the first index.
  ///
  /// - Returns: how many entries came.
  @discardableResult
  func read(
    from first: LogIndex, through last: LogIndex, byteLimit: Int = StoreBench.ample
  ) async throws -> Int {
    let slices = try await self.slices(from: first, through: last, byteLimit: byteLimit)
    try Self.expectOrder(of: slices, from: first, through: last)
    var found = 0
    for entry in slices.lazy.flatMap(ModelEntry.list) {
      guard entry.logID.index < self.model.next else {
        throw Deviation(
          expected: "no entry \(entry.logID.index): the log ends at \(described(self.model.last))",
          found: "entry \(entry.logID)")
      }
      try self.model.entry(entry.logID.index).expectSame(entry)
      found += 1
    }
    try Self.expectSize(of: slices, within: byteLimit)
    return found
  }

  /// Reads the whole log, and expects nothing before and nothing behind it.
  func expectContents() async throws {
    if let last = self.model.last, self.model.start < self.model.next {
      try await self.readAll(from: self.model.start, through: last.index)
    }
    if let before = self.model.start.previous {
      try await self.expectMissing(before, because: "it is purged")
    }
    try await self.expectMissing(self.model.next, because: "the log ends before it")
  }

  /// Reads from the first index through the last, in as many calls as it takes.
  ///
  /// - Returns: how many calls it took.
  @discardableResult
  func readAll(
    from first: LogIndex, through last: LogIndex, byteLimit: Int = StoreBench.ample
  ) async throws -> Int {
    var calls = 0
    var next = first
    while next <= last {
      next = next + (try await self.read(from: next, through: last, byteLimit: byteLimit))
      calls += 1
    }
    return calls
  }

  /// Expects a read that begins with this index to fail in the agreed way.
  func expectMissing(
    _ index: LogIndex, through last: LogIndex? = nil, because reason: String
  ) async throws {
    let expected = "the error \"missing\" for a read from \(index) on: \(reason)"
    let slices: [EntrySlice]
    do {
      slices = try await self.log.entries(
        from: index, through: last ?? index + 9, byteLimit: StoreBench.ample)
    } catch {
      guard error.kind != .missing else { return }
      throw Deviation(expected: expected, found: "the error \"\(error.kind)\": \(error)")
    }
    throw Deviation(expected: expected, found: "entries \(slices)")
  }

  private func slices(
    from first: LogIndex, through last: LogIndex, byteLimit: Int
  ) async throws(Deviation) -> [EntrySlice] {
    do {
      return try await self.log.entries(from: first, through: last, byteLimit: byteLimit)
    } catch {
      throw Deviation(expected: "entries from \(first) on", error: error)
    }
  }

  /// Expects consecutive slices that begin with the first index and do not pass the last.
  static func expectOrder(
    of slices: [EntrySlice], from first: LogIndex, through last: LogIndex
  ) throws(Deviation) {
    guard !slices.isEmpty else {
      throw Deviation(
        expected: "at least one entry of \(first)...\(last)", found: "an empty answer")
    }
    var next = first
    for slice in slices {
      guard slice.first == next, slice.last <= last else {
        throw Deviation(
          expected: "entries from \(next) on, through \(last) at the most", found: "\(slice)")
      }
      next = slice.last.next
    }
  }

  /// Expects about as many bytes as allowed: not more than twice that before the last entry.
  private static func expectSize(of slices: [EntrySlice], within byteLimit: Int) throws(Deviation) {
    guard let last = slices.last else { return }
    let total = slices.reduce(0) { $0 + $1.byteCount }
    let beforeLast = total - last.payload(at: last.last).count
    guard beforeLast > 2 * max(0, byteLimit) else { return }
    throw Deviation(
      expected: "about \(byteLimit) bytes of payload, or a single entry",
      found: "\(total) bytes in \(slices.reduce(0) { $0 + $1.count }) entries")
  }
}
