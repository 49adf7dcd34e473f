extension Engine {
  /// Stands behind a leader that a quorum chose; `false` if this node stands behind a later vote.
  mutating func follow(_ leader: Vote, _ sender: Sender) -> Bool {
    guard self.allows(leader, after: self.vote) else { return false }
    if leader != self.vote {
      self.stepDown(for: leader)
      self.adopt(leader)
    }
    if self.cluster == nil, let cluster = sender.cluster { self.adopt(cluster) }
    return true
  }

  mutating func appendReceived(
    _ header: AppendHeader, _ runs: [EntryRun], from sender: Sender, _ ticket: Ticket
  ) {
    guard Engine.isWellFormed(header, runs), header.vote.leader.node == sender.node,
      sender.node != self.id
    else {
      self.respond(ticket, .refused(.malformed))
      return
    }
    guard self.follow(header.vote, sender) else {
      self.respond(ticket, .append(.higherVote(self.vote)))
      return
    }
    for place in runs.indices where !self.fits(runs[place].kind) {
      self.stopForRole(ticket)
      return
    }
    self.give(promise: header.promise, to: sender.node)
    if let index = header.committed?.index {
      self.committedHeard = max(self.committedHeard ?? index, index)
    }
    if let previous = header.previous {
      switch self.compare(previous) {
      case .same: break
      case .different:
        let hint = self.log.lastLogID(notAfter: previous.index, ledAtMost: previous.leader)
        // It promises to wait, like any other answer, and so rests on the vote.
        self.respondToLeader(
          ticket, .conflict(rejected: previous, hint: hint), relyingOn: nil)
        return
      case .contradiction:
        self.diverged(at: previous, ticket)
        return
      }
    }
    for place in runs.indices {
      guard self.take(runs[place]) else {
        self.diverged(at: runs[place].firstLogID, ticket)
        return
      }
    }
    let proven = runs.last?.lastLogID ?? header.previous
    self.respondToLeader(ticket, .matched(through: proven), relyingOn: proven)
    self.believe(header.committed, proven: proven)
    self.checkRole(after: header)
  }

  /// Promises the leader to wait, and waits anew.
  ///
  /// A probe asks for no promise and renews nothing: its leader has lost the quorum, and whoever
  /// hears it, and perhaps has the longest log, must be free to stand (openraft#2080).
  private mutating func give(promise duration: Int64, to leader: NodeID) {
    guard duration > 0 else { return }
    self.preVote = nil
    self.isBehind = false
    self.isNeeded = false
    self.resetElectionTimer()
    let until = self.now.advanced(byNanoseconds: duration)
    self.promise = Promise(holder: leader, until: max(until, self.promise?.until ?? until))
  }

  /// The first index that may still be replaced: entries before it are known to be committed.
  ///
  /// A leader proposes a membership only when the one before it is committed.
  @inline(__always)
  private var settled: LogIndex {
    max(self.committed.nextIndex, self.membership.committed.logID.nextIndex)
  }

  enum Comparison {
    case same
    case different
    case contradiction
  }

  /// Whether this log holds the position.
  ///
  /// What is committed here is held by every leader.
  @inline(__always)
  func compare(_ logID: LogID) -> Comparison {
    if let purged = self.log.purged, logID.index < purged.index { return .same }
    if self.log.contains(logID) { return .same }
    return logID.index < self.settled ? .contradiction : .different
  }

  /// Takes the entries of a run that this log does not hold yet.
  ///
  /// Entries that agree stay, also behind the message's end: it may be an old one (§3.5). `false`
  /// if the run contradicts what is committed here; then nothing was changed by it.
  private mutating func take(_ run: EntryRun) -> Bool {
    // Leaderships never go back along a log, also where this one was purged.
    if let committed = self.committed, committed.index < run.last, run.leader < committed.leader {
      return false
    }
    var first = max(run.first, self.log.first)
    while first <= run.last, let end = self.log.last, first <= end.index {
      guard self.log.leader(at: first) == run.leader else {
        guard first >= self.settled else { return false }
        self.truncate(from: first)
        break
      }
      first = min(self.log.runEnd(at: first) ?? first, run.last).next
    }
    guard first <= run.last else { return true }
    self.log.append(run.leader, from: first, through: run.last)
    if let membership = run.membership {
      self.membership.append(LoggedMembership(logID: run.lastLogID, membership: membership))
    }
    self.lastTimestamp = max(self.lastTimestamp, run.timestamp)
    let io = self.submit()
    self.commands.append(.appendReceived(first: first, through: run.last, io))
    return true
  }

  private mutating func truncate(from index: LogIndex) {
    self.log.truncate(after: index.previous)
    self.membership.truncate(from: index)
    self.io.cut(after: index.previous)
    self.commands.append(.truncate(after: self.log.last))
  }

  /// The leader knows this position to be committed; this node knows its log to agree with the
  /// leader's only as far as this very message proved it (S31).
  private mutating func believe(_ committed: LogID?, proven: LogID?) {
    guard let committed, let proven else { return }
    let index = min(committed.index, proven.index)
    guard index >= self.committed.nextIndex, let logID = self.log.logID(at: index) else { return }
    self.setCommitted(logID)
  }

  /// Some node lost what it had acknowledged.
  ///
  /// Nothing is overwritten; the node stops.
  mutating func diverged(at logID: LogID, _ ticket: Ticket) {
    self.respond(ticket, .refused(.malformed))
    self.commands.append(.stop(.diverged(at: logID)))
  }
}
