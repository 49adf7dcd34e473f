// Applying without a hop to the worker's task: for machines that do it at once.
extension MachineWorker {
  /// What came of entries that were applied at once.
  struct Applied {
    var last: LogID?
    var byteCount = 0
    /// The states after aligned entries.
    var digests: [StateDigest] = []
    /// What the worker is to apply, since time was up.
    var rest: [LogTail.Item] = []
    var failure: NodeFailure?
  }

  /// Applies these entries now, if the machine does that at once and the worker has nothing to do;
  /// `nil` if they are to be handed to it.
  ///
  /// - Parameters:
  ///   - reports: How many of the worker's reports the core has heard. It must have heard all: else
  ///     it would hear of earlier entries after these.
  ///   - end: When to leave the rest to the worker; the first few entries are applied in any case.
  func applyNow(
    _ items: [LogTail.Item], heard reports: UInt64, until end: Instant
  ) -> Applied? {
    guard let apply = self.hooks.applyNow, self.queue.enter() else { return nil }
    defer { self.queue.leave() }
    guard self.standing.failure == nil, self.standing.reports == reports,
      !self.isSuperseded(self.standing.position)
    else { return nil }
    for place in items.indices where !items[place].writers.isEmpty {
      self.hooks.expect(items[place].writers, items[place].slice.chunk.run.first)
    }
    var applied = Applied()
    var stretch = Self.firstStretch
    do throws(NodeFailure) {
      for place in items.indices {
        let slice = items[place].slice
        let start = self.instruments.isTiming ? self.clock.now() : nil
        if let rest = try self.applyNow(slice, apply, &applied, &stretch, until: end) {
          // Its writers are expected already.
          applied.rest =
            [LogTail.Item(slice: rest, writers: [])]
            + items[(place + 1)...].map {
              LogTail.Item(slice: $0.slice, writers: [])
            }
          break
        }
        if let start {
          self.instruments.applied(through: slice.last, from: start, to: self.clock.now())
        }
      }
    } catch {
      self.standing.failure = error
      applied.failure = error
    }
    applied.last = self.standing.position.applied
    return applied
  }

  /// After how many entries it is looked how late it is: first, and then again.
  private static let firstStretch = 32
  private static let laterStretch = 512

  /// Applies entries until time is up; returns those that are left.
  private func applyNow(
    _ slice: EntrySlice, _ apply: (EntrySlice) throws -> Void, _ applied: inout Applied,
    _ stretch: inout Int, until end: Instant
  ) throws(NodeFailure) -> EntrySlice? {
    var rest = slice
    while true {
      if stretch <= 0 {
        guard self.clock.now() < end else { return rest }
        stretch = Self.laterStretch
      }
      let (part, remainder) = self.parted(rest, after: stretch)
      self.standing.position.expect(part)
      if let news = try self.standing.position.news(in: part) {
        do {
          try apply(news)
        } catch {
          throw .applying(news, error)
        }
      }
      self.standing.position.passed(part)
      stretch -= part.count
      applied.byteCount += part.byteCount
      if let digest = self.digest(self.standing.position) { applied.digests.append(digest) }
      guard let remainder else { return nil }
      rest = remainder
    }
  }

  /// The entries up to where the machine's state is to be compared, but at most so many, and the
  /// rest.
  private func parted(_ slice: EntrySlice, after count: Int) -> (EntrySlice, rest: EntrySlice?) {
    let (part, rest) = self.parted(slice)
    guard part.count > count,
      let first = part.clamped(from: part.first, through: part.first + (count - 1))
    else { return (part, rest) }
    return (first, slice.clamped(from: first.last.next, through: slice.last))
  }
}
