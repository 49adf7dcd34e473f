import Glibc
import Raft
import RaftConcurrency

/// Writers that append one entry each, wait until it is durable, and append the next.
///
/// One thread acts for all of them, as a node's core does: it sleeps until the store reports, takes
/// the time for everybody whose entry that covers, and appends their next entries, each by a call
/// of its own.
final class LogWriters: Sendable {
  /// What the writers have seen.
  struct Outcome: Sendable {
    /// How long each append took until its entry was known as durable, in nanoseconds.
    var samples: [UInt64] = []
    var nanoseconds: UInt64 = 0
    var processorNanoseconds: UInt64 = 0
    var syncs = 0

    /// Adds what was seen at another time.
    mutating func add(_ other: Outcome) {
      self.samples += other.samples
      self.nanoseconds += other.nanoseconds
      self.processorNanoseconds += other.processorNanoseconds
      self.syncs += other.syncs
    }
  }

  private struct Reported: Sendable {
    var next: UInt64
    var failure: StorageError?
  }

  /// Whether old entries are let go of while others are written.
  enum Purging {
    case behind
    case never
  }

  /// How many bytes of entries stay in the log; what is before them is purged now and then.
  private static let keptBytes = 64 << 20
  private static let leader = LeaderID(term: 1, node: 1)

  private let log: any LogStore
  private let syncCount: @Sendable () -> Int
  private let count: Int
  private let payload: [UInt8]
  /// After how many entries as many are purged; `nil` for never.
  private let purgeInterval: UInt64?
  private let reported: Guarded<Reported>
  private let signal = Signal()

  init(
    _ options: LogOptions, log: any LogStore, from first: LogIndex, purging: Purging = .behind,
    countingSyncs syncCount: @escaping @Sendable () -> Int
  ) {
    self.log = log
    self.syncCount = syncCount
    self.count = options.writers
    self.payload = [UInt8](repeating: UInt8(ascii: "x"), count: options.entryBytes)
    self.purgeInterval =
      purging == .never ? nil : UInt64(max(1, Self.keptBytes / max(64, options.entryBytes)))
    self.reported = Guarded(Reported(next: first.rawValue))
  }

  /// Writes for so many nanoseconds or so many entries, and until the last one is durable.
  func write(for nanoseconds: UInt64, atMost limit: Int = .max) throws(StorageError) -> Outcome {
    var outcome = Outcome()
    let before = ProcessFigures()
    let syncs = self.syncCount()
    let (sum, isEndless) = before.time.addingReportingOverflow(nanoseconds)
    let end = isEndless ? UInt64.max : sum
    var starts = [UInt64](repeating: 0, count: self.count)
    let first = self.reported.withLock { $0.next }
    var done = first
    var next = first
    let last = limit == .max ? UInt64.max : first + UInt64(limit)
    while next < min(last, first + UInt64(self.count)) { self.append(&next, &starts) }
    while done < next {
      self.signal.wait()
      let (reached, failure) = self.reported.withLock { ($0.next, $0.failure) }
      if let failure { throw failure }
      let now = ProcessFigures.monotonic()
      while done < reached {
        outcome.samples.append(now - starts[Int(done % UInt64(self.count))])
        done += 1
        if now < end, next < last { self.append(&next, &starts) }
      }
    }
    let after = ProcessFigures()
    outcome.nanoseconds = after.time - before.time
    outcome.processorNanoseconds = after.processorTime - before.processorTime
    outcome.syncs = self.syncCount() - syncs
    return outcome
  }

  private func append(_ next: inout UInt64, _ starts: inout [UInt64]) {
    let run = EntryRun(
      leader: Self.leader, first: LogIndex(next), count: 1, byteCount: self.payload.count,
      kind: .command, timestamp: .epoch)
    let slice = EntrySlice(
      EntryChunk(run: run, bytes: self.payload, ends: [UInt32(self.payload.count)]))
    let io = IOID(sequence: next + 1, vote: .initial, logID: run.lastLogID)
    starts[Int(next % UInt64(self.count))] = ProcessFigures.monotonic()
    let (reported, signal) = (self.reported, self.signal)
    let completion = IOCompletion(io: io) { io, failure in
      reported.withLock { reported in
        reported.next = max(reported.next, io.sequence)
        reported.failure = reported.failure ?? failure
      }
      signal.raise()
    }
    if self.log.append(slice, completion: completion) == .flushed { completion.flushed() }
    next += 1
    if let interval = self.purgeInterval, next % interval == 0, next >= 2 * interval {
      self.log.purge(through: LogID(leader: Self.leader, index: LogIndex(next - interval - 1)))
    }
  }
}

/// A counter on which one thread sleeps.
final class Signal: @unchecked Sendable {
  private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  init() {
    sem_init(self.semaphore, 0, 0)
  }

  deinit {
    sem_destroy(self.semaphore)
    self.semaphore.deallocate()
  }

  func raise() { sem_post(self.semaphore) }

  func wait() {
    while sem_wait(self.semaphore) != 0 {}
  }
}
