public import Testing

/// Suites of servers and clients that live by the clock begin when the crowd of tests that all
/// start together has left them room, or after some minutes.
///
/// Swift's own pool has a thread a core, and takes turns: while hundreds of tests want it, an answer
/// that needs ten turns may take a minute.
public struct RealTime: SuiteTrait, TestScoping {
  /// How long a turn takes at most where there is room.
  private static let turnMax: Duration = .milliseconds(20)
  private static let waitMax: Duration = .seconds(120).patient

  /// Waits for room, then runs the suite.
  public func provideScope(
    for test: Test, testCase: Test.Case?,
    performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    await Self.room()
    try await function()
  }

  /// Waits until several turns in a row were short.
  private static func room() async {
    let clock = ContinuousClock()
    let end = clock.now.advanced(by: Self.waitMax)
    var shortTurns = 0
    while shortTurns < 5, clock.now < end {
      let start = clock.now
      await Task { await Task.yield() }.value
      shortTurns = clock.now - start < Self.turnMax ? shortTurns + 1 : 0
      try? await clock.sleep(for: .milliseconds(100))
    }
  }
}

extension Trait where Self == RealTime {
  /// The suite's servers and clients live by the clock.
  public static var realTime: Self { .init() }
}
