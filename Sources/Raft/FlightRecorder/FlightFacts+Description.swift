extension FlightFacts: CustomStringConvertible {
  /// The kind, and in parentheses what was told, such as `applied(T3-N1.42)`.
  package var description: String {
    guard let kind = self.kind else { return "kind \(self.kindNumber) of a newer version" }
    let text = self.text(of: kind)
    return text.isEmpty ? "\(kind)" : "\(kind)(\(text))"
  }

  private func text(of kind: FlightKind) -> String {
    switch kind {
    case .started: "data \(Incarnation(self.words[2]))"
    case .proposed: "\(self.words[0]) commands of \(self.words[1]) bytes"
    case .bootstrapRequested: "\(self.words[1]) members, question \(self.words[0])"
    case .membershipChangeRequested:
      "question \(self.words[0])" + (self.flag() ? ", removed voters stay" : "")
        + (self.logID(at: 1).map { ", if \($0) is in force" } ?? "")
    case .readRequested, .snapshotReceptionFailed: "question \(self.words[0])"
    case .transferWanted:
      "to \(self.flag(1) ? "n\(self.words[1])" : "anybody")"
        + (self.flag(2) ? " within \(self.words[2]) ns" : "") + ", question \(self.words[0])"
    case .transferAnswered: "from n\(self.peer), \(self.takeover)"
    case .electionRequested, .campaignRequested, .heartbeatRequested, .barrierProposed,
      .snapshotRequested, .snapshotBuildFailed, .elapsed:
      ""
    case .purgeRequested: "through \(self.words[0])"
    case .shortageChanged: self.flag() ? "nearly full" : "there is space"
    case .switched: Self.text(EngineSwitches(rawValue: UInt8(truncatingIfNeeded: self.words[0])))
    case .appendReceived, .voteRequested, .preVoteRequested, .transferRequested,
      .snapshotOffered, .appendAnswered, .voteAnswered, .preVoteAnswered, .snapshotAnswered:
      "from n\(self.peer), \(self.messageText ?? "")"
    case .reversionAllowed: "n\(self.peer), question \(self.words[0])"
    case .appendSent:
      """
      n\(self.peer), through \(self.words[3]), \(self.words[4]) bytes, \(self.sent)
      """
    case .peerFailed:
      "n\(self.peer), \(self.sent)"
        + (Self.failure(self.words[3]).map { ", \($0)" } ?? "")
    case .contactRefused: "n\(self.peer), \(self.messageText ?? "")"
    case .flushed:
      "write \(self.words[0]), vote \(self.vote(at: 1)), log through \(self.place(3, term: 4))"
    case .applied, .snapshotInstalled: self.text(at: 0)
    case .snapshotBuilt: "\(self.text(at: 0)), \(self.words[3]) bytes"
    case .snapshotReceived:
      "\(self.text(at: 0)), \(self.words[3]) bytes, question \(self.words[4])"
    }
  }

  private static func text(_ switches: EngineSwitches) -> String {
    let named: [(EngineSwitches, String)] = [
      (.tick, "tick"), (.heartbeat, "heartbeat"), (.election, "election"), (.preVote, "pre-vote"),
    ]
    let on = named.filter { switches.contains($0.0) }.map(\.1)
    return on.isEmpty ? "all off" : "on: " + on.joined(separator: ", ")
  }

  /// What the message says that brought the input; `nil` if none did.
  package var messageText: String? {
    switch self.kind {
    case .appendReceived:
      """
      \(self.vote(at: 0)), after \(self.place(2, term: 3)), \(self.entries), committed \
      \(Self.index(self.words[4]))
      """
    case .voteRequested, .preVoteRequested:
      "\(self.vote(at: 0)), log through \(self.text(at: 2))"
        + (self.flag(1) ? ", asked to take over in term \(self.words[5])" : "")
    case .transferRequested:
      "\(self.vote(at: 0)) wants n\(self.words[2]), log through \(self.place(3, term: 4))"
    case .snapshotOffered:
      "\(self.vote(at: 0)), through \(self.text(at: 2)), \(self.words[5]) bytes"
    case .appendAnswered:
      "\(self.outcome), \(self.sent)"
        + (self.words[5] == 0 ? "" : ", data \(Incarnation(self.words[5]))")
    case .voteAnswered, .preVoteAnswered:
      """
      \(self.flag(1) ? "granted" : "refused") under T\(self.words[2])-N\(self.words[3]), holds \
      \(self.vote(at: 0)), log through \(self.place(4, term: 5))
      """
    case .snapshotAnswered:
      "holds \(self.vote(at: 3)), through \(Self.index(self.words[5])), \(self.sent)"
    case .contactRefused: "lives as data \(Incarnation(self.words[0]))"
    case .transferAnswered: self.isAnswered ? self.takeover : nil
    default: nil
    }
  }

  /// What the message is called that brought the input; `nil` if none did.
  package var messageName: String? {
    switch self.kind {
    case .appendReceived: self.words[5] == 0 ? "heartbeat" : "append"
    case .voteRequested: "vote request"
    case .preVoteRequested: "pre-vote request"
    case .transferRequested: "transfer request"
    case .snapshotOffered: "snapshot"
    case .appendAnswered: "answer to append"
    case .voteAnswered: "answer to vote request"
    case .preVoteAnswered: "answer to pre-vote request"
    case .snapshotAnswered: "answer to snapshot"
    case .contactRefused: "refusal"
    case .transferAnswered: self.isAnswered ? "answer to transfer request" : nil
    default: nil
    }
  }

  /// Whether a request to take over was answered, and did not come to nothing.
  private var isAnswered: Bool { self.flag(1) || self.flag(2) || self.flag(3) }

  /// What became of a request to take over.
  private var takeover: String {
    let asked = "under T\(self.words[0])-N\(self.words[1])"
    if self.flag(1) { return "accepted \(asked)" }
    if self.flag(2) { return "refused \(asked), holds \(self.vote(at: 2))" }
    guard self.flag(3) else { return "no answer \(asked)" }
    return """
      refused \(asked), log durable through \(self.place(4, term: 5)), not \
      \(self.place(2, term: 3))
      """
  }

  private var entries: String {
    let count = self.words[5] & 0xFFFF_FFFF
    return count == 0 ? "no entries" : "\(count) entries of \(self.words[5] >> 32) bytes"
  }

  private var outcome: String {
    if self.flag(2) { return "holds \(self.vote(at: 3))" }
    if self.flag(1) {
      return "conflict at \(Self.index(self.words[3])), hint \(Self.index(self.words[4]))"
    }
    return "matched through \(self.place(3, term: 4))"
  }

  private var sent: String { "session \(self.words[0]) message \(self.words[1])" }

  private func text(at place: Int) -> String {
    self.logID(at: place).map { "\($0)" } ?? "nothing"
  }

  /// An index and its term, as `42 of term 3`.
  private func place(_ index: Int, term: Int) -> String {
    self.words[index] == 0
      ? "nothing" : "\(Self.index(self.words[index])) of term \(self.words[term])"
  }

  private static func index(_ next: UInt64) -> String { next == 0 ? "nothing" : "\(next - 1)" }
}
