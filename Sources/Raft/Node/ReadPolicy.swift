/// How a leader makes sure, before it answers a linearizable read, that no other node leads by now.
public enum ReadPolicy: Hashable, Sendable {
  /// A quorum must answer a message that left after the question came (read index, thesis §6.4).
  ///
  /// Depends on no clock. Reads that come while a round is under way share the next one.
  case readIndex
  /// The promises of a quorum are enough, while they hold (thesis §6.4.1); otherwise as
  /// ``readIndex``.
  ///
  /// Costs no message. It is as safe as the bound on clock drift,
  /// ``Configuration/clockDriftPerMillion``: a clock that runs apart by more can make a read old.
  case lease
  /// As ``lease``, if besides a quorum was heard within `ageMax`.
  ///
  /// - Parameters:
  ///   - ageMax: The longest time since the message left that a quorum has answered.
  ///   - staleAction: What to do if the lease has ended or is older.
  ///   - limit: How long to wait for a quorum; zero answers or refuses at once.
  case custom(ageMax: Duration, ifStale: StaleAction, within: Duration)

  /// What to do for a read whose leader heard no quorum lately.
  public enum StaleAction: Hashable, Sendable {
    /// Ask the quorum at once.
    case ask
    /// Wait for the answers to what is under way, and to the next heartbeats.
    case wait
  }

  func wish(within limit: Duration) -> ReadWish {
    switch self {
    case .readIndex:
      ReadWish(ageMax: nil, isAsking: true, timeout: limit.nanoseconds)
    case .lease:
      ReadWish(ageMax: .max, isAsking: true, timeout: limit.nanoseconds)
    case .custom(let ageMax, let action, let limit):
      ReadWish(
        ageMax: max(0, ageMax.nanoseconds), isAsking: action == .ask,
        timeout: max(0, limit.nanoseconds))
    }
  }
}

/// What the engine answered to a question for a read.
struct ReadPermit: Hashable, Sendable {
  /// What must be applied.
  let barrier: LogID
  /// When the permit ends; `nil` if it does not.
  let end: Instant?

  func holds(at moment: Instant) -> Bool {
    self.end.map { moment < $0 } ?? true
  }
}
