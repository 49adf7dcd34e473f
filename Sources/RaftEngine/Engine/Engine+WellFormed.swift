/// What no correct peer ever sends; whatever else a message says is taken seriously.
extension Engine {
  /// The longest promise that any leader may ask for: one minute.
  private static let promiseMax: Int64 = 60_000_000_000

  /// Rounds and places beyond this number are not reached by counting; taken for real, they would
  /// leave no room to count on.
  private static let numberMax: UInt64 = 1 << 62

  static func isPossible(_ vote: Vote) -> Bool { vote.term.rawValue <= Self.numberMax }

  private static func isPossible(_ index: LogIndex) -> Bool { index.rawValue <= Self.numberMax }

  private static func isPossible(_ logID: LogID) -> Bool {
    Self.isPossible(logID.index) && logID.leader.term.rawValue <= Self.numberMax
  }

  /// A question for a vote: a candidate speaks for itself.
  static func isWellFormed(_ request: VoteRequest, from sender: Sender) -> Bool {
    !request.vote.isCommitted && request.vote.leader.node == sender.node
      && Self.isPossible(request.vote) && request.lastLogID.map(Self.isPossible) ?? true
  }

  /// An append: a vote that a quorum chose, and entries in order, without gaps, written by the
  /// leader itself or by leaders before it.
  static func isWellFormed(_ header: AppendHeader, _ runs: [EntryRun]) -> Bool {
    guard header.vote.isCommitted, Self.isPossible(header.vote),
      (0...Self.promiseMax).contains(header.promise),
      header.previous.map(Self.isPossible) ?? true
    else { return false }
    var last = header.previous
    for place in runs.indices {
      guard runs[place].first == last.nextIndex,
        last.map({ $0.leader <= runs[place].leader }) ?? true, Self.isPossible(runs[place].last),
        runs[place].kind != .withheld || runs[place].byteCount == 0
      else { return false }
      last = runs[place].lastLogID
    }
    return last.map { $0.leader <= header.vote.leader } ?? true
  }

  /// A snapshot: it ends with an entry of the leader or of one before it, and its membership does
  /// not lie behind that entry.
  static func isWellFormed(_ meta: SnapshotMeta, under leader: Vote) -> Bool {
    let last = meta.lastLogID
    let membership = meta.membership.logID
    return leader.isCommitted && Self.isPossible(leader) && Self.isPossible(last)
      && last.leader <= leader.leader
      && membership.map { $0.index <= last.index && $0.leader <= last.leader } ?? true
  }
}
