/// A scenario as text: commands at the left margin, what they lead to indented beneath, comments
/// between.
///
/// The same transcript is played on simulated engines and on simulated nodes, with every checker
/// at work, and each must reply what is written. Times and numbers of steps differ between the two,
/// so replies are facts: who leads, what logs hold, what clients were told.
///
/// ```
/// # S2: A voter that is alone leads at once.
/// cluster 1 voter
/// elect 1
///   1 leads in term 1
/// write 1 a=7
///   done at 2
/// ```
public struct Transcript: Hashable, Sendable {
  /// One line of the text, or a command with its replies.
  enum Part: Hashable {
    /// A comment, or a blank line.
    case prose(String)
    case command(TranscriptCommand, text: String, line: Int, replies: [String])
  }

  /// What it is called in errors, as a rule its file.
  public let name: String
  let parts: [Part]

  /// Reads a transcript.
  ///
  /// - Throws: ``TranscriptError`` for the first line that cannot be understood.
  public init(named name: String, text: String) throws(TranscriptError) {
    self.name = name
    var parts: [Part] = []
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    for (place, line) in lines.enumerated() {
      let number = place + 1
      let content = line.drop { $0 == " " || $0 == "\t" }
      if content.isEmpty || line.hasPrefix("#") {
        parts.append(.prose(String(line)))
      } else if content.startIndex == line.startIndex {
        do throws(CommandFault) {
          let command = try TranscriptCommand(String(content))
          parts.append(
            .command(command, text: String(content), line: number, replies: []))
        } catch {
          throw TranscriptError(name: name, line: number, problem: error.problem)
        }
      } else {
        guard case .command(let command, let text, let start, let replies) = parts.last else {
          throw TranscriptError(
            name: name, line: number,
            problem: "a reply without a command right above it; commands begin at the left margin")
        }
        parts[parts.count - 1] = .command(
          command, text: text, line: start, replies: replies + [String(content)])
      }
    }
    self.parts = parts
    try self.checkOpening()
  }

  /// What the first comment says: the scenarios that the transcript shows, as `S17`, and a title.
  public var scenarios: [String] {
    guard case .prose(let first) = self.parts.first else { return [] }
    return first.drop { $0 == "#" || $0 == " " }.prefix { $0 != ":" }
      .split { $0 == "," || $0 == " " }.map(String.init)
      .filter { $0.first == "S" && $0.dropFirst().allSatisfy(\.isNumber) && $0.count > 1 }
  }

  /// On which simulators the transcript can be played: both, unless a comment `# only: engines` or
  /// `# only: nodes` says otherwise.
  public var simulators: [TranscriptSimulator] {
    for case .prose(let line) in self.parts {
      for simulator in TranscriptSimulator.allCases
      where line.hasPrefix("# only: \(simulator.rawValue)") {
        return [simulator]
      }
    }
    return TranscriptSimulator.allCases
  }

  /// The same text, with these replies beneath the commands.
  func text(with replies: [[String]]) -> String {
    var rest = replies[...]
    var lines: [String] = []
    for part in self.parts {
      switch part {
      case .prose(let line): lines.append(line)
      case .command(_, let text, _, let known):
        lines.append(text)
        lines += (rest.popFirst() ?? known).map { "  \($0)" }
      }
    }
    return lines.map { "\($0)\n" }.joined()
  }

  /// The cluster comes first, and what prepares it before anything happens.
  private func checkOpening() throws(TranscriptError) {
    var hasCluster = false
    var hasBegun = false
    for case .command(let command, _, let line, _) in self.parts {
      func fail(_ problem: String) -> TranscriptError {
        TranscriptError(name: self.name, line: line, problem: problem)
      }
      if case .cluster = command {
        guard !hasCluster else { throw fail("a second cluster; a transcript has one") }
        hasCluster = true
      } else if !hasCluster {
        throw fail("the first command must be 'cluster', as in 'cluster 3 voters'")
      } else if command.isOpening, hasBegun {
        throw fail("nodes are prepared before the first command that lets something happen")
      }
      if !command.isOpening { hasBegun = true }
    }
  }
}

/// What a transcript is played on.
public enum TranscriptSimulator: String, Hashable, Sendable, CaseIterable {
  /// Engines in a simulated runtime.
  case engines
  /// Real nodes with their runtime; see ``SimulatedExecutor/install()``.
  case nodes
}
