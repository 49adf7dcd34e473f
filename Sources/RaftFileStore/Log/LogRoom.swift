internal import Raft
internal import Synchronization

/// Whether the disk has room for entries, as the log's thread has found, for whoever wants to know.
final class LogRoom: Sendable {
  private let short = Atomic<Bool>(false)
  private let looking = Atomic<Bool>(false)

  /// Whether no more entries should come.
  var isShort: Bool {
    get { self.short.load(ordering: .relaxed) }
    set { self.short.store(newValue, ordering: .relaxed) }
  }

  /// Whether this caller is the one to have the disk looked at: nobody else has asked for that since
  /// it was done.
  func beginLooking() -> Bool {
    !self.looking.exchange(true, ordering: .relaxed)
  }

  /// The disk was looked at.
  func endLooking() {
    self.looking.store(false, ordering: .relaxed)
  }
}
