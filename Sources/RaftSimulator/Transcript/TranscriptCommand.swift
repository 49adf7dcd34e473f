import Raft

/// What a line of a transcript asks for.
enum TranscriptCommand: Hashable {
  /// An entry of a prepared log.
  struct PreparedEntry: Hashable {
    let leader: LeaderID
    /// The membership that it carries; `nil` for a command.
    let configurations: [[NodeID]]?
    var learners: [NodeID] = []
  }

  /// What a setting of the whole cluster says.
  enum Limit: Hashable {
    case batch(Int)
    case window(Int)
    case snapshotAfter(Int)
    case keep(Int)
  }

  /// Until when time goes on.
  enum Goal: Hashable {
    case anyLeader
    case role(NodeID, String)
  }

  /// What a node is told in the name of a leader.
  struct HandmadeAppend: Hashable {
    let to: NodeID
    let vote: Vote
    let previous: LogID?
    let entries: [LogID]
    let committed: LogID?
  }

  // Before anything happens.
  case cluster(voters: Int, witnesses: Int, learners: Int, spares: Int)
  case rule(LeadershipRule)
  case limits([Limit])
  case preVote(isOn: Bool)
  case log(NodeID, [PreparedEntry])
  case vote(NodeID, Vote)
  case committed(NodeID, UInt64)

  // Leadership and members.
  case found(NodeID, [NodeID])
  case elect(NodeID)
  case transfer(from: NodeID, to: NodeID?)
  case change(NodeID, MembershipChange, RemovedVoters, expected: LogID?)

  // Clients.
  case write(NodeID, register: Int, value: UInt64)
  case fill(NodeID, Int)
  case read(NodeID, register: Int, barrierFrom: NodeID?)
  case look(NodeID, register: Int)

  // Network.
  case cut(NodeID, NodeID, Ways)
  case mend(NodeID, NodeID, Ways)
  case isolate([NodeID])
  case split([[NodeID]])
  case heal
  case hold(MessageKind?, NodeID, NodeID, Ways, after: Int)
  case drop(MessageKind?, from: NodeID, to: NodeID)
  case duplicate(MessageKind?, from: NodeID, to: NodeID)
  case release

  // Machines.
  case crash([NodeID])
  case stop([NodeID])
  case start([NodeID])
  case wipe(NodeID)
  case pause(NodeID, Int64)
  case clock(NodeID, Int64)
  case stall(NodeID)
  case resume(NodeID)
  case fail(NodeID)
  case snapshot(NodeID)

  // Messages made by hand.
  case ask(NodeID, Vote, last: LogID?, Question)
  case tell(HandmadeAppend)

  // Time, and what there is to see.
  case advance(Int64)
  case until(Goal)
  case show([NodeID])
  case logs([NodeID])

  /// Whether a vote is asked for, or only whether it would be given.
  enum Question: Hashable {
    case vote
    case preVote
  }

  /// In which directions between two nodes.
  enum Ways: Hashable {
    case oneWay
    case bothWays
  }

  /// Whether the command prepares the cluster before anything happens.
  var isOpening: Bool {
    switch self {
    case .cluster, .rule, .limits, .preVote, .log, .vote, .committed: true
    default: false
    }
  }
}
