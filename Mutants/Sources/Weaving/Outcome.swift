/// What running seeds with one mutant came to.
package struct Outcome: Equatable {
  /// Who noticed.
  package enum Finder: Equatable {
    /// A checker of the simulator, by the property that was broken.
    case checker(String)
    /// A precondition, or the language itself: the process was ended.
    case crash
    /// A run that went on without end.
    case hang
    /// Nobody.
    case nobody

    package var name: String {
      switch self {
      case .checker(let property): property
      case .crash: "crash"
      case .hang: "hangs"
      case .nobody: "not found"
      }
    }
  }

  package let finder: Finder
  /// How many seeds were run.
  package let seedCount: Int
  /// The seeds that prove nothing: a checker complains about the unchanged engine as well.
  package let guiltySeeds: [Int]

  package init(finder: Finder, seedCount: Int, guiltySeeds: [Int] = []) {
    self.finder = finder
    self.seedCount = seedCount
    self.guiltySeeds = guiltySeeds
  }

  /// Reads what a runner printed before it ended.
  package init(output: String, endedBy signal: Int32?) {
    let lines = output.split(separator: "\n")
    let seedCount = lines.count { $0.hasPrefix("seed ") }
    let guiltySeeds = zip(lines, lines.dropFirst()).compactMap { line, next in
      next.hasPrefix("guilty ") ? Int(line.dropFirst(5)) : nil
    }
    let found = lines.first { $0.hasPrefix("found ") }.map { String($0.dropFirst(6)) }
    // SIGPROF: the time for one run was used up.
    let finder: Finder =
      if let found { .checker(found) } else if let signal { signal == 27 ? .hang : .crash } else {
        .nobody
      }
    self.init(finder: finder, seedCount: seedCount, guiltySeeds: guiltySeeds)
  }
}

/// What is known of a mutant after all its series.
package struct Findings: Equatable {
  package var outcomes: [Outcome]

  package init(_ outcomes: [Outcome]) {
    self.outcomes = outcomes
  }

  /// The middle of the numbers of seeds until it was found; `nil` if most series did not find it.
  package var median: Int? {
    let counts = self.outcomes.map { $0.finder == .nobody ? Int.max : $0.seedCount }.sorted()
    guard !counts.isEmpty else { return nil }
    let middle = counts[counts.count / 2]
    return middle == Int.max ? nil : middle
  }

  /// Whether a mutant is known by its effect, and not by the end of the process.
  package var isFoundByChecker: Bool {
    self.outcomes.contains { if case .checker = $0.finder { true } else { false } }
  }

  package var isFound: Bool { self.median != nil }

  /// Who noticed, the most frequent first.
  package var finders: [String] {
    var counts: [(name: String, count: Int)] = []
    for outcome in self.outcomes where outcome.finder != .nobody {
      if let place = counts.firstIndex(where: { $0.name == outcome.finder.name }) {
        counts[place].count += 1
      } else {
        counts.append((outcome.finder.name, 1))
      }
    }
    return counts.sorted { ($1.count, $0.name) < ($0.count, $1.name) }.map(\.name)
  }
}
