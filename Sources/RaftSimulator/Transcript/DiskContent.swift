import Raft

/// What a node's disk holds.
struct DiskContent {
  var vote: Vote?
  var purged: LogID?
  var entries: [(logID: LogID, text: String)] = []

  /// One line for a reply: the vote, then each leadership's entries and where they begin.
  var line: String {
    var parts = [self.vote.map { "\($0)" } ?? "no vote"]
    if let purged = self.purged { parts.append("through \(purged) purged") }
    var leader: LeaderID?
    for entry in self.entries {
      if entry.logID.leader != leader {
        leader = entry.logID.leader
        parts.append("\(entry.logID)")
      }
      parts[parts.count - 1] += " \(entry.text)"
    }
    return parts.joined(separator: " | ")
  }

  /// How a command of a client is shown.
  static func text(register: Int, value: UInt64) -> String {
    value >= TranscriptOpening.firstValue
      ? "x" : "\(CallText.register(register))=\(value)"
  }
}
