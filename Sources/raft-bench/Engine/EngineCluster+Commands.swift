import RaftEngine

/// What a runtime does, as if it took no time.
extension EngineCluster {
  mutating func carryOut(
    _ command: Command, of place: Int, handling input: Input
  ) throws(BenchFailure) {
    switch command {
    case .saveVote(_, let io), .adoptCluster(_, let io), .appendReceived(_, _, let io):
      self.post(place, .flushed(io))
    case .appendProposed(let run, let io):
      guard run.first == self.runs.last.map({ $0.last.next }) ?? run.first else {
        throw BenchFailure("node \(place + 1) appends \(run) behind \(self.runs.suffix(1))")
      }
      self.runs.append(run)
      self.post(place, .flushed(io))
    case .purge(let logID):
      self.purge(place, through: logID.index)
    case .sendAppend(let peer, let last, let message, let header, let isSized):
      try self.send(header, through: last, from: place, to: peer, message, isSized: isSized)
    case .sendHeartbeat(let peer, let message, let header):
      self.deliver(header, [], from: place, to: peer, message)
    case .requestVote(let peer, let request):
      self.ask(peer, of: place, .vote(candidate: place, under: request.vote)) {
        .voteRequested(request, from: $0, $1)
      }
    case .requestPreVote(let peer, let request):
      self.ask(peer, of: place, .preVote(candidate: place, under: request.vote)) {
        .preVoteRequested(request, from: $0, $1)
      }
    case .sendTransfer(let peer, let request):
      self.ask(peer, of: place, .transfer(leader: place, under: request.from)) {
        .transferRequested(request, $1)
      }
    case .sendSnapshot(let peer, let vote, let session, let message):
      try self.sendSnapshot(from: place, to: peer, vote, session, message)
    case .apply(let logID):
      self.post(place, .applied(through: logID))
    case .buildSnapshot:
      try self.buildSnapshot(place)
    case .receiveSnapshot(let meta, let ticket):
      self.post(place, .snapshotReceived(meta, ticket))
    case .installSnapshot(let meta):
      self.snapshots[place] = meta
      self.post(place, .snapshotInstalled(through: meta.lastLogID))
    case .respond(let ticket, let response):
      try self.answer(ticket, response, of: place)
    case .noteCommitted, .truncate, .abandonWrites:
      // Nothing is stored here, and nobody waits.
      break
    case .refuseProposed, .stop:
      throw BenchFailure("node \(place + 1), told \(input): \(command)")
    }
  }

  private mutating func post(_ place: Int, _ input: Input) {
    self.posts.append(Post(place: place, input: input))
  }

  /// The place of a node.
  private func place(of id: NodeID) -> Int { Int(id.rawValue) - 1 }

  /// Who sends from there.
  private func sender(_ place: Int) -> Sender {
    Sender(node: self.nodes[place][0].id, cluster: self.nodes[place][0].cluster)
  }

  private func isCut(_ place: Int, _ other: Int) -> Bool {
    self.unreachable.contains(place) || self.unreachable.contains(other)
  }

  /// Asks a peer something that is lost if the peer cannot be reached.
  private mutating func ask(
    _ peer: NodeID, of place: Int, _ question: Question, _ input: (Sender, Ticket) -> Input
  ) {
    guard !self.isCut(place, self.place(of: peer)) else { return }
    let ticket = self.ticket(question)
    self.post(self.place(of: peer), input(self.sender(place), ticket))
  }

  // MARK: Appends

  private mutating func send(
    _ header: AppendHeader, through last: LogIndex, from place: Int, to peer: NodeID,
    _ message: UInt64, isSized: Bool
  ) throws(BenchFailure) {
    let first = header.previous.nextIndex
    let start = self.firstRun(endingAtLeast: first)
    let runs = self.runs[start...].prefix { $0.first <= last }
    guard runs.first?.first == first, runs.last?.last == last else {
      throw BenchFailure("node \(place + 1) sends \(first)...\(last) of \(self.runs.count) runs")
    }
    if !isSized {
      let sent = Sent(
        peer: peer, session: header.session, message: message, at: self.now,
        promise: header.promise)
      self.post(
        place, .appendSent(through: last, byteCount: runs.reduce(0) { $0 + $1.byteCount }, sent))
    }
    self.deliver(header, Array(runs), from: place, to: peer, message)
  }

