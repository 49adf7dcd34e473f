/// What came of playing a transcript.
public struct TranscriptReport: Hashable, Sendable {
  /// A command that led to something else than is written.
  public struct Mismatch: Hashable, Sendable {
    /// The command's line, counted from 1.
    public let line: Int
    /// The command.
    public let command: String
    /// What is written beneath it.
    public let expected: [String]
    /// What it led to.
    public let actual: [String]
  }

  /// The transcript's name.
  public let name: String
  /// What it was played on.
  public let simulator: TranscriptSimulator
  /// The commands whose replies differ from what is written.
  public let mismatches: [Mismatch]
  /// Why the play ended early: a command that cannot be played, or a rule that was broken.
  public let failure: TranscriptError?
  /// The transcript with the replies that came.
  public let recorded: String

  /// Whether everything came as it is written, and no rule was broken.
  public var isRight: Bool { self.mismatches.isEmpty && self.failure == nil }
}

extension TranscriptReport: CustomStringConvertible {
  /// Nothing, or each difference with its file and line.
  public var description: String {
    var lines: [String] = []
    for mismatch in self.mismatches {
      lines.append(
        "\(self.name):\(mismatch.line): \(mismatch.command) (\(self.simulator.rawValue))")
      lines += mismatch.expected.map { "  expected: \($0)" }
      if mismatch.expected.isEmpty { lines.append("  expected no reply") }
      lines += mismatch.actual.map { "  actual:   \($0)" }
      if mismatch.actual.isEmpty { lines.append("  there was no reply") }
    }
    if let failure = self.failure { lines.append("\(failure) (\(self.simulator.rawValue))") }
    return lines.joined(separator: "\n")
  }
}

extension Transcript {
  /// Plays the transcript from its beginning, and compares what comes with what is written.
  ///
  /// Blocks the calling thread. The same transcript gives the same replies in every process.
  ///
  /// - Precondition: for ``TranscriptSimulator/nodes``, ``SimulatedExecutor/install()`` was called
  ///   in this process, and no other simulation runs in it.
  public func play(on simulator: TranscriptSimulator) -> TranscriptReport {
    var replies: [[String]] = []
    var mismatches: [TranscriptReport.Mismatch] = []
    var failure: TranscriptError?
    var player: TranscriptPlayer?
    var last = 1
    do throws(CommandFault) {
      for case .command(let command, let text, let line, let expected) in self.parts {
        last = line
        var actual: [String] = []
        if !command.isOpening {
          if player == nil { player = TranscriptPlayer(try self.opening(), on: simulator) }
          actual = try player?.play(command, text) ?? []
        }
        replies.append(actual)
        guard actual != expected else { continue }
        mismatches.append(
          TranscriptReport.Mismatch(
            line: line, command: text, expected: expected, actual: actual))
      }
      try player?.finish()
    } catch {
      failure = TranscriptError(name: self.name, line: error.line ?? last, problem: error.problem)
    }
    return TranscriptReport(
      name: self.name, simulator: simulator, mismatches: mismatches, failure: failure,
      recorded: self.text(with: replies))
  }

  private func opening() throws(CommandFault) -> TranscriptOpening {
    try TranscriptOpening(
      self.parts.compactMap { part in
        if case .command(let command, _, let line, _) = part, command.isOpening {
          (command, line)
        } else {
          nil
        }
      })
  }
}
