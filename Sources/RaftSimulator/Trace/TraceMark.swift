public import Raft

/// What a record of a trace means to a drawing, beyond its text.
public enum TraceMark: Hashable, Sendable {
  /// A link in one direction.
  public struct Link: Hashable, Sendable {
    /// Where it begins.
    public let from: NodeID
    /// Where it ends.
    public let to: NodeID

    /// The link from one node to another.
    public init(from: NodeID, to: NodeID) {
      self.from = from
      self.to = to
    }
  }

  /// How a call of a client ended.
  public enum CallEnd: String, Hashable, Sendable, CaseIterable {
    /// It was answered.
    case answered
    /// It takes no effect.
    case refused
    /// It may take effect or not.
    case unknown
  }

  /// A message was sent or lost: its place among all that were sent, and what it is called.
  case message(number: Int, name: String)
  /// The message of this number brought the input.
  case arrived(message: Int)
  /// From now on exactly these links carry nothing.
  case linksCut([Link])
  /// The node lost power.
  case wentDown
  /// The node started.
  case cameUp
  /// The node stands still until this time, in nanoseconds.
  case paused(until: Int64)
  /// The node's disk makes nothing durable until this time, in nanoseconds.
  case diskStalls(until: Int64)
  /// No node stands still, and no disk stalls any more.
  case troublesEnd
  /// The client made the call of this number.
  case asked(call: Int)
  /// The client's call of this number came to an end.
  case ended(call: Int, CallEnd)
}
