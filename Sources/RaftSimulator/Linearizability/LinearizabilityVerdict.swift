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
  /// An order that explains everything before that event; operations of which nothing could be
  /// seen are left out.
  public let prefix: [ClientOperation]
  /// What the register held after the prefix.
  public let state: RegisterState
}

extension LinearizabilityEvidence: CustomStringConvertible {
  /// The explanation, in a few lines.
  public var description: String {
    var lines = ["key \(self.key) is not linearizable since \(self.culprit.id) ended"]
    if let contradiction = self.contradiction { lines.append("  \(contradiction)") }
    lines.append("  it ended so: \(self.culprit)")
    lines.append(
      "  an order of \(self.prefix.count) operations explains what was before; it ends with")
    lines += self.prefix.suffix(8).map { "    \($0)" }
    lines.append("  and leaves \(self.state)")
    return lines.joined(separator: "\n")
  }
}
