import RaftCommandLine
import RaftSimulator

/// Runs seeds for another process of this program, and tells of each in one line.
struct WorkVerb {
  private let options: RunOptions

  init(_ options: RunOptions) {
    self.options = options
  }

  func run() {
    _ = Runner(self.options.scenario, seeds: self.options.seeds, jobs: 1) { report in
      Output.write(ReportLine.of(report) + "\n")
      return true
    }.run()
  }
}
