import RaftStoreTesting
import Testing

@Suite("The suite for state machines finds what is wrong with one")
struct StateMachineTests {
  static func suite(_ fault: MachineFault?) -> StateMachineSuite<SumMachine, [UInt8]> {
    StateMachineSuite(
      makingMachine: { SumMachine(fault: fault) },
      makingCommand: { number in [UInt8(number), UInt8(number % 7)] },
      observing: { $0.commands })
  }

  private static func findings(_ fault: MachineFault) async -> Set<String> {
    var names: Set<String> = []
    for rule in self.suite(fault).cases {
      do {
        try await rule.run()
      } catch {
        names.insert(error.caseName)
      }
    }
    return names
  }

  @Test("A machine without a fault keeps the rule", arguments: Self.suite(nil).cases)
  func conforms(_ rule: StateMachineCase) async throws {
    try await rule.run()
  }

  @Test("The fault of a machine is found", arguments: MachineFault.allCases)
  func findsFault(_ fault: MachineFault) async {
    let names = await Self.findings(fault)
    #expect(names.contains(fault.finder), "found only by \(names.sorted())")
  }

  @Test("Every case finds some fault")
  func everyCaseFinds() async {
    var names = Set(Self.suite(nil).cases.map(\.id))
    for fault in MachineFault.allCases { names.subtract(await Self.findings(fault)) }
    #expect(names.sorted() == [])
  }
}
