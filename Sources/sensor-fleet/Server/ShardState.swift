import SensorFleetModel

/// What became of readings that somebody wants to be stored.
enum IngestOutcome: Equatable, Sendable {
  /// All replicas in sync have them on their disks.
  case acknowledged(Epoch)
  /// This server does not own the shard now; nothing was stored.
  case notOwner
  /// The server stopped to own the shard meanwhile: they may be stored or not.
  case unknown
}

/// A shard as a server sees it that has a replica of it, or may get one.
struct ShardState {
  /// Readings that wait until all replicas in sync have them.
  struct Waiter {
    let sequence: UInt64
    let count: Int
    let since: Duration
    let continuation: CheckedContinuation<IngestOutcome, Never>
  }

  /// The latest epoch that was heard of, from the log or from a primary.
  var known = Epoch.zero
  /// The last record of the log.
  var last: UInt64 = 0
  /// The time as the primary, if it is that.
  var tenure: PrimaryTenure?
  /// In order of their records.
  var waiters: [Waiter] = []
  /// Behind which record each receiver gets the next ones.
  var next: [ServerID: UInt64] = [:]
  /// Since when each receiver lacks something without any progress.
  var behindSince: [ServerID: Duration] = [:]

  /// Ends the time as the primary; whoever waits must be told.
  mutating func endTenure() -> [Waiter] {
    self.tenure = nil
    self.next = [:]
    self.behindSince = [:]
    defer { self.waiters = [] }
    return self.waiters
  }

  /// Begins a time as the primary with a record.
  mutating func begin(_ tenure: PrimaryTenure) {
    self.tenure = tenure
    self.next = [:]
    self.behindSince = [:]
  }

  /// Whose readings are stored everywhere by now.
  mutating func takeAcknowledged() -> [Waiter] {
    guard let through = self.tenure?.acknowledged else { return [] }
    let count = self.waiters.prefix { $0.sequence <= through }.count
    guard count > 0 else { return [] }
    defer { self.waiters.removeFirst(count) }
    return Array(self.waiters[..<count])
  }
}
