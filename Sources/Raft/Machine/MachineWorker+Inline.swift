// Applying without a hop to the worker's task: for machines that do it at once.
extension MachineWorker {
  /// What comes of entries that the core applies itself.
  struct Applied {
    /// When to leave the rest to the worker; the first few entries are applied in any case.
    let end: Instant
    /// How many more entries are applied before it is looked how late it is.
    var stretch = MachineWorker.firstStretch
    var last: LogID?
    var byteCount = 0
    /// How many bytes the worker has applied, and told the core of.
    var workerByteCount: UInt64 = 0
    /// The states after aligned entries.
    var digests: [StateDigest] = []
    /// What is left of a batch, since time was up.
    var rest: EntrySlice?
    /// Whether the machine could not apply an entry; ``MachineWorker/failure`` says why.
    var hasFailed = false

    init(until end: Instant) {
      self.end = end
    }

    /// Whether there is time for more.
    var goesOn: Bool { self.rest == nil && !self.hasFailed }
  }

  /// After how many entries it is looked how late it is: first, and then again.
  private static let firstStretch = 32
  private static let laterStretch = 512

  /// Lets the core apply until ``leave(_:)``, if the machine does that at once and the worker has
  /// nothing to do.
  ///
  /// - Parameter installs: Of how many snapshots that the worker installed the core has heard. It must
  ///   have heard of all: else it would hear of entries behind a snapshot before the snapshot.
  func enter(heard installs: UInt64) -> Bool {
    guard self.hooks.applyNow != nil, self.queue.enter() else { return false }
    guard self.standing.failure == nil, self.standing.installs == installs,
      !self.isSuperseded(self.standing.position.applied)
    else {
      self.queue.leave()
      return false
    }
    return true
  }

  /// Why the core could not apply an entry; to be asked before ``leave(_:)``.
  var failure: NodeFailure? { self.standing.failure }

  /// Gives the machine back to the worker, and says how far it is.
  func leave(_ applied: inout Applied) {
    applied.last = self.standing.position.applied
    applied.workerByteCount = self.standing.byteCount
    self.queue.leave()
  }

  /// Applies a batch between ``enter(heard:)`` and ``leave(_:)``; writers whose last entries are left
  /// over are expected then.
  func applyNow(_ item: LogTail.Item, _ applied: inout Applied) {
    let start = self.instruments.isTiming ? self.clock.now() : nil
    var next = 0
    do throws(NodeFailure) {
      try self.applyNow(item, &next, &applied)
    } catch {
      self.standing.failure = error
      applied.hasFailed = true
      self.hooks.refuse(Array(item.writers[next...]), .outcomeUnknown)
      return
    }
    if next < item.writers.count {
      self.hooks.expect(Array(item.writers[next...]), item.slice.chunk.run.first)
    }
    if let start, applied.rest == nil {
      self.instruments.applied(through: item.slice.last, from: start, to: self.clock.now())
    }
  }

  /// Applies entries until time is up.
  private func applyNow(
    _ item: LogTail.Item, _ next: inout Int, _ applied: inout Applied
  ) throws(NodeFailure) {
    var part = item.slice
    while true {
      if applied.stretch <= 0 {
        guard self.clock.now() < applied.end else {
          applied.rest = part
          return
        }
        applied.stretch = Self.laterStretch
      }
      let stop = self.digestIndex(in: part)
      let rest = self.cut(&part, after: applied.stretch, or: stop)
      self.standing.position.expect(part)
      if self.standing.position.kept == nil {
        try self.applyNow(part, item.writers, &next)
      } else if let news = try self.standing.position.news(in: part) {
        try self.applyNow(news, item.writers, &next)
      }
      self.standing.position.passed(part)
      applied.stretch -= part.count
      applied.byteCount += part.byteCount
      if stop == part.last,
        let digest = self.digest(
          self.standing.position.applied, kept: self.standing.position.kept)
      {
        applied.digests.append(digest)
      }
      guard let rest else { return }
      part = rest
    }
  }

  private func applyNow(
    _ slice: EntrySlice, _ writers: [Writer], _ next: inout Int
  ) throws(NodeFailure) {
    do {
      try self.hooks.applyNow?(slice, writers, &next)
    } catch {
      throw .applying(slice, error)
    }
  }
}
