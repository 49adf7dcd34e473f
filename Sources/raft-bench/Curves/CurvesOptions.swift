import RaftCommandLine

/// What `raft-bench curves` measures.
struct CurvesOptions: Sendable {
  var curves = Curve.allCases
  /// How often each point is measured.
  var rounds = 5
  var format = InProcessOptions.Format.text
  /// Where the plots go.
  var plot: String?

  private static let known = ["--only", "--rounds", "--format", "--plot"]

  init(_ words: [String]) throws(UsageError) {
    var rest = words[...]
    while let name = rest.popFirst() {
      guard Self.known.contains(name) else {
        throw UsageError(
          "'\(name)' is no option of curves; it knows \(Self.known.joined(separator: ", "))")
      }
      guard let value = rest.popFirst() else { throw UsageError("\(name) needs a value") }
      switch name {
      case "--only": self.curves = [try InProcessOptions.choice(value, of: name)]
      case "--rounds": self.rounds = try Magnitude.number(value, of: name, in: 1...1000)
      case "--plot": self.plot = value
      default: self.format = try InProcessOptions.choice(value, of: name)
      }
    }
  }
}
