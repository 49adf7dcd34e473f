/// Every rule that a node's stores must keep.
///
/// The suites use the stores in the way a node does: one write after the other, through the
/// public protocols alone. Each case runs against fresh stores.
public enum StoreTestSuite {
  /// All cases, for stores that can be opened again after they were closed.
  public static let cases: [StoreCase] =
    LogStoreSuite.cases + SnapshotStoreSuite.cases + ReopenedStoreSuite.cases
    + RecoverySuite.cases

  /// The cases that stores of this factory can be held to.
  public static func cases(for factory: some StoreFactory) -> [StoreCase] {
    switch factory.retention {
    case .acrossReopening: self.cases
    case .untilClosed: self.cases.filter { $0.retention == .untilClosed }
    }
  }
}
