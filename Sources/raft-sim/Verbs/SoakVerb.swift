import Glibc
import RaftCommandLine
import RaftSimulator

/// Runs new seeds for a long time: engines and nodes, all profiles in turn.
struct SoakVerb {
  private let options: SoakOptions
  /// How many seeds one profile runs before the next one has its turn.
  private static let seedsEach: UInt64 = 50

  init(_ options: SoakOptions) {
    self.options = options
  }

  /// Ends with the first violation, or when the time is over.
  func run() -> Int32 {
    let start = ContinuousClock.now
    let end = start + .seconds(60 * self.options.minutes)
    // Seeds that nobody has run before: the seconds of the clock, a thousand for each.
    var first = self.options.first ?? UInt64(time(nil)) * 1000
    let begin = first
    Output.write("soaking for \(self.options.minutes) minutes from seed \(begin) on\n")
    while ContinuousClock.now < end {
      let seeds = first...(first + Self.seedsEach - 1)
      for subject in Scenario.Subject.allCases {
        for profile in Profile.all {
          guard ContinuousClock.now < end else { return self.finish(begin, upTo: first) }
          var scenario = Scenario(seed: first, of: subject, profile: profile)
          scenario.steps = self.options.steps ?? scenario.steps
          if let status = self.soak(scenario, seeds) { return status }
        }
      }
      first += Self.seedsEach
    }
    return self.finish(begin, upTo: first)
  }

  /// The time is over; seeds whose turn was not complete come again.
  private func finish(_ begin: UInt64, upTo next: UInt64) -> Int32 {
    let steps = self.options.steps.map { " --steps \($0)" } ?? ""
    let seeds = begin < next ? "seeds \(begin)..\(next - 1)" : "less than one turn of all profiles"
    Output.write(
      """
      nothing was found with \(seeds)
      go on: raft-sim soak --minutes \(self.options.minutes) --first \(next)\(steps)

      """)
    return 0
  }

  /// Runs one profile's turn; returns the exit status if this is the end.
  private func soak(_ scenario: Scenario, _ seeds: ClosedRange<UInt64>) -> Int32? {
    var tally = Tally(scenario)
    var found: Violation?
    let trouble = Runner(scenario, seeds: seeds, jobs: self.options.jobs) { report in
      tally.add(report)
      found = found ?? report.violation
      return found == nil
    }.run()
    if let trouble {
      Output.complain("raft-sim: \(trouble); try fewer --jobs\n")
      return 1
    }
    if let found {
      Output.complain("\(found)\n")
      return 1
    }
    Output.write(
      """
      \(scenario.subject.rawValue) \(scenario.profile.name): seeds \(seeds.lowerBound)..\
      \(seeds.upperBound), \(tally.speed) steps/s

      """)
    return nil
  }
}
