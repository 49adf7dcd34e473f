internal import Raft

/// One rule of the stores' contract, with what it takes to see whether a store keeps it.
///
/// A case depends on no test framework. With swift-testing:
///
/// ```swift
/// @Test(arguments: StoreTestSuite.cases)
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

  private let body: @Sendable (StoreBench) async throws -> Void

  /// The name.
  public var id: String { self.name }

  init(
    _ name: String, contract: String, retention: StoreRetention = .untilClosed,
    body: @escaping @Sendable (StoreBench) async throws -> Void
  ) {
    self.name = name
    self.contract = contract
    self.retention = retention
    self.body = body
  }

  /// Examines stores that this factory makes, in a place of their own.
  ///
  /// `limit` bounds each wait for a store to report that a write is durable.
  ///
  /// - Throws: ``StoreFinding`` if the stores, or the factory, do not do what they should.
  public func run(
    against factory: some StoreFactory, waitingAtMost limit: Duration = .seconds(10)
  ) async throws(StoreFinding) {
    do {
      guard self.retention == .untilClosed || factory.retention == .acrossReopening else {
        throw Deviation(
          expected: "stores that can be opened again: take StoreTestSuite.cases(for:) to leave"
            + " the cases out that these stores are not made for",
          found: "a factory whose stores keep nothing once they are closed")
      }
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

  private func examine<Factory: StoreFactory>(
    _ place: Factory.Place, of factory: Factory, waitingAtMost limit: Duration
  ) async -> Result<Void, any Error> {
    do {
      let bench = try await StoreBench(
        waitingAtMost: limit,
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
