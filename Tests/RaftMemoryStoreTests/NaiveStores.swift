import Raft
import RaftConcurrency
import RaftMemoryStore
import RaftStoreTesting

/// Naive stores over disks that outlive them, perhaps with a fault.
struct NaiveStores: CrashingStoreFactory, FailingStoreFactory, DamagingStoreFactory {
  struct Place: Sendable {
    let log: Guarded<NaiveLogDisk>
    let power: Guarded<NaivePower>
    let snapshots: Guarded<NaiveSnapshotDisk>
  }

  var logFault: LogFault?
  var snapshotFault: SnapshotFault?
  let retention = StoreRetention.acrossReopening

  func makePlace() -> Place {
    self.place(
      NaiveLogDisk(fault: self.logFault), NaiveSnapshotDisk(fault: self.snapshotFault))
  }

  private func place(_ log: NaiveLogDisk, _ snapshots: NaiveSnapshotDisk) -> Place {
    Place(log: Guarded(log), power: Guarded(NaivePower(log)), snapshots: Guarded(snapshots))
  }

  func openStores(at place: Place) -> StorePair {
    StorePair(
      log: NaiveLogStore(place.log, place.power), snapshots: NaiveSnapshotStore(place.snapshots))
  }

  func remains(of place: Place, seed: UInt64) -> Place {
    self.place(place.power.withLock { $0.remains() }, place.snapshots.withLock { $0.remains() })
  }

  func breakDevice(of place: Place) {
    place.power.withLock { $0.isBroken = true }
    place.snapshots.withLock { $0.isBroken = true }
  }

  func repairDevice(of place: Place) {
    place.power.withLock { $0.isBroken = false }
    place.snapshots.withLock { $0.isBroken = false }
  }

  /// One byte for each entry, and one for all snapshots.
  func byteCount(of medium: StoreMedium, at place: Place) -> Int {
    medium == .log ? place.log.withLock { $0.entries.count } : 1
  }

  func copy(of place: Place, damaging medium: StoreMedium, at offset: Int) -> Place {
    var log = place.log.withLock { $0 }
    var snapshots = place.snapshots.withLock { $0 }
    switch medium {
    case .log: log.damage = LogIndex(UInt64(offset))
    case .snapshots: snapshots.isDamaged = true
    }
    return self.place(log, snapshots)
  }

  func removePlace(_ place: Place) {}

  /// What the case with this name finds in these stores; `nil` if they keep the rule.
  func finding(of name: String) async -> StoreFinding? {
    guard let rule = StoreTestSuite.cases(for: self).first(where: { $0.name == name }) else {
      return nil
    }
    do {
      try await rule.run(against: self, waitingAtMost: .milliseconds(20))
      return nil
    } catch {
      return error
    }
  }
}
