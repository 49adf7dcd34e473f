import RaftEngine

/// What the runtime of a node does.
extension World {
  func carryOut(_ node: SimulatedNode, leadBefore: Vote? = nil) throws(Finding) {
    node.drainCommands()
    for place in node.batch.indices {
      self.trace(.command, node, PlainWords.of(node.batch[place]))
      try self.carryOut(node.batch[place], of: node, leadBefore)
    }
    node.batch.removeAll(keepingCapacity: true)
  }

  private func carryOut(
    _ command: Command, of node: SimulatedNode, _ leadBefore: Vote?
  ) throws(Finding) {
    switch command {
    case .saveVote(let vote, let io):
      self.write(.vote(vote), io, on: node)
    case .adoptCluster(let cluster, let io):
      self.write(.cluster(cluster), io, on: node)
    case .appendProposed(let run, let io):
      try self.appendProposed(run, io, on: node)
    case .appendReceived(let first, let through, let io):
      try self.appendReceived(from: first, through: through, io, on: node)
    case .truncate(let last):
      try self.truncate(after: last, on: node, leadBefore)
    case .purge(let logID):
      let chain = node.received.last { $0.meta.lastLogID == logID }?.chain
      guard node.disk.readable.log.canPurge(through: logID, chain: chain) else {
        throw Finding(.soundCommands, "purges \(logID), which it has not: \(node.summary)")
      }
      self.write(.purge(through: logID, chain: chain), nil, on: node)
    case .noteCommitted(let logID):
      try self.committed(through: logID.index, on: node)
      self.write(.committed(logID), nil, on: node)
    case .refuseProposed:
      try self.refuseOpenBatch(of: node)
    case .abandonWrites(let last):
      self.abandonWrites(after: last, on: node)
    case .sendAppend(let peer, let through, let message, let header, let isSized):
      guard
        let entries = node.disk.readable.log.entries(
          from: header.previous.nextIndex, through: through)
      else {
        throw Finding(
          .soundCommands, "sends what it has not: \(PlainWords.of(command)) of \(node.summary)")
      }
      if let last = entries.last?.logID, self.role(of: peer, by: node) == .witness {
        try self.checkers.wholeCopies.sends(
          last, to: peer, isHeld: self.isHeldByReplica(last, of: node))
      }
      self.sendAppend(header, entries, to: peer, message, isSized: isSized, of: node)
    case .sendHeartbeat(let peer, let message, let header):
      // A change that this step begins counts from the next one on.
      if header.promise > 0, node.engine.membership.isSettled {
        try self.checkers.quorumContact.asks(
          header.vote, for: header.promise, hasContact: node.engine.hasQuorumContact)
      }
      self.send(header, [], to: peer, message, of: node)
    case .requestVote(let peer, let request):
      try self.checkers.promisesKept.spoke(
        node.id, under: request.vote, durable: node.disk.durable.vote)
      self.send(self.packet(from: node, to: peer, .vote(request)))
    case .requestPreVote(let peer, let request):
      self.checkers.candidacies.asked(request.vote)
      self.send(self.packet(from: node, to: peer, .preVote(request)))
    case .sendTransfer(let peer, let request):
      self.coverage.transfersRequested += 1
      try self.checkers.asksToTakeOver(request, self.node(peer), by: node)
      self.send(self.packet(from: node, to: peer, .transfer(request)))
    case .sendSnapshot(let peer, let vote, let session, let message):
      guard let snapshot = node.disk.snapshot else {
        throw Finding(.soundCommands, "has no snapshot to send: \(node.summary)")
      }
      let sent = Sent(
        peer: peer, session: session, message: message, at: node.clock.instant(at: self.now))
      let offered = snapshot.form(for: self.role(of: peer, by: node))
      self.send(self.packet(from: node, to: peer, .snapshot(vote, offered, sent)))
    case .apply(let logID):
      if leadBefore == nil, !node.standing.isLeader {
        try self.checkers.stateMachineSafety.handsOver(
          logID, isHeld: node.disk.holdsDurably(logID), node: node.id)
      }
      try self.apply(through: logID, on: node)
    case .buildSnapshot:
      self.give(.build, to: node)
    case .receiveSnapshot(_, let ticket):
      self.receiveSnapshot(ticket, on: node)
    case .installSnapshot(let meta):
      node.machine.handedOver = meta.lastLogID
      self.give(.install(meta), to: node)
    case .respond(let ticket, let response):
      try self.respond(ticket, response, of: node)
    case .stop(let reason):
      if let onStop = self.onStop {
        self.losePower(node, .allWrites)
        return onStop(node.id, reason)
      }
      throw Finding(.soundCommands, "stopped, \(reason): \(node.summary)")
    }
  }

