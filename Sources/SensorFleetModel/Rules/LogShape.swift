/// Which epoch wrote which records of a shard's log, without their content.
package struct LogShape: Equatable, Sendable {
  private struct Run: Equatable {
    let first: UInt64
    let epoch: Epoch
  }

  private var runs: [Run] = []
  /// The last record; ``LogPoint/start`` of an empty log.
  package private(set) var last = LogPoint.start

  /// An empty log.
  package init() {}

  /// Adds a record, whose number must be the next one.
  package mutating func append(_ point: LogPoint) {
    precondition(
      point.sequence == self.last.sequence + 1 && point.epoch >= self.last.epoch,
      "\(point) does not follow \(self.last)")
    if self.runs.last?.epoch != point.epoch {
      self.runs.append(Run(first: point.sequence, epoch: point.epoch))
    }
    self.last = point
  }

  /// Removes all records behind this one.
  package mutating func truncate(after sequence: UInt64) {
    guard sequence < self.last.sequence else { return }
    while let run = self.runs.last, run.first > sequence { self.runs.removeLast() }
    self.last = LogPoint(sequence: sequence, epoch: self.runs.last?.epoch ?? .zero)
    if sequence == 0 { self.last = .start }
  }

  /// The place of the record with this number, also of number 0; `nil` if there is no such record.
  package func point(at sequence: UInt64) -> LogPoint? {
    guard sequence <= self.last.sequence else { return nil }
    guard sequence > 0, let run = self.runs.last(where: { $0.first <= sequence }) else {
      return .start
    }
    return LogPoint(sequence: sequence, epoch: run.epoch)
  }

  /// The number before the first record of the epoch that wrote this one.
  package func beforeEpoch(of sequence: UInt64) -> UInt64 {
    guard let run = self.runs.last(where: { $0.first <= sequence }) else { return 0 }
    return run.first - 1
  }
}
