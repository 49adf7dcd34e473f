import Raft
import RaftConcurrency
import RaftMemoryStore
import RaftStoreTesting

/// Naive stores over disks that outlive them, perhaps with a fault.
struct NaiveStores: StoreFactory {
  struct Place: Sendable {
    let log: Guarded<NaiveLogDisk>
    let snapshots: Guarded<NaiveSnapshotDisk>
  }

  var logFault: LogFault?
  var snapshotFault: SnapshotFault?
  let retention = StoreRetention.acrossReopening

  func makePlace() -> Place {
    Place(
      log: Guarded(NaiveLogDisk(fault: self.logFault)),
      snapshots: Guarded(NaiveSnapshotDisk(fault: self.snapshotFault)))
  }

  func openStores(at place: Place) -> StorePair {
    StorePair(log: NaiveLogStore(place.log), snapshots: NaiveSnapshotStore(place.snapshots))
  }

  func removePlace(_ place: Place) {}

  /// What the case with this name finds in these stores; `nil` if they keep the rule.
  func finding(of name: String) async -> StoreFinding? {
    guard let rule = StoreTestSuite.cases.first(where: { $0.name == name }) else { return nil }
    do {
      try await rule.run(against: self, waitingAtMost: .milliseconds(20))
      return nil
    } catch {
      return error
    }
  }
}
