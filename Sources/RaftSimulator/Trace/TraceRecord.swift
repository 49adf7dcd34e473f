public import Raft

/// One thing that happened in a simulated run, in order.
public struct TraceRecord: Hashable, Sendable {
  /// What kind of thing.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// An engine was given an input; a step.
    case input
    /// The engine wants something done.
    case command
    /// What the node is after the step.
    case state
    /// A message that leaves.
    case sent
    /// A message that never arrives.
    case lost
    /// A trouble came, or ended.
    case fault
    /// A client asked, or was answered.
    case client
  }

  /// What one node is between two steps.
  public struct NodeState: Hashable, Sendable {
    /// How it takes part.
    public let role: ServerState
    /// The vote that it stands behind.
    public let vote: Vote
    /// The last entry that was purged.
    public let purged: LogID?
    /// The last entry of its log.
    public let last: LogID?
    /// The last entry that is durable.
    public let durable: LogIndex?
    /// The last entry that it knows to be committed.
    public let committed: LogID?
    /// The last entry that its machine has applied.
    public let applied: LogID?
    /// The membership in force, in text.
    public let membership: String
    /// A fingerprint of everything that decides what the engine does next.
    public let hash: UInt64
  }

  /// How many inputs engines had been given, this one included.
  public let step: Int
  /// When, in nanoseconds of the simulated world.
  public let time: Int64
  /// What kind of thing happened.
  public let kind: Kind
  /// The node that it happened to; `nil` if it concerns all.
  public let node: NodeID?
  /// The other node of a message; `nil` if there is none.
  public let peer: NodeID?
  /// What happened, in one line.
  public let text: String
  /// The node's state, in records of the kind ``Kind/state``.
  public let state: NodeState?
  /// What the record means to a drawing; `nil` if the text is all.
  public let mark: TraceMark?
}

extension TraceRecord: CustomStringConvertible {
  /// One line: step, time, node, what happened.
  public var description: String {
    let node = self.node.map { "n\($0)" } ?? "--"
    let head = "\(self.step) \(Instant(nanoseconds: self.time)) \(node)"
    switch self.kind {
    case .input: return "\(head) <- \(self.text)"
    case .command: return "\(head)    -> \(self.text)"
    case .state: return "\(head)    == \(self.text)"
    case .sent: return "\(head)    sent \(self.text)"
    case .lost: return "\(head)    lost \(self.text)"
    case .fault: return "\(head) !! \(self.text)"
    case .client: return "\(head) $$ \(self.text)"
    }
  }
}
