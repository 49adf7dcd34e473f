import RaftCommandLine
import RaftSimulator
import Testing

@testable import raft_sim

@Suite("The words of raft-sim")
struct InvocationTests {
  private static func words(_ line: String) -> [String] {
    line.split(separator: " ").map(String.init)
  }

  @Test(
    "What cannot be understood is answered by a sentence",
    arguments: [
      ("walk", "unknown verb 'walk': it must be run, replay, shrink, soak, failover or transcript"),
      ("run 7", "run takes no word '7'; seeds are named by --seeds FIRST..LAST"),
      ("run --seeds", "--seeds needs a value"),
      ("run --seeds 9..3", "--seeds must be one seed or FIRST..LAST, as in 1..2000, not '9..3'"),
      ("run --seeds 1...3", "--seeds must be one seed or FIRST..LAST, as in 1..2000, not '1...3'"),
      ("run --jobs 0", "--jobs must be a number from 1 to 256, not '0'"),
      ("run --jobs 2 --jobs 2", "--jobs is given twice"),
      ("run --format xml", "--format must be text or json, not 'xml'"),
      (
        "run --node --engine",
        "a run is one of engines, --engine, or one of nodes, --node, not both"
      ),
      ("run --node=yes", "--node takes no value"),
      ("run --node --node", "--node is given twice"),
      ("run --nodes 10", "--nodes must be a number from 1 to 9, not '10'"),
      ("run --steps 0", "--steps must be a number from 1 to 1000000000, not '0'"),
      ("replay", "which seed? It is missing"),
      ("shrink x", "a seed is a number, not 'x'"),
      ("replay 1 2", "'2' is one word too many: one seed at a time"),
      ("replay 1 --from 5 --to 4", "--from 5 lies behind --to 4"),
      ("replay 1 --from -1", "--from must be a number from 0 upwards, not '-1'"),
      (
        "replay 1 --html a --trace b",
        "--html and --trace are two replays: ask for one after the other"
      ),
      (
        "replay 1 --only-faults 3,x",
        "--only-faults must be numbers in order, as in 3,7-12, or none, not '3,x'"
      ),
      (
        "replay 1 --only-calls 3 --without-calls 4", "--only-calls already leaves all others out"
      ),
      ("soak 7", "soak takes no word '7'; its first seed is named by --first SEED"),
      ("soak --first -7", "--first must be a seed to go on from, not '-7'"),
    ])
  func refusals(line: String, problem: String) {
    #expect(throws: UsageError(problem)) { try Invocation(Self.words(line)) }
  }

  @Test("An unknown option is answered by those that there are")
  func unknownOption() throws {
    let error = #expect(throws: UsageError.self) { try Invocation(["soak", "--hours", "1"]) }
    #expect(
      error?.problem
        == "unknown option --hours; this verb knows --minutes, --first, --steps, --jobs")
    #expect(error?.text(of: "raft-sim").hasSuffix("\nTry 'raft-sim --help'.") == true)
  }

  @Test("An unknown profile is answered by those that there are")
  func unknownProfile() throws {
    let error = #expect(throws: UsageError.self) { try Invocation(["run", "--profile", "rain"]) }
    #expect(error?.problem.hasPrefix("there is no profile 'rain'; there are chaos, calm,") == true)
  }

  @Test("Help is given for the asking", arguments: ["", "help", "run --help", "replay -h"])
  func help(line: String) throws {
    #expect(try Invocation(Self.words(line)) == .help)
  }

  @Test("A run of nodes knows all options that one of engines knows")
  func run() throws {
    var scenario = Scenario(seed: 5, of: .nodes, profile: .disks, steps: 700, nodeCount: 3)
    scenario.faults = .without(NumberSet([4]))
    let line =
      "run --node --seeds 5..9 --profile disks --steps=700 --nodes 3 --jobs 4 --format json "
      + "--without-faults 4"
    guard case .run(let options) = try Invocation(Self.words(line)) else {
      Issue.record("no run")
      return
    }
    #expect(options.scenario == scenario)
    #expect(options.seeds == 5...9 && options.jobs == 4 && options.format == .json)
  }

  @Test("The words with which a violation is replayed name its scenario")
  func replay() throws {
    var scenario = Scenario(seed: 77, of: .nodes, profile: .pauses, steps: 9, nodeCount: 4)
    scenario.faults = .only(NumberSet([]))
    scenario.ambushes = .without(NumberSet([2]))
    scenario.requests = .only(NumberSet([1, 2, 3, 9]))
    guard
      case .replay(let options) = try Invocation(["replay"] + Self.words(scenario.arguments))
    else {
      Issue.record("no replay")
      return
    }
    #expect(options.scenario == scenario && options.shown == 0...Int.max)
  }
}