  // MARK: Sending

  /// What kind of member a leader takes its peer for.
  private func role(of peer: NodeID, by leader: SimulatedNode) -> Member.Role {
    leader.engine.role(of: peer) ?? self.plan.role(of: peer)
  }

  /// Whether a replica of each configuration has the entry durably, the leader where it has a vote.
  ///
  /// Where the leader has no vote itself it goes by what others confirmed; if they have left it, or
  /// lost their disks, who had it may have it no more.
  private func isHeldByReplica(_ logID: LogID, of leader: SimulatedNode) -> Bool {
    guard let membership = leader.engine.effective else { return false }
    return membership.configurations.allSatisfy { voters in
      guard !voters.contains(leader.id) else { return leader.disk.holdsDurably(logID) }
      return self.nodes.contains { node in
        node.hasBeenEmptied || node.engine.vote.term > leader.engine.vote.term
          || voters.contains(node.id) && !membership.isWitness(node.id)
            && node.disk.holdsDurably(logID)
      }
    }
  }

  private func packet(
    from node: SimulatedNode, to peer: NodeID, _ content: Packet.Content
  ) -> Packet {
    Packet(
      from: node.id, fromLife: node.life, to: peer, life: 0, content: content,
      contact: node.engine.contact(to: peer), incarnation: node.incarnation)
  }

  private func send(
    _ header: AppendHeader, _ entries: ArraySlice<SimulatedEntry>, to peer: NodeID,
    _ message: UInt64, of node: SimulatedNode
  ) {
    let sent = self.sent(header, to: peer, message, of: node)
    // A slice of the log would keep all of the log alive, and be copied when the log grows.
    let role = self.role(of: peer, by: node)
    let copy = ArraySlice(entries.map { $0.form(for: role) })
    self.send(self.packet(from: node, to: peer, .append(header, copy, sent)))
  }

  /// Sends as many of the entries as the size of a message allows, and tells the engine, unless it
  /// knows.
  private func sendAppend(
    _ header: AppendHeader, _ entries: ArraySlice<SimulatedEntry>, to peer: NodeID,
    _ message: UInt64, isSized: Bool, of node: SimulatedNode
  ) {
    let count = min(entries.count, self.plan.entriesPerMessage)
    let sent = self.sent(header, to: peer, message, of: node)
    if !isSized || count < entries.count {
      self.agenda.add(
        .sized(
          node.id, life: node.life, through: entries[entries.startIndex + count - 1].index,
          byteCount: SimulatedEntry.byteCount * count, sent),
        at: self.now + self.dice.duration(upTo: 40_000))
    }
    self.send(header, entries.prefix(count), to: peer, message, of: node)
  }

  private func sent(
    _ header: AppendHeader, to peer: NodeID, _ message: UInt64, of node: SimulatedNode
  ) -> Sent {
    Sent(
      peer: peer, session: header.session, message: message,
      at: node.clock.instant(at: self.now), promise: header.promise)
  }

  // MARK: Log

  private func appendProposed(_ run: EntryRun, _ io: IOID, on node: SimulatedNode) throws(Finding) {
    let log = node.disk.readable.log
    try self.checkers.leaderAppendOnly.proposed(
      run.firstLogID, after: log.last, vote: node.engine.vote)
    let entries = self.entries(of: run, behind: log.chain, on: node)
    try self.checkers.logMatching.proposed(entries, after: log.chain, node: node.id)
    if let membership = run.membership {
      try self.proposed(membership, at: run.firstLogID, log, on: node)
    }
    self.write(.append(entries), io, on: node)
  }

