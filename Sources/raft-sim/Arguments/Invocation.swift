import RaftCommandLine
import RaftSimulator

/// What the command line asks for.
enum Invocation: Equatable {
  case help
  case run(RunOptions)
  case replay(ReplayOptions)
  /// Show what nodes recorded.
  case replayRecordings(RecordingOptions)
  case shrink(Scenario)
  case soak(SoakOptions)
  /// Runs for another process of this program, which adds up what they met.
  case work(RunOptions)
  case transcripts(TranscriptVerb)
  case failover(FailoverVerb)

  /// Reads the words behind the program's name.
  init(_ words: [String]) throws(UsageError) {
    guard let verb = words.first, !words.contains(where: { $0 == "--help" || $0 == "-h" }),
      verb != "help"
    else {
      self = .help
      return
    }
    let rest = words.dropFirst()
    switch verb {
    case "run": self = .run(try RunOptions(rest))
    case "replay" where RecordingOptions.isMeant(by: rest):
      self = .replayRecordings(try RecordingOptions(rest))
    case "replay": self = .replay(try ReplayOptions(rest))
    case "shrink":
      self = .shrink(
        try Scenario(Arguments(rest, options: Scenario.options, flags: Scenario.flags)))
    case "soak": self = .soak(try SoakOptions(rest))
    case "failover": self = .failover(try FailoverVerb(rest))
    case "transcript": self = .transcripts(try TranscriptVerb(rest))
    case "work": self = .work(try RunOptions(rest))
    default:
      throw UsageError(
        "unknown verb '\(verb)': it must be run, replay, shrink, soak, failover or transcript")
    }
  }
}

/// What `raft-sim run` is to do.
struct RunOptions: Equatable {
  /// How results are written.
  enum Format: String, CaseIterable {
    case text
    case json
  }

  var seeds: ClosedRange<UInt64> = 1...100
  /// What every run has in common; the seed is the first of the seeds.
  var scenario = Scenario(seed: 1)
  var jobs = 1
  var format = Format.text

  init() {}

  init(_ rest: some Sequence<String>) throws(UsageError) {
    let words = try Arguments(
      rest, options: ["seeds", "jobs", "format"] + Scenario.options, flags: Scenario.flags)
    if let operand = words.operands.first {
      throw UsageError("run takes no word '\(operand)'; seeds are named by --seeds FIRST..LAST")
    }
    if let text = words.value("seeds") { self.seeds = try Self.seeds(text) }
    self.scenario = try Scenario(seed: self.seeds.lowerBound, words)
    self.jobs = try words.number("jobs", in: 1...256) ?? 1
    self.format = try words.choice("format") ?? .text
  }

  /// Reads `7`, or `1..2000`, both ends included.
  static func seeds(_ text: String) throws(UsageError) -> ClosedRange<UInt64> {
    let ends = text.split(separator: ".", omittingEmptySubsequences: true).map { UInt64($0) }
    let isRange = text.contains("..") && !text.contains("...")
    if isRange, ends.count == 2, let first = ends[0], let last = ends[1], first <= last {
      return first...last
    }
    if let seed = UInt64(text) { return seed...seed }
    throw UsageError("--seeds must be one seed or FIRST..LAST, as in 1..2000, not '\(text)'")
  }
}

/// What `raft-sim replay` is to show.
struct ReplayOptions: Equatable {
  var scenario: Scenario
  /// The steps to print; the run itself always begins at its beginning.
  var shown: ClosedRange<Int>
  var format = RunOptions.Format.text
  /// Where to write the run as a web page, if it is wanted.
  var page: String?
  /// Where to write the trace in the place of standard output.
  var trace: String?

  init(_ rest: some Sequence<String>) throws(UsageError) {
    let words = try Arguments(
      rest, options: ["from", "to", "html", "trace", "format"] + Scenario.options,
      flags: Scenario.flags)
    self.page = words.value("html")
    self.trace = words.value("trace")
    self.format = try words.choice("format") ?? .text
    if self.page != nil, self.trace != nil {
      throw UsageError("--html and --trace are two replays: ask for one after the other")
    }
    self.scenario = try Scenario(words)
    let from = try words.number("from", in: 0...Int.max) ?? 0
    let to = try words.number("to", in: 0...Int.max) ?? Int.max
    guard from <= to else { throw UsageError("--from \(from) lies behind --to \(to)") }
    self.shown = from...to
  }
}

/// What `raft-sim soak` is to do.
struct SoakOptions: Equatable {
  var minutes = 60
  /// The first seed; `nil` for one that the clock gives.
  var first: UInt64?
  var steps: Int?
  var jobs = 1

  init(_ rest: some Sequence<String>) throws(UsageError) {
    let words = try Arguments(rest, options: ["minutes", "first", "steps", "jobs"])
    if let operand = words.operands.first {
      throw UsageError("soak takes no word '\(operand)'; its first seed is named by --first SEED")
    }
    if let text = words.value("first") {
      guard let seed = UInt64(text), seed <= .max / 2 else {
        throw UsageError("--first must be a seed to go on from, not '\(text)'")
      }
      self.first = seed
    }
    self.minutes = try words.number("minutes", in: 1...1_000_000) ?? 60
    self.steps = try words.number("steps", in: 1...1_000_000_000)
    self.jobs = try words.number("jobs", in: 1...256) ?? 1
  }
}
