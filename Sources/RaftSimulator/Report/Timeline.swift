public import Raft

/// A stretch of a run as people look at it: what every node did, which messages went where, what
/// troubles came and what clients were told.
///
/// A ``TimelineRecorder`` makes it from a trace; ``TextTimeline`` and ``ReportPage`` show it. All
/// things in it are numbered by one order, in which they happened.
public struct Timeline: Sendable {
  /// What one node is between two steps.
  public typealias State = TraceRecord.NodeState

  /// What is shown, in a few words.
  public var title: String
  /// The command that shows the run again; `nil` if there is none.
  public var command: String?
  /// What else a reader should know, a line each.
  public var notes: [String] = []
  /// The nodes, in the order in which they are drawn.
  public internal(set) var nodes: [NodeID] = []
  /// How many steps there were before the first one that is kept.
  public internal(set) var omittedSteps = 0
  /// The steps, in order.
  public internal(set) var steps: [Step] = []
  /// The messages of which something is seen in these steps, in the order of sending.
  public internal(set) var messages: [Message] = []
  /// The troubles, in order.
  public internal(set) var faults: [Fault] = []
  /// What clients asked, in order.
  public internal(set) var calls: [Call] = []
  /// What went wrong in the end; `nil` if nothing did.
  public internal(set) var violation: Breach?
  /// How many things have happened, the omitted ones included.
  public internal(set) var end = 0

  /// A moment of the run.
  public struct Moment: Hashable, Sendable {
    /// The place among all that happened.
    public let order: Int
    /// How many inputs the engines had been given.
    public let step: Int
    /// When, in nanoseconds of the run.
    public let time: Int64
  }

  /// One input that one node was given, and what came of it.
  public struct Step: Hashable, Sendable {
    /// When it was; its number is the moment's step.
    public let moment: Moment
    /// The node.
    public let node: NodeID
    /// The name of the input.
    public let kind: String
    /// The input in full.
    public let text: String
    /// The number of the message that brought the input, if one did.
    public let message: Int?
    /// What the node wanted done, in order.
    public internal(set) var commands: [String] = []
    /// The node before the step; `nil` if that is not known.
    public let before: State?
    /// The node after the step; `nil` if the run broke off in it.
    public internal(set) var after: State?
  }

  /// One message from node to node.
  public struct Message: Hashable, Sendable {
    /// Its place among all that were sent.
    public let number: Int
    /// What it is called.
    public let name: String
    /// What it says.
    public let text: String
    /// The sender.
    public let from: NodeID
    /// The receiver.
    public let to: NodeID
    /// When it left.
    public let sent: Moment
    /// When it arrived: never, once, or several times.
    public internal(set) var arrivals: [Moment] = []
    /// When it was lost; `nil` if it was not.
    public internal(set) var lost: Moment?
  }

  /// A trouble that came or ended.
  public struct Fault: Hashable, Sendable {
    /// When.
    public let moment: Moment
    /// The node that it befell; `nil` if it concerns all.
    public let node: NodeID?
    /// What happened.
    public internal(set) var text: String
    /// What it means to a drawing; `nil` if the text is all.
    public let mark: TraceMark?
  }

  /// One call of a client.
  public struct Call: Hashable, Sendable {
    /// Its number.
    public let number: Int
    /// The node that was asked.
    public let node: NodeID
    /// What was asked.
    public let question: String
    /// When it was asked.
    public let asked: Moment
    /// What the client was told; empty while it waits.
    public internal(set) var answer = ""
    /// How the call ended; `nil` while the client waits.
    public internal(set) var ending: TraceMark.CallEnd?
    /// When it ended; `nil` while the client waits.
    public internal(set) var ended: Moment?
  }

  /// What a run broke.
  public struct Breach: Hashable, Sendable {
    /// When.
    public let moment: Moment
    /// The property that is broken.
    public let title: String
    /// What shows that it is broken.
    public let explanation: String
  }
}
