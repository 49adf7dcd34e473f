/// The order of everything that happened on a simulated disk, with the test's own marks in it.
public struct FileJournal: Sendable {
  /// How much of the past a journal keeps.
  public enum Retention: Hashable, Sendable {
    /// Nothing.
    case nothing
    /// At least this many of the latest events, and at most twice as many.
    case latest(Int)
    /// All of it.
    case everything
  }

  /// The events that are kept, the oldest first.
  public private(set) var events: [FileEvent] = []
  /// The number of events so far, kept or not: the sequence number of the latest.
  public private(set) var count = 0
  private let retention: Retention

  init(retention: Retention) {
    self.retention = retention
  }

  mutating func record(_ action: FileEvent.Action, file: Int? = nil) {
    self.count += 1
    if self.retention == .nothing { return }
    self.events.append(FileEvent(sequence: self.count, file: file, action: action))
    if case .latest(let limit) = self.retention, self.events.count >= 2 * max(limit, 1) {
      self.events.removeFirst(self.events.count - limit)
    }
  }

  /// The place of the first note with this text, if it is kept.
  public func sequence(ofNote mark: String) -> Int? {
    self.events.first { $0.action == .noted(mark) }?.sequence
  }
}
