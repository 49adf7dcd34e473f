import RaftCommandLine
import RaftSimulator

/// Runs many seeds and says what they met.
struct RunVerb {
  private let options: RunOptions
  /// After how many violations there is enough to look at.
  private static let violationsMax = 10

  init(_ options: RunOptions) {
    self.options = options
  }

  func run() -> Int32 {
    var tally = Tally(self.options.scenario)
    let (gaps, isTooMany) = (self.options.seeds.upperBound - self.options.seeds.lowerBound)
      .addingReportingOverflow(1)
    let count = isTooMany ? UInt64.max : gaps
    let progress = ProgressLine(interval: .seconds(10))
    let runner = Runner(
      self.options.scenario, seeds: self.options.seeds, jobs: self.options.jobs
    ) { report in
      tally.add(report)
      if self.options.format == .json { Output.write(report.json + "\n") }
      if let violation = report.violation {
        progress.clear()
        Output.complain("\(violation)\n")
      }
      progress.show("\(tally.runCount) of \(count) runs, \(tally.speed) steps/s")
      return tally.violationCount < Self.violationsMax
    }
    let trouble = runner.run()
    progress.clear()
    if let trouble {
      Output.complain("raft-sim: \(trouble); try fewer --jobs\n")
      return 1
    }
    return self.finish(tally)
  }

  /// Says what all runs met together; returns the exit status.
  private func finish(_ tally: Tally) -> Int32 {
    switch self.options.format {
    case .json: Output.write(tally.json + "\n")
    case .text: Output.write(tally.table)
    }
    let shortfalls = tally.shortfalls
    for shortfall in shortfalls { Output.complain("not met often enough: \(shortfall)\n") }
    if tally.violationCount > 0 {
      Output.complain("\(tally.violationCount) of \(tally.runCount) runs broke a property\n")
    }
    return tally.violationCount == 0 && shortfalls.isEmpty ? 0 : 1
  }
}
