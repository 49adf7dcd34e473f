import RaftSimulator

/// What the command line asks for.
enum Invocation: Equatable {
  case help
  case run(RunOptions)
  case replay(ReplayOptions)
  case shrink(Scenario)
  case transcripts(TranscriptVerb)
  /// Run real nodes with these seeds.
  case runNodes(ClosedRange<UInt64>)
  /// Show one run of real nodes.
  case replayNodes(seed: UInt64)

  /// Reads the words behind the program's name.
  init(_ words: [String]) throws(UsageError) {
    guard let verb = words.first, !words.contains(where: { $0 == "--help" || $0 == "-h" }),
      verb != "help"
    else {
      self = .help
      return
    }
    let rest = words.dropFirst()
    if verb == "transcript" {
      self = .transcripts(try TranscriptVerb(rest))
      return
    }
    if rest.contains("--node") {
      self = try Self.ofNodes(verb, rest.filter { $0 != "--node" })
      return
    }
    switch verb {
    case "run": self = .run(try RunOptions(rest))
    case "replay": self = .replay(try ReplayOptions(rest))
    case "shrink":
      let words = try Words(rest, options: Scenario.options)
      self = .shrink(try Scenario(words))
    default:
      throw UsageError("unknown verb '\(verb)': it must be run, replay, shrink or transcript")
    }
  }

  /// Runs of real nodes have one profile, which the seed decides.
  private static func ofNodes(
    _ verb: String, _ rest: [String]
  ) throws(UsageError) -> Invocation {
    switch verb {
    case "run":
      let words = try Words(rest, options: ["seeds"])
      if let operand = words.operands.first {
        throw UsageError("run takes no word '\(operand)'; seeds are named by --seeds FIRST..LAST")
      }
      guard let seeds = words.value("seeds") else { return .runNodes(1...100) }
      return .runNodes(try RunOptions.seeds(seeds))
    case "replay":
      return .replayNodes(seed: try Scenario(Words(rest, options: [])).seed)
    default:
      throw UsageError("--node goes with run and replay, not with '\(verb)'")
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
  /// What every run has in common; the seed is one of the seeds.
  var scenario = Scenario(seed: 0)
  var jobs = 1
  var format = Format.text

  init() {}

  init(_ rest: some Sequence<String>) throws(UsageError) {
    let words = try Words(rest, options: ["seeds", "jobs", "format"] + Scenario.options)
    if let operand = words.operands.first {
      throw UsageError("run takes no word '\(operand)'; seeds are named by --seeds FIRST..LAST")
    }
    if let text = words.value("seeds") { self.seeds = try Self.seeds(text) }
    self.scenario = try Scenario(seed: self.seeds.lowerBound, words)
    self.jobs = try words.number("jobs", in: 1...256) ?? 1
    if let text = words.value("format") {
      guard let format = Format(rawValue: text) else {
        throw UsageError("--format must be text or json, not '\(text)'")
      }
      self.format = format
    }
  }

  /// Reads `7`, or `1..2000`, both ends included.
  static func seeds(_ text: String) throws(UsageError) -> ClosedRange<UInt64> {
    let ends = text.split(separator: ".", omittingEmptySubsequences: true).map { UInt64($0) }
    let isRange = text.contains("..")
    if isRange, ends.count == 2, let first = ends[0], let last = ends[1], first <= last {
      return first...last
    }
    if !isRange, let seed = UInt64(text) { return seed...seed }
    throw UsageError("--seeds must be one seed or FIRST..LAST, as in 1..2000, not '\(text)'")
  }
}

/// What `raft-sim replay` is to show.
struct ReplayOptions: Equatable {
  var scenario: Scenario
  /// The steps to print; the run itself always begins at its beginning.
  var shown: ClosedRange<Int>
  /// Where to write the run as a web page, if it is wanted.
  var page: String?

  init(_ rest: some Sequence<String>) throws(UsageError) {
    let words = try Words(rest, options: ["from", "to", "html"] + Scenario.options)
    self.page = words.value("html")
    self.scenario = try Scenario(words)
    let from = try words.number("from", in: 0...Int.max) ?? 0
    let to = try words.number("to", in: 0...Int.max) ?? Int.max
    guard from <= to else { throw UsageError("--from \(from) lies behind --to \(to)") }
    self.shown = from...to
  }
}

extension Scenario {
  /// The options that name a scenario beside its seed.
  static let options = ["profile", "steps", "nodes"]

  /// The scenario that one operand, the seed, and the options name.
  init(_ words: Words) throws(UsageError) {
    guard let text = words.operands.first else { throw UsageError("which seed? It is missing") }
    guard words.operands.count == 1 else {
      throw UsageError("'\(words.operands[1])' is one word too many: one seed at a time")
    }
    guard let seed = UInt64(text) else { throw UsageError("a seed is a number, not '\(text)'") }
    try self.init(seed: seed, words)
  }

  init(seed: UInt64, _ words: Words) throws(UsageError) {
    self.init(seed: seed)
    if let name = words.value("profile") {
      guard let profile = Profile.named(name) else {
        let names = Profile.all.map(\.name).joined(separator: ", ")
        throw UsageError("there is no profile '\(name)'; there are \(names)")
      }
      self.profile = profile
    }
    if let steps = try words.number("steps", in: 1...1_000_000_000) { self.steps = steps }
    self.nodeCount = try words.number("nodes", in: 1...9)
  }
}
