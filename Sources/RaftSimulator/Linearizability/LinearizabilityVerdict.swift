/// What a ``LinearizabilityChecker`` found out about a history.
public enum LinearizabilityVerdict: Hashable, Sendable {
  /// There is an order that explains all answers.
  case linearizable
  /// There is none.
  case violation(LinearizabilityEvidence)
  /// The effort or the memory was used up before an answer was found; nothing is claimed.
  ///
  /// The effort is counted in operations looked at.
  case undecided(after: Int)
}

extension LinearizabilityVerdict: CustomStringConvertible {
  /// The verdict, with the evidence.
  public var description: String {
    switch self {
    case .linearizable: "linearizable"
    case .violation(let evidence): evidence.description
    case .undecided(let effort): "undecided after looking at \(effort) operations"
    }
  }
}

/// Why the operations on one register have no order that explains all answers.
public struct LinearizabilityEvidence: Hashable, Sendable {
  /// The register.
  public let key: Int
  /// The operation whose end made the history impossible: with this event, and not before, no
  /// order was left.
  public let culprit: ClientOperation
  /// Answers that exclude each other, if two suffice to see it.
  public let contradiction: Contradiction?
  /// The longest order found of the operations before that event, the culprit aside if need be.
  public let prefix: [ClientOperation]
  /// What the register held after the prefix.
  public let state: RegisterState
  /// Operations that certainly took effect by then, but cannot follow the prefix.
  public let unplaced: [ClientOperation]
}

extension LinearizabilityEvidence: CustomStringConvertible {
  /// The explanation, in a few lines.
  public var description: String {
    var lines = ["key \(self.key) is not linearizable since \(self.culprit.id) ended"]
    if let contradiction = self.contradiction { lines.append("  \(contradiction)") }
    lines.append("  culprit: \(self.culprit)")
    let shown = self.prefix.suffix(8)
    lines.append("  longest order found: \(self.prefix.count) operations, the last of them")
    lines += shown.map { "    \($0)" }
    lines.append("  the register then held \(self.state)")
    lines.append("  cannot follow:")
    lines += self.unplaced.prefix(8).map { "    \($0)" }
    return lines.joined(separator: "\n")
  }
}
