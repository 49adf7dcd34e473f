import RaftEngine

/// What a client asked for, and what it was told.
struct ClientCall {
  enum Kind: Equatable {
    case write
    case compareAndSet(expected: UInt64)
    case read
  }

  enum Outcome: Equatable {
    /// Nobody answered yet.
    case pending
    /// The command was applied; the register has this version now.
    case written(version: UInt64)
    /// A compare-and-set was applied and found another value than it expected.
    case mismatched(RegisterMachine.Register)
    /// The read found this.
    case found(RegisterMachine.Register)
    /// Refused: it never takes effect.
    case refused
    /// It may or may not take effect.
    case unknown

    /// The outcome for a drawing; a call that is pending has none yet.
    var end: TraceMark.CallEnd {
      switch self {
      case .written, .mismatched, .found: .answered
      case .refused: .refused
      case .pending, .unknown: .unknown
      }
    }
  }

  /// The number of the call: its place in the run's table.
  let number: Int
  let kind: Kind
  let register: Int
  /// What is written: the number of the call, so that no two calls write the same.
  let value: UInt64
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
