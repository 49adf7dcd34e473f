import RaftEngine

/// What a client asked for, and what it was told.
struct ClientCall {
  enum Kind: Equatable {
    case write
    case compareAndSet(expected: RegisterMachine.Value)
    case read
  }

  enum Outcome: Equatable {
    /// Nobody answered yet.
    case pending
    /// The command was applied; a compare-and-set says whether it found what it expected.
    case applied(isTaken: Bool)
    /// The read found this.
    case found(RegisterMachine.Value)
    /// Refused: it never takes effect.
    case refused
    /// It may or may not take effect.
    case unknown
  }

  /// The number of the call: its place in the run's table.
  let number: Int
  let kind: Kind
  let register: Int
  /// What is written: the number of the call, so that no two calls write the same.
  let value: RegisterMachine.Value
  /// The node that was asked.
  let node: NodeID
  /// When it was asked, in the order of all that clients saw.
  let asked: Int
  let askedAt: Int64
  /// When the answer came, in the same order; `nil` if none came.
  var answered: Int?
  var outcome = Outcome.pending
  /// How often the command was committed.
  var commitCount = 0
}
