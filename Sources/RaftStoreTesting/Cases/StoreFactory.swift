public import Raft

/// The two stores of one node.
public struct StorePair: Sendable {
  /// Where the node keeps its log and its vote.
  public let log: any LogStore
  /// Where the node keeps its snapshots.
  public let snapshots: any SnapshotStore

  /// The two stores of one node.
  public init(log: any LogStore, snapshots: any SnapshotStore) {
    self.log = log
    self.snapshots = snapshots
  }
}

/// How long a store keeps what it was given.
public enum StoreRetention: Hashable, Sendable {
  /// Until it is closed.
  case untilClosed
  /// Opened again after it was closed, it holds all that it held.
  case acrossReopening
}

/// Makes the stores that the suites examine.
///
/// Each case gets a place of its own, opens stores there, uses and closes them, perhaps several
/// times, and then has the place removed. Cases may run at the same time.
///
/// Conform to ``CrashingStoreFactory``, ``FailingStoreFactory`` or ``DamagingStoreFactory`` as well,
/// if the power can be cut, the device be made to fail, or its bytes be changed; then more cases run.
///
/// For stores in memory the objects themselves are the place:
///
/// ```swift
/// struct MemoryStores: StoreFactory {
///   let retention = StoreRetention.acrossReopening
///
///   func makePlace() -> StorePair {
///     StorePair(log: MemoryLogStore(), snapshots: MemorySnapshotStore())
///   }
///
///   func openStores(at place: StorePair) -> StorePair { place }
///
///   func removePlace(_ place: StorePair) {}
/// }
/// ```
public protocol StoreFactory: Sendable {
  /// Where one case's stores keep their data, such as the path of a directory.
  associatedtype Place: Sendable

  /// How long the stores keep what they were given.
  var retention: StoreRetention { get }

  /// Makes a place that holds nothing yet.
  func makePlace() async throws -> Place

  /// Opens the stores at the place, with all that earlier ones left there.
  ///
  /// Called once for a fresh place, and again whenever a case has closed the stores. The log
  /// store must not be loaded yet.
  func openStores(at place: Place) async throws -> StorePair

  /// Removes the place with everything in it; its stores are closed.
  func removePlace(_ place: Place) async throws
}
