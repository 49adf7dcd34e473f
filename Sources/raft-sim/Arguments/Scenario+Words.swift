import RaftCommandLine
import RaftSimulator

extension Scenario {
  /// The options that name a scenario beside its seed.
  static let options =
    ["profile", "steps", "nodes"]
    + Piece.allCases.flatMap { ["only-\($0.rawValue)", "without-\($0.rawValue)"] }

  /// The flags that do.
  static let flags = ["engine", "node"]

  /// The scenario that one operand, the seed, and the options name.
  init(_ words: Arguments) throws(UsageError) {
    guard let text = words.operands.first else { throw UsageError("which seed? It is missing") }
    guard words.operands.count == 1 else {
      throw UsageError("'\(words.operands[1])' is one word too many: one seed at a time")
    }
    guard let seed = UInt64(text) else { throw UsageError("a seed is a number, not '\(text)'") }
    try self.init(seed: seed, words)
  }

  init(seed: UInt64, _ words: Arguments) throws(UsageError) {
    guard !words.has("engine") || !words.has("node") else {
      throw UsageError("a run is one of engines, --engine, or one of nodes, --node, not both")
    }
    self.init(seed: seed, of: words.has("node") ? .nodes : .engines)
    if let name = words.value("profile") {
      guard let profile = Profile.named(name) else {
        let names = Profile.all.map(\.name).joined(separator: ", ")
        throw UsageError("there is no profile '\(name)'; there are \(names)")
      }
      self.profile = profile
    }
    if let steps = try words.number("steps", in: 1...1_000_000_000) { self.steps = steps }
    self.nodeCount = try words.number("nodes", in: 1...9)
    for kind in Piece.allCases { self[kind] = try Self.selection(of: kind, words) }
  }

  private static func selection(of kind: Piece, _ words: Arguments) throws(UsageError) -> Selection
  {
    let only = try Self.numbers("only-\(kind.rawValue)", words)
    let without = try Self.numbers("without-\(kind.rawValue)", words)
    switch (only, without) {
    case (nil, nil): return .all
    case (let numbers?, nil): return .only(numbers)
    case (nil, let numbers?): return .without(numbers)
    case (.some, .some):
      throw UsageError("--only-\(kind.rawValue) already leaves all others out")
    }
  }

  private static func numbers(_ name: String, _ words: Arguments) throws(UsageError) -> NumberSet? {
    guard let text = words.value(name) else { return nil }
    guard let numbers = NumberSet(text) else {
      throw UsageError("--\(name) must be numbers in order, as in 3,7-12, or none, not '\(text)'")
    }
    return numbers
  }
}
