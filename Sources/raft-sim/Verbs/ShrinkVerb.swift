import RaftCommandLine
import RaftSimulator

/// Looks for a smaller run that breaks the same property.
struct ShrinkVerb {
  private let scenario: Scenario

  init(_ scenario: Scenario) {
    self.scenario = scenario
  }

  func run() -> Int32 {
    guard let violation = self.scenario.run().violation else {
      Output.complain("seed \(self.scenario.seed) breaks nothing: there is nothing to shrink\n")
      return 0
    }
    let smallest = Shrinking(violation).smallest { attempt in
      Output.complain("\(attempt.scenario.arguments): step \(attempt.step)\n")
    }
    Output.write("\(smallest)\n")
    return 1
  }
}
