import Raft
import Synchronization

/// What outlives a ``JournalStore``: every write that became durable, in order.
///
/// It stands for the medium, so that the example needs no files: what is in it is kept, and what
/// is not is lost when the power goes.
public final class Journal: Sendable {
  /// One write.
  enum Record: Sendable {
    case adopted(ClusterID)
    case voted(Vote)
    case appended(EntrySlice)
    case truncated(after: LogID?)
    case purged(through: LogID)
    case noted(committed: LogID)
  }

  let incarnation: Incarnation
  private let records: Mutex<[Record]>

  /// A medium that nothing was written to yet.
  public convenience init() {
    self.init(incarnation: Incarnation(.random(in: .min ... .max)), [])
  }

  private init(incarnation: Incarnation, _ records: [Record]) {
    self.incarnation = incarnation
    self.records = Mutex(records)
  }

  /// What is durable now, on a medium of its own.
  public func copy() -> Journal {
    Journal(incarnation: self.incarnation, self.records.withLock { $0 })
  }

  /// Makes writes durable.
  func write(_ records: [Record]) {
    self.records.withLock { $0 += records }
  }

  /// The log that these writes left.
  func replay() -> JournaledLog {
    var log = JournaledLog(StoredLog(incarnation: self.incarnation))
    for record in self.records.withLock({ $0 }) { log.take(record) }
    return log
  }
}
