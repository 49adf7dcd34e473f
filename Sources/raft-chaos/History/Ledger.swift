import RaftConcurrency

/// Writes to keys that nobody else writes: those that were acknowledged must be there for ever.
final class Ledger: Sendable {
  /// One key and what was written there.
  struct Line: Hashable, Sendable {
    let key: String
    let value: String
  }

  private struct State {
    var acknowledged: [Line] = []
    var unknown = 0
    var refused = 0
  }

  private let state = Guarded(State())

  /// Notes what became of a write.
  func note(_ line: Line, _ outcome: ServerClient.Outcome<UInt64>) {
    self.state.withLock { state in
      switch outcome {
      case .done: state.acknowledged.append(line)
      case .unknown: state.unknown += 1
      case .refused: state.refused += 1
      }
    }
  }

  /// The writes that were acknowledged.
  var acknowledged: [Line] { self.state.withLock { $0.acknowledged } }

  /// How many may have taken effect.
  var unknownCount: Int { self.state.withLock { $0.unknown } }

  /// What of the acknowledged writes a server does not hold as it was written, in words.
  func losses(at server: String, holding found: [String: String?]) -> [String] {
    self.acknowledged.compactMap { line in
      guard let answer = found[line.key] else {
        return "\(line.key): it was acknowledged, and \(server) was not asked for it"
      }
      guard answer != line.value else { return nil }
      let there = answer.map { "'\($0)'" } ?? "nothing"
      return "\(line.key): '\(line.value)' was acknowledged, \(server) has \(there)"
    }
  }
}
