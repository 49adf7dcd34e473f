// Applying without a hop to the worker's task: for machines that do it at once.
extension MachineWorker {
  /// What came of entries that were applied at once.
  struct Applied {
    var last: LogID?
    /// The states after aligned entries.
    var digests: [StateDigest] = []
    var failure: NodeFailure?
  }

  /// Applies these entries now, if the machine does that at once and the worker has nothing to do;
  /// `nil` if they are to be handed to it.
  ///
  /// - Parameter reports: How many of the worker's reports the core has heard. It must have heard all:
  ///   else it would hear of earlier entries after these.
  func applyNow(_ items: [LogTail.Item], heard reports: UInt64) -> Applied? {
    guard let apply = self.hooks.applyNow, self.queue.enter() else { return nil }
    defer { self.queue.leave() }
    guard self.standing.failure == nil, self.standing.reports == reports,
      !self.isSuperseded(self.standing.position)
    else { return nil }
    for place in items.indices where !items[place].writers.isEmpty {
      self.hooks.expect(items[place].writers, items[place].slice.chunk.run.first)
    }
    var applied = Applied()
    do throws(NodeFailure) {
      for place in items.indices {
        let slice = items[place].slice
        let start = self.instruments.isTiming ? self.clock.now() : nil
        try self.applyNow(slice, apply, &applied)
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

  private func applyNow(
    _ slice: EntrySlice, _ apply: (EntrySlice) throws -> Void, _ applied: inout Applied
  ) throws(NodeFailure) {
    var rest = slice
    while true {
      let (part, remainder) = self.parted(rest)
      self.standing.position.expect(part)
      if let news = try self.standing.position.news(in: part) {
        do {
          try apply(news)
        } catch {
          throw .applying(news, error)
        }
      }
      self.standing.position.passed(part)
      if let digest = self.digest(self.standing.position) { applied.digests.append(digest) }
      guard let remainder else { return }
      rest = remainder
    }
  }
}
