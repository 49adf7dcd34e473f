import RaftCommandLine

/// What `raft-bench engine` measures.
struct EngineOptions: Sendable {
  /// The voters of each cluster.
  var members = 3
  /// How often each scenario is gone through.
  var rounds = 2000
  var scenarios = EngineScenario.allCases
  var format = InProcessOptions.Format.text

  private static let known = ["--members", "--rounds", "--scenario", "--format"]

  init(_ words: [String]) throws(UsageError) {
    var rest = words[...]
    while let name = rest.popFirst() {
      guard Self.known.contains(name) else {
        throw UsageError(
          "'\(name)' is no option of engine; it knows \(Self.known.joined(separator: ", "))")
      }
      guard let value = rest.popFirst() else { throw UsageError("\(name) needs a value") }
      switch name {
      case "--members": self.members = try Magnitude.number(value, of: name, in: 3...9)
      case "--rounds": self.rounds = try Magnitude.number(value, of: name, in: 1...10_000_000)
      case "--scenario": self.scenarios = [try InProcessOptions.choice(value, of: name)]
      default: self.format = try InProcessOptions.choice(value, of: name)
      }
    }
  }
}
