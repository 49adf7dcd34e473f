internal import Raft

/// One rule of the stores' contract, with what it takes to see whether a store keeps it.
///
/// A case depends on no test framework. With swift-testing:
///
/// ```swift
/// @Test(arguments: StoreTestSuite.cases(for: MyStores()))
/// func conforms(_ rule: StoreCase) async throws {
///   try await rule.run(against: MyStores())
/// }
/// ```
public struct StoreCase: Sendable, Identifiable {
  /// The rule, as a sentence without its full stop; unique among all cases.
  public let name: String
  /// What the contract says about it.
  public let contract: String
  /// How long a store must keep its data for the case to mean anything.
  public let retention: StoreRetention
  /// What the case does to the stores beside using them.
  public let trial: StoreTrial

  private let body: @Sendable (StoreBench) async throws -> Void

  /// The name.
  public var id: String { self.name }

  init(
    _ name: String, contract: String, retention: StoreRetention = .untilClosed,
    trial: StoreTrial = .use, body: @escaping @Sendable (StoreBench) async throws -> Void
  ) {
    self.name = name
    self.contract = contract
    self.retention = retention
    self.trial = trial
    self.body = body
  }

  /// Examines stores that this factory makes, in a place of their own.
  ///
  /// `limit` bounds each wait for a store to report that a write is durable; with `nil`, the case
  /// waits for as long as it takes and looks at no clock.
  ///
  /// - Throws: ``StoreFinding`` if the stores, or the factory, do not do what they should.
  public func run(
    against factory: some StoreFactory, waitingAtMost limit: Duration? = .seconds(10)
  ) async throws(StoreFinding) {
    do {
      try self.requireSuited(factory)
      let place = try await factory.makePlace()
      let outcome = await self.examine(place, of: factory, waitingAtMost: limit)
      do {
        try await factory.removePlace(place)
      } catch {
        // What the case found says more.
        try outcome.get()
        throw error
      }
      try outcome.get()
    } catch {
      throw StoreFinding(
        caseName: self.name, contract: self.contract, deviation: Deviation(error))
    }
  }

  /// Whether stores of this factory can be held to the rule.
  func suits(_ factory: some StoreFactory) -> Bool {
    (self.retention == .untilClosed || factory.retention == .acrossReopening)
      && self.trial.suits(factory)
  }

  private func requireSuited(_ factory: some StoreFactory) throws(Deviation) {
    guard !self.suits(factory) else { return }
    let (expected, found) =
      switch self.trial {
      case .powerCut: ("a CrashingStoreFactory", "a factory that cannot cut the power")
      case .failure: ("a FailingStoreFactory", "a factory that cannot let a device fail")
      case .damage: ("a DamagingStoreFactory", "a factory that cannot damage its stores' data")
      case .use:
        ("stores that can be opened again", "a factory whose stores keep nothing once closed")
      }
    throw Deviation(
      expected: expected + ": take StoreTestSuite.cases(for:) to leave the cases out that these"
        + " stores are not made for", found: found)
  }

  private func examine<Factory: StoreFactory>(
    _ place: Factory.Place, of factory: Factory, waitingAtMost limit: Duration?
  ) async -> Result<Void, any Error> {
    do {
      let bench = try await StoreBench(
        waitingAtMost: limit, device: StoreDevice(of: place, made: factory),
        opening: { try await factory.openStores(at: place) },
        askingAnother: {
          let other = try await factory.makePlace()
          let log = try await factory.openStores(at: other).log
          let stored = try await log.load()
          await log.close()
          try await factory.removePlace(other)
          return stored
        })
      do {
        try await self.body(bench)
        await bench.close()
        return .success(())
      } catch {
        await bench.close()
        return .failure(error)
      }
    } catch {
      return .failure(error)
    }
  }
}

extension StoreCase: CustomStringConvertible {
  /// The name.
  public var description: String { self.name }
}