  /// By halving: where the first run is that ends at this index or behind it.
  private func firstRun(endingAtLeast index: LogIndex) -> Int {
    var (low, high) = (0, self.runs.count)
    while low < high {
      let middle = (low + high) / 2
      if self.runs[middle].last < index { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private mutating func deliver(
    _ header: AppendHeader, _ runs: [EntryRun], from place: Int, to peer: NodeID, _ message: UInt64
  ) {
    let sent = Sent(
      peer: peer, session: header.session, message: message, at: self.now, promise: header.promise)
    guard !self.isCut(place, self.place(of: peer)) else {
      self.post(place, .peerFailed(.unreachable, sent))
      return
    }
    let ticket = self.ticket(.append(leader: place, sent))
    self.post(self.place(of: peer), .appendReceived(header, runs, from: self.sender(place), ticket))
  }

  private mutating func purge(_ place: Int, through index: LogIndex) {
    self.purged[place] = index
    let all = self.purged.compactMap(\.self)
    guard all.count == self.nodes.count, let least = all.min() else { return }
    self.runs.removeFirst(self.firstRun(endingAtLeast: least.next))
  }

  // MARK: Snapshots

  private mutating func buildSnapshot(_ place: Int) throws(BenchFailure) {
    let engine = self.nodes[place][0]
    guard let applied = engine.applied else {
      throw BenchFailure("node \(place + 1) builds a snapshot of nothing")
    }
    let meta = SnapshotMeta(lastLogID: applied, membership: engine.membership.committed)
    self.snapshots[place] = meta
    self.post(place, .snapshotBuilt(meta))
  }

  private mutating func sendSnapshot(
    from place: Int, to peer: NodeID, _ vote: Vote, _ session: UInt64, _ message: UInt64
  ) throws(BenchFailure) {
    guard let meta = self.snapshots[place] else {
      throw BenchFailure("node \(place + 1) has no snapshot to send")
    }
    let sent = Sent(peer: peer, session: session, message: message, at: self.now)
    guard !self.isCut(place, self.place(of: peer)) else {
      self.post(place, .peerFailed(.unreachable, sent))
      return
    }
    self.ask(peer, of: place, .snapshot(leader: place, meta, sent)) {
      .snapshotOffered(vote, meta, from: $0, $1)
    }
  }

  // MARK: Answers

  private mutating func answer(
    _ ticket: Ticket, _ response: Response, of place: Int
  ) throws(BenchFailure) {
    guard let question = self.questions.removeValue(forKey: ticket.number) else {
      throw BenchFailure("node \(place + 1) answers \(ticket) twice: \(response)")
    }
    let (id, life) = (self.nodes[place][0].id, self.nodes[place][0].incarnation)
    switch (question, response) {
    case (.scenario, _):
      self.answers.append(response)
    case (.append(let leader, let sent), .append(let outcome)):
      guard !self.isCut(place, leader) else { return }
      self.post(leader, .appendAnswered(outcome, sent, by: life))
    case (.vote(let candidate, let vote), .vote(var answer)):
      answer.incarnation = life
      self.post(candidate, .voteAnswered(answer, from: id, under: vote))
    case (.preVote(let candidate, let vote), .vote(var answer)):
      answer.incarnation = life
      self.post(candidate, .preVoteAnswered(answer, from: id, under: vote))
    case (.transfer(let leader, let vote), .transfer(let answer)):
      self.post(leader, .transferAnswered(answer, from: id, under: vote))
    case (.snapshot(let leader, let meta, let sent), .snapshot(let vote)):
      self.post(leader, .snapshotAnswered(vote, through: meta.lastLogID, sent, by: life))
    default:
      throw BenchFailure("node \(place + 1) answers \(question) by \(response)")
    }
  }
}
