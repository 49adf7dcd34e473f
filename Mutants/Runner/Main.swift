import Glibc
import RaftEngine
import RaftSimulator

/// Runs seeds with one mutant switched on, up to the first that finds it, and says what did.
///
/// A seed in which the unchanged engine is found guilty too proves nothing: it is named, and the
/// next one runs.
///
/// Words: the mutant's number, the first seed, how many seeds, the steps of a run, `on` or `off`
/// for the engine's preconditions, and how many seconds of work a run may take.
@main
enum Main {
  static func main() {
    let words = CommandLine.arguments.dropFirst().map { $0 }
    guard words.count == 6, let mutant = Int(words[0]), let first = UInt64(words[1]),
      let count = UInt64(words[2]), let steps = Int(words[3]), let seconds = Int(words[5])
    else { exit(64) }
    Mutation.hasPreconditions = words[4] == "on"
    // A mutant that collects without end must not take the machine with it.
    var memory = rlimit(rlim_cur: 4 << 30, rlim_max: 4 << 30)
    setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &memory)
    for seed in first..<(first + count) {
      print("seed \(seed)")
      fflush(nil)
      let scenario = Scenario(seed: seed, steps: steps)
      guard let violation = Self.violation(of: scenario, mutant, seconds) else { continue }
      if mutant > 0, let unchanged = Self.violation(of: scenario, 0, seconds) {
        print("guilty \(unchanged.property.rawValue)")
        continue
      }
      print("found \(violation.property.rawValue)")
      print(violation.evidence)
      exit(1)
    }
  }

  private static func violation(of scenario: Scenario, _ mutant: Int, _ seconds: Int) -> Violation?
  {
    Mutation.active = mutant
    // The signal ends the process: the run goes on without end.
    var limit = itimerval()
    limit.it_value.tv_sec = seconds
    setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &limit, nil)
    return Simulation(scenario).run().violation
  }
}
