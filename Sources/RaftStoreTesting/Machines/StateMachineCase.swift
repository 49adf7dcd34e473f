/// One rule for state machines, with what it takes to see whether a machine keeps it.
///
/// Made by a ``StateMachineSuite``; depends on no test framework.
public struct StateMachineCase: Sendable, Identifiable {
  /// The rule, as a sentence without its full stop; unique within its suite.
  public let name: String
  /// What the contract says about it.
  public let contract: String

  private let body: @Sendable () async throws -> Void

  /// The name.
  public var id: String { self.name }

  init(
    _ name: String, contract: String, body: @escaping @Sendable () async throws -> Void
  ) {
    self.name = name
    self.contract = contract
    self.body = body
  }

  /// Examines machines that the suite makes.
  ///
  /// - Throws: ``StoreFinding`` if they do not do what they should.
  public func run() async throws(StoreFinding) {
    do {
      try await self.body()
    } catch {
      throw StoreFinding(
        caseName: self.name, contract: self.contract, deviation: Deviation(error))
    }
  }
}

extension StateMachineCase: CustomStringConvertible {
  /// The name.
  public var description: String { self.name }
}
