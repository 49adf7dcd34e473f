/// The search for pairs of answers on one register that exclude each other.
///
/// It takes a time proportional to the number of operations and finds the common violations in
/// histories with unique values or versions. Finding none proves nothing.
struct ContradictionFinder {
  private let operations: [ClientOperation]
  private let history: KeyHistory
  private let versions: KnownVersions
  /// Steps by the value that they write.
  private var writers: [UInt64: [KeyHistory.Step]] = [:]

  init(in operations: [ClientOperation], upTo eventCount: Int, history: KeyHistory) {
    self.operations = operations.filter { $0.invocation < eventCount }
    self.history = history
    self.versions = KnownVersions(in: history.steps)
    for operation in self.operations {
      if let step = KeyHistory.step(of: operation, upTo: eventCount), let value = step.written {
        self.writers[value, default: []].append(step)
      }
    }
  }

  /// The first contradiction, or `nil`.
  func first() -> Contradiction? {
    let required = self.history.steps.prefix(self.history.requiredCount)
    for step in required {
      if case .misjudge = step.effect { return .mismatchWithoutReason(step.id) }
      if let found = self.unwritten(step) { return found }
    }
    return self.swappedTwice(required) ?? self.versionReused(required)
      ?? self.wentBack(required) ?? self.overwritten(required)
  }

  /// A value that nobody wrote, or nobody but those who failed.
  private func unwritten(_ step: KeyHistory.Step) -> Contradiction? {
    guard let value = self.versions.stateBefore(step)?.value, let deadline = step.deadline else {
      return nil
    }
    let writers = self.writers[value] ?? []
    if writers.contains(where: { $0.id != step.id && 2 * $0.invoked < deadline }) { return nil }
    let failed = self.operations.first {
      switch $0.action {
      case .write(value), .compareAndSet(_, value):
        $0.outcome == .failed && 2 * $0.invocation < deadline
      default: false
      }
    }
    return failed.map { .failedWriteSeen(reader: step.id, writer: $0.id) }
      ?? .phantom(reader: step.id, value: value)
  }

  /// Two changes on top of one state that cannot come back.
  private func swappedTwice(_ steps: ArraySlice<KeyHistory.Step>) -> Contradiction? {
    var swaps: [ClientOperation.Expectation: ClientOperation.ID] = [:]
    for step in steps {
      guard case .swap(let expectation, _) = step.effect else { continue }
      if case .value(.some(let value)) = expectation, self.writers[value]?.count ?? 0 > 1 {
        continue
      }
      if let other = swaps.updateValue(step.id, forKey: expectation) {
        return .swappedTwice(other, step.id)
      }
    }
    return nil
  }

  private func versionReused(_ steps: ArraySlice<KeyHistory.Step>) -> Contradiction? {
    var makers: [UInt64: ClientOperation.ID] = [:]
    for step in steps {
      guard let version = step.version else { continue }
      if let other = makers.updateValue(step.id, forKey: version) {
        return .versionReused(other, step.id)
      }
    }
    return nil
  }

  /// Versions that contradict the order in time.
  private func wentBack(_ steps: ArraySlice<KeyHistory.Step>) -> Contradiction? {
    typealias Sighting = (version: UInt64, isChange: Bool, step: KeyHistory.Step)
    let sightings = steps.compactMap { step -> Sighting? in
      if let version = step.version { return (version, true, step) }
      guard case .observe(let found) = step.effect, let version = found.version else { return nil }
      return (version, false, step)
    }
    let byEnd = sightings.sorted { ($0.step.deadline ?? 0) < ($1.step.deadline ?? 0) }
    var ended = 0
    var newest: Sighting?
    for later in sightings {
      while ended < byEnd.count, let end = byEnd[ended].step.deadline,
        end < 2 * later.step.invoked + 1
      {
        if newest.map({ $0.version < byEnd[ended].version }) ?? true { newest = byEnd[ended] }
        ended += 1
      }
      guard let newest else { continue }
      if later.version < newest.version || later.isChange && later.version == newest.version {
        return .versionWentBack(earlier: newest.step.id, later: later.step.id)
      }
    }
    return nil
  }

  /// Values, written only once, that were overwritten before somebody asked who saw them.
  private func overwritten(_ steps: ArraySlice<KeyHistory.Step>) -> Contradiction? {
    let byEnd = steps.filter { $0.written != nil }
      .sorted { ($0.deadline ?? 0) < ($1.deadline ?? 0) }
    let deadlines = Dictionary(uniqueKeysWithValues: steps.map { ($0.id, $0.deadline) })
    var ended = 0
    var latest: KeyHistory.Step?
    for reader in steps {
      while ended < byEnd.count, let end = byEnd[ended].deadline, end < 2 * reader.invoked + 1 {
        if latest.map({ $0.invoked < byEnd[ended].invoked }) ?? true { latest = byEnd[ended] }
        ended += 1
      }
      guard let latest, let seen = self.versions.stateBefore(reader) else { continue }
      guard let value = seen.value else {
        return .overwritten(reader: reader.id, writer: nil, overwriter: latest.id)
      }
      guard let writers = self.writers[value], writers.count == 1, let writer = writers.first,
        let end = deadlines[writer.id] ?? nil, end < 2 * latest.invoked + 1
      else { continue }
      return .overwritten(reader: reader.id, writer: writer.id, overwriter: latest.id)
    }
    return nil
  }
}
