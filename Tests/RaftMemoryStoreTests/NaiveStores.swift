import Raft
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

  /// The names of the cases that find something in these stores.
  func findings(in cases: [StoreCase]) async -> Set<String> {
    var names: Set<String> = []
    for rule in cases {
      do {
        try await rule.run(against: self, waitingAtMost: .milliseconds(20))
      } catch {
        names.insert(error.caseName)
      }
    }
    return names
  }
}
