import Counter
import RaftStoreTesting
import Testing

@Suite("The counter keeps the contract of state machines")
struct CounterTests {
  private static let suite = StateMachineSuite(
    makingMachine: { Counter() },
    makingCommand: { number in number % 10 == 4 ? .reset : .add(Int64(number) - 3) },
    observing: { $0.value })

  @Test("It keeps the rule", arguments: Self.suite.cases)
  func conforms(_ rule: StateMachineCase) async throws {
    try await rule.run()
  }
}