  private func proposed(
    _ membership: Membership, at logID: LogID, _ log: SimulatedLog, on node: SimulatedNode
  ) throws(Finding) {
    var current = node.disk.snapshot?.meta.membership ?? .none
    if let entry = log.entries.last(where: { $0.membership >= 0 }),
      entry.index >= current.logID.nextIndex
    {
      current = LoggedMembership(
        logID: entry.logID, membership: self.memberships[Int(entry.membership)])
    }
    try self.checkers.configurationOverlap.proposed(
      LoggedMembership(logID: logID, membership: membership), after: current, self.history)
    if membership.isJoint { self.layAmbush(for: node) }
  }

  private func appendReceived(
    from first: LogIndex, through last: LogIndex, _ io: IOID, on node: SimulatedNode
  ) throws(Finding) {
    guard let start = node.incoming.first?.index, start <= first,
      start.distance(to: last) < node.incoming.count
    else {
      throw Finding(.soundCommands, "takes \(first)...\(last), which did not come")
    }
    let offset = node.incoming.startIndex
    let entries = node.incoming[
      (offset + start.distance(to: first))...(offset + start.distance(to: last))]
    let log = node.disk.readable.log
    guard log.last.nextIndex == first else {
      throw Finding(
        .soundCommands, "takes \(first)...\(last) behind \(String(describing: log.last))")
    }
    try self.checkers.wholeCopies.stores(entries, node: node.id)
    self.coverage.positionsWithheld += entries.count { $0.kind == .withheld }
    try self.checkers.logMatching.received(entries, after: log.chain, node: node.id)
    self.write(.append(entries), io, on: node)
  }

  private func truncate(
    after last: LogID?, on node: SimulatedNode, _ leadBefore: Vote?
  ) throws(Finding) {
    let log = node.disk.readable.log
    if let vote = leadBefore, node.standing.isLeader, node.engine.vote == vote {
      throw self.checkers.leaderAppendOnly.truncated(after: last, leadingSince: vote)
    }
    try self.checkers.committedNeverLost.truncated(
      log, after: last, following: node.engine.vote.leader,
      snapshot: node.disk.snapshot?.meta.lastLogID, node: node.id, self.history)
    if log.last != last { self.coverage.truncations += 1 }
    self.write(.truncate(after: last), nil, on: node)
  }

  /// The entries that the engine gave positions to: the open batch, or one entry of the engine.
  private func entries(
    of run: EntryRun, behind history: UInt64, on node: SimulatedNode
  ) -> ArraySlice<SimulatedEntry> {
    var chain = history
    guard run.kind == .command else {
      self.ownPayloads += 1
      var place: Int32 = -1
      if let membership = run.membership {
        place = Int32(self.memberships.count)
        self.memberships.append(membership)
      }
      // A founder that lost its first write repeats it.
      return [
        SimulatedEntry(
          logID: run.firstLogID, kind: run.kind, timestamp: run.timestamp, membership: place,
          payload: run.first == 0 ? 0 : self.ownPayloads, after: chain)
      ]
    }
    var entries: [SimulatedEntry] = []
    entries.reserveCapacity(node.openBatch.count)
    for call in node.openBatch {
      let logID = LogID(leader: run.leader, index: run.first + entries.count)
      let entry = SimulatedEntry(
        logID: logID, kind: .command, timestamp: run.timestamp, payload: UInt64(call), after: chain)
      chain = entry.chain
      entries.append(entry)
      node.waitingWrites.append(.init(index: logID.index, call: call))
    }
    node.openBatch = []
    return entries[...]
  }

  // MARK: Answers

