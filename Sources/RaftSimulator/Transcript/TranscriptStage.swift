import Raft

/// What a transcript is played on: a cluster whose time goes on only when it is told.
protocol TranscriptStage: AnyObject {
  /// The first rule that was broken.
  var violation: String? { get }
  /// Told of the answers to calls.
  var onAnswer: (_ call: Int, _ text: String) -> Void { get set }
  /// Told of nodes that stop by themselves, and why.
  var onStop: (NodeID, String) -> Void { get set }

  func advance(by nanoseconds: Int64)

  // What there is to see.

  /// What a node says of itself; `nil` while it is down.
  func status(of id: NodeID) -> NodeStatus?
  func disk(of id: NodeID) -> DiskContent
  func register(_ register: Int, of id: NodeID) -> UInt64?

  // Calls; their answers come later.

  func write(_ value: UInt64, to register: Int, at id: NodeID, call: Int)
  func read(_ register: Int, at id: NodeID, barrierFrom other: NodeID, call: Int)
  func change(
    _ change: MembershipChange, _ removed: RemovedVoters, if expected: LogID?, at id: NodeID,
    call: Int)
  func transfer(from: NodeID, to: NodeID?, call: Int)
  func found(_ voters: [NodeID], at id: NodeID, call: Int)
  func ask(
    _ id: NodeID, for vote: Vote, last: LogID?, _ question: TranscriptCommand.Question, call: Int)
  func tell(_ append: TranscriptCommand.HandmadeAppend, call: Int)

  // What happens to nodes and to the network.

  func elect(_ id: NodeID)
  func buildSnapshot(_ id: NodeID)
  func setCut(_ isCut: Bool, from: NodeID, to: NodeID)
  func addRule(
    _ verdict: MessageVerdict, of kind: MessageKind?, from: NodeID, to: NodeID,
    _ duration: RuleDuration, after passing: Int)
  func release()
  func crash(_ id: NodeID)
  func stop(_ id: NodeID)
  func start(_ id: NodeID)
  func wipe(_ id: NodeID)
  func pause(_ id: NodeID, for nanoseconds: Int64)
  func jumpClock(of id: NodeID, by nanoseconds: Int64)
  func stall(_ id: NodeID)
  func resume(_ id: NodeID)
  func failDisk(_ id: NodeID)

  /// The end: everything that can only be judged as a whole.
  func finish()
}
