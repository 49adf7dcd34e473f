import RaftCommandLine

/// What the command line asks for.
enum Invocation: Sendable {
  case help(Verb?)
  case run(RunOptions)
  case flips(FlipsOptions)

  /// Reads the words behind the program's name.
  ///
  /// - Throws: ``UsageError`` if they cannot be understood.
  init(_ words: [String]) throws(UsageError) {
    guard let first = words.first, !["help", "--help", "-h"].contains(first) else {
      self = .help(words.dropFirst().first.flatMap { Verb(rawValue: $0) })
      return
    }
    guard let verb = Verb(rawValue: first) else {
      let hint = likelyMeant(first, among: Verb.allCases.map(\.rawValue))
      throw UsageError(
        "unknown verb '\(first)'" + (hint.map { "; did you mean '\($0)'?" } ?? ""))
    }
    guard let arguments = try Arguments(words.dropFirst(), for: verb.rawValue, verb.guide) else {
      self = .help(verb)
      return
    }
    switch verb {
    case .run: self = .run(try RunOptions(arguments))
    case .flips: self = .flips(try FlipsOptions(arguments))
    }
  }
}

/// What `raft-chaos run` is told.
struct RunOptions: Equatable, Sendable {
  var rounds = 5
  var duration: Duration = .seconds(12)
  var kinds = Set(FaultKind.allCases)
  var shared = ChaosOptions()

  init() {}

  init(_ arguments: Arguments) throws(UsageError) {
    self.shared = try ChaosOptions(arguments)
    self.rounds = try arguments.number("rounds", in: 1...100_000) ?? 5
    self.duration = .seconds(try arguments.number("seconds", in: 1...3600) ?? 12)
    guard let words = arguments.value("only")?.split(separator: ",") else { return }
    let families = Set(FaultKind.allCases.map(\.family))
    let names = families.union(FaultKind.allCases.map { "\($0)" })
    for word in words where !names.contains(String(word)) {
      throw arguments.error(
        "--only '\(word)': there are \(families.sorted().joined(separator: ", ")), and faults by "
          + "their names in the report for programs")
    }
    self.kinds = self.kinds.filter { kind in
      words.contains { $0 == kind.family || $0 == "\(kind)" }
    }
    guard !self.kinds.isEmpty else { throw arguments.error("--only names no family of faults") }
  }
}

/// What `raft-chaos flips` is told.
struct FlipsOptions: Equatable, Sendable {
  var count = 60
  var shared = ChaosOptions()

  init(_ arguments: Arguments) throws(UsageError) {
    self.shared = try ChaosOptions(arguments)
    self.count = try arguments.number("count", in: 1...100_000) ?? 60
  }
}
