import RaftEngine

/// Names for what engines take, by what it is and what it leads to.
enum EngineEvent {
  static func name(of input: Input, leadingTo commands: [Command]) -> String {
    switch input {
    case .proposed: "proposal"
    case .bootstrapRequested: "founding"
    case .membershipChangeRequested: "membership change"
    case .readRequested: commands.isEmpty ? "read, by a quorum" : Self.read(commands)
    case .transferWanted: "wish to hand over"
    case .barrierProposed: "barrier"
    case .electionRequested, .campaignRequested: "request to stand"
    case .heartbeatRequested: "request for a heartbeat"
    case .snapshotRequested: "request for a snapshot"
    case .purgeRequested: "request to purge"
    case .switched: "switches"
    case .reversionAllowed: "permission to start over"
    case .appendReceived(_, let runs, _, _): Self.append(runs, commands)
    case .voteRequested: "vote request"
    case .preVoteRequested: "pre-vote request"
    case .transferRequested: "request to take over"
    case .snapshotOffered: "snapshot offer"
    case .appendAnswered: Self.answer(commands)
    case .voteAnswered: commands.hasVote ? "vote answer, that elects" : "vote answer"
    case .preVoteAnswered: commands.hasVote ? "pre-vote answer, that suffices" : "pre-vote answer"
    case .snapshotAnswered: "snapshot answer"
    case .contactRefused: "refused contact"
    case .appendSent: "append left"
    case .peerFailed: "failed request"
    case .transferAnswered: "answer to a request to take over"
    case .flushed(let io): Self.flush(io, commands)
    case .applied: commands.isEmpty ? "applied" : "applied, snapshot due"
    case .snapshotBuilt: "snapshot built"
    case .snapshotBuildFailed: "snapshot not built"
    case .snapshotReceived: "snapshot received"
    case .snapshotReceptionFailed: "snapshot not received"
    case .snapshotInstalled: "snapshot installed"
    case .shortageChanged: "news of the disk"
    case .elapsed: Self.tick(commands)
    }
  }

  private static func read(_ commands: [Command]) -> String {
    commands.contains { if case .respond = $0 { true } else { false } }
      ? "read, by the lease" : "read, by a quorum"
  }

  private static func append(_ runs: [EntryRun], _ commands: [Command]) -> String {
    let news = commands.hasCommit ? ", news of a commit" : ""
    guard !runs.isEmpty else { return "heartbeat\(news)" }
    let isMembership = runs.contains { $0.kind == .membership }
    return (isMembership ? "append of a membership" : "append") + news
  }

  private static func answer(_ commands: [Command]) -> String {
    if commands.hasCommit { return "append answer, that commits" }
    let confirmsRead = commands.contains {
      if case .respond(_, .readable) = $0 { true } else { false }
    }
    return confirmsRead ? "append answer, that confirms a read" : "append answer"
  }

  private static func flush(_ io: IOID, _ commands: [Command]) -> String {
    if commands.hasVote { return "write durable, that elects" }
    return commands.hasCommit ? "write durable, that commits" : "write durable"
  }

  private static func tick(_ commands: [Command]) -> String {
    for command in commands {
      switch command {
      case .sendHeartbeat: return "tick, heartbeats due"
      case .requestPreVote: return "tick, election due"
      default: continue
      }
    }
    return commands.isEmpty ? "tick, nothing due" : "tick"
  }
}

extension [Command] {
  /// Whether a vote is stored.
  fileprivate var hasVote: Bool {
    self.contains { if case .saveVote = $0 { true } else { false } }
  }

  /// Whether more is committed.
  fileprivate var hasCommit: Bool {
    self.contains { if case .noteCommitted = $0 { true } else { false } }
  }
}
