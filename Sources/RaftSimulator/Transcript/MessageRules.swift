import RaftEngine

/// What kind of message goes from one node to another.
enum MessageKind: String, CaseIterable {
  case append = "appends"
  case heartbeat = "heartbeats"
  case appendAnswer = "append-answers"
  case preVote = "pre-votes"
  case preVoteAnswer = "pre-vote-answers"
  case vote = "votes"
  case voteAnswer = "vote-answers"
  case snapshot = "snapshots"
  case snapshotAnswer = "snapshot-answers"
  case transfer = "transfers"
  case transferAnswer = "transfer-answers"
}

extension MessageKind {
  /// The kind of the answers to messages of this kind.
  var answer: MessageKind {
    switch self {
    case .append, .heartbeat, .appendAnswer: .appendAnswer
    case .preVote, .preVoteAnswer: .preVoteAnswer
    case .vote, .voteAnswer: .voteAnswer
    case .snapshot, .snapshotAnswer: .snapshotAnswer
    case .transfer, .transferAnswer: .transferAnswer
    }
  }
}

/// What becomes of a message.
enum MessageVerdict {
  case carry
  case twice
  case lose
  case hold
}

/// How long a rule about messages stays.
enum RuleDuration {
  case once
  case untilReleased
}

/// What a transcript does to messages on their way: hold them back, lose them, deliver them twice.
struct MessageRules<Message> {
  private struct Rule {
    let verdict: MessageVerdict
    /// Which kind; `nil` for all.
    let kind: MessageKind?
    let from: NodeID
    let to: NodeID
    let duration: RuleDuration
    /// How many pass before the rule holds.
    var passing: Int
  }

  private var rules: [Rule] = []
  private var held: [Message] = []

  mutating func add(
    _ verdict: MessageVerdict, of kind: MessageKind?, from: NodeID, to: NodeID,
    _ duration: RuleDuration, after passing: Int
  ) {
    self.rules.append(
      Rule(
        verdict: verdict, kind: kind, from: from, to: to, duration: duration, passing: passing))
  }

  /// Decides about a message; keeps it if it is held.
  mutating func verdict(
    on message: Message, _ kind: MessageKind, from: NodeID, to: NodeID
  ) -> MessageVerdict {
    guard
      let place = self.rules.firstIndex(where: { rule in
        rule.from == from && rule.to == to && (rule.kind ?? kind) == kind
      })
    else { return .carry }
    guard self.rules[place].passing == 0 else {
      self.rules[place].passing -= 1
      return .carry
    }
    let rule = self.rules[place]
    if rule.duration == .once { self.rules.remove(at: place) }
    if rule.verdict == .hold { self.held.append(message) }
    return rule.verdict
  }

  /// Ends all rules; returns what was held, in the order of sending.
  mutating func release() -> [Message] {
    self.rules = []
    defer { self.held = [] }
    return self.held
  }
}

extension Packet {
  /// What kind of message this is.
  var kind: MessageKind {
    switch self.content {
    case .append(_, let entries, _): entries.isEmpty ? .heartbeat : .append
    case .appendAnswer: .appendAnswer
    case .preVote: .preVote
    case .preVoteAnswer: .preVoteAnswer
    case .vote: .vote
    case .voteAnswer: .voteAnswer
    case .snapshot: .snapshot
    case .snapshotAnswer: .snapshotAnswer
    case .transfer: .transfer
    case .transferAnswer: .transferAnswer
    }
  }
}
