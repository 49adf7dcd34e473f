/// Every rule that a node's stores must keep.
///
/// The suites use the stores in the way a node does: one write after the other, through the
/// public protocols alone. Each case runs against fresh stores.
public enum StoreTestSuite {
  /// All cases for stores that can be opened again after they were closed, whatever else can be
  /// done to them.
  public static let cases: [StoreCase] =
    LogStoreSuite.cases + SnapshotStoreSuite.cases + ReopenedStoreSuite.cases
    + RecoverySuite.cases

  /// The cases that cut the power, let devices fail, or damage what they hold.
  public static let trials: [StoreCase] =
    PowerCutSuite.cases + FailureSuite.cases + DamageSuite.cases

  /// All cases that stores of this factory can be held to.
  public static func cases(for factory: some StoreFactory) -> [StoreCase] {
    (self.cases + self.trials).filter { $0.suits(factory) }
  }
}