  private func respond(
    _ ticket: Ticket, _ response: Response, of node: SimulatedNode
  ) throws(Finding) {
    guard let question = node.answered(ticket) else {
      throw Finding(
        .soundCommands, "answers \(ticket) twice: \(PlainWords.of(response)) of \(node.summary)")
    }
    self.onResponse?(ticket, response)
    switch (question, response) {
    case (.append(let peer, let life, let sent), .append(let outcome)):
      if case .matched(let through) = outcome { try self.confirms(through, of: node) }
      self.answer(.appendAnswer(outcome, sent), from: node, to: peer, life)
    case (.vote(let peer, let life, let request), .vote(let answer)):
      if answer.isGranted {
        try self.checkers.promisesKept.spoke(
          node.id, under: request.vote, durable: node.disk.durable.vote)
      } else {
        self.checkers.candidacies.refused(request.vote.term, by: node.id)
      }
      self.answer(
        .voteAnswer(node.stating(answer), under: request.vote), from: node, to: peer, life)
    case (.preVote(let peer, let life, let request), .vote(let answer)):
      try self.checkers.preVoted(
        node, request, answer.isGranted, at: node.clock.instant(at: self.now))
      self.answer(
        .preVoteAnswer(node.stating(answer), under: request.vote), from: node, to: peer, life)
    case (.snapshot(let peer, let life, let asked, let snapshot, let sent), .snapshot(let vote)):
      let logID = snapshot.meta.lastLogID
      if vote == asked, vote == node.engine.vote { try self.confirms(logID, of: node) }
      self.answer(.snapshotAnswer(vote, through: logID, sent), from: node, to: peer, life)
    case (.append(let peer, let life, let sent), .refused),
      (.snapshot(let peer, let life, _, _, let sent), .refused):
      self.reportFailure(to: peer, life: life, sent, .always)
    case (.read(let call, let floor), .readable(let logID, let end)):
      try self.checkers.clientOracle.admitted(from: logID, floor: floor, node: node.id)
      self.admitRead(call, from: logID, while: end, on: self.node(self.calls[call].node))
    case (.read(let call, _), .readRefused):
      self.answer(call, .refused)
    case (.membership(let expected), .membershipChanged(let logID, let membership)):
      try self.changed(membership, at: logID, insteadOf: expected, by: node)
    case (.membership, .membershipRefused(let refusal)):
      try self.checkers.clientOracle.refused(
        refusal, isJoint: node.engine.effective?.isJoint ?? false, node: node.id)
    case (.transfer(let peer, let life, let request), .transfer(let answer)):
      self.answer(.transferAnswer(answer, under: request.from), from: node, to: peer, life)
    case (.handover, .leadershipTransferred): self.coverage.transfersFinished += 1
    case (.handover, .transferRefused(.givenUp)): self.coverage.transfersGivenUp += 1
    case (.handover, .transferRefused(.replaced)): self.coverage.transfersReplaced += 1
    case (.vote, .refused), (.preVote, .refused), (.transfer, .refused),
      (.handover, .transferRefused), (.bootstrap, _), (.membership, _), (.byHand, _):
      break
    default:
      throw Finding(
        .soundCommands, "answers \(PlainWords.of(question)) by \(PlainWords.of(response))")
    }
  }

  /// An operator hears that a change of the membership is done.
  private func changed(
    _ membership: Membership, at logID: LogID, insteadOf expected: LogID?, by node: SimulatedNode
  ) throws(Finding) {
    let entry = self.history.entry(at: logID.index)
    let known = entry.flatMap { $0.logID == logID ? self.memberships[Int($0.membership)] : nil }
    try self.checkers.clientOracle.changed(membership, at: logID, known, node: node.id)
    guard let expected else { return }
    // A joint membership on the way is part of the change.
    let before = self.history.entries[..<Int(logID.index.rawValue)].last {
      $0.membership >= 0 && !self.memberships[Int($0.membership)].isJoint
    }
    try self.checkers.clientOracle.changed(before?.logID, expected: expected, node: node.id)
  }

  private func confirms(_ logID: LogID?, of node: SimulatedNode) throws(Finding) {
    try self.checkers.promisesKept.confirms(
      node.id, through: logID, vote: node.engine.vote, durable: node.disk.durable.vote,
      isHeld: logID.map { node.disk.holdsDurably($0) } ?? true)
  }

  private func answer(
    _ content: Packet.Content, from node: SimulatedNode, to peer: NodeID, _ life: Int
  ) {
    self.send(
      Packet(
        from: node.id, fromLife: node.life, to: peer, life: life, content: content,
        incarnation: node.incarnation))
  }
}
