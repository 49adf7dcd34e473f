import RaftEngine

/// What the runtime of a node does.
extension Cluster {
  func carryOut(_ command: Command, of node: ModelNode) throws(Violation) {
    switch command {
    case .saveVote(let vote, let io):
      self.write(.vote(vote), io, on: node)
    case .adoptCluster(let cluster, let io):
      self.write(.cluster(cluster), io, on: node)
    case .appendProposed(let run, let io):
      let entries = self.entries(of: run, on: node)
      try self.oracle.appended(entries, to: node)
      self.write(.append(entries), io, on: node)
    case .appendReceived(let first, let through, let io):
      let entries = node.incoming.filter { $0.index >= first && $0.index <= through }
      try self.oracle.appended(entries, to: node)
      self.write(.append(entries), io, on: node)
    case .truncate(let last):
      self.write(.truncate(after: last), nil, on: node)
    case .purge(let logID):
      self.write(.purge(through: logID), nil, on: node)
    case .noteCommitted(let logID):
      self.write(.committed(logID), nil, on: node)
    case .refuseProposed:
      node.openBatch = []
    case .abandonWrites(let last):
      node.waiting = node.waiting.filter { $0.key < last.nextIndex }
    case .sendAppend(let peer, let header, let through, let message):
      guard
        let entries = node.store.readable.log.entries(
          from: header.previous.nextIndex, through: through)
      else {
        throw Violation(description: "sends what it has not: \(command) of \(node.engine)")
      }
      self.agenda.add(
        .sized(
          node.id, life: node.life, through: through,
          Sent(
            peer: peer, session: header.session, message: message, at: self.instant)),
        at: self.now)
      self.send(header, entries, to: peer, message, of: node)
    case .sendHeartbeat(let peer, let header, let message):
      self.send(header, [], to: peer, message, of: node)
    case .requestVote(let peer, let request):
      try self.oracle.spoke(node, under: request.vote)
      self.send(self.packet(from: node, to: peer, .vote(request)))
    case .requestPreVote:
      preconditionFailure("pre-votes are tried in the simulator")
    case .sendSnapshot(let peer, let vote, let session, let message):
      guard let snapshot = node.store.snapshot else {
        throw Violation(description: "has no snapshot to send: \(node.engine)")
      }
      let sent = Sent(peer: peer, session: session, message: message, at: self.instant)
      self.send(self.packet(from: node, to: peer, .snapshot(vote, snapshot, sent)))
    case .apply(let logID):
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
      throw Violation(description: "stopped, \(reason): \(node.engine)")
    }
  }

  private var flushDelay: Int64 {
    self.isCalm ? min(milliseconds, self.plan.flushDelay) : self.plan.flushDelay
  }

  private var machineDelay: Int64 {
    self.isCalm ? min(milliseconds, self.plan.machineDelay) : self.plan.machineDelay
  }

  private func packet(from node: ModelNode, to peer: NodeID, _ content: Packet.Content) -> Packet {
    Packet(from: node.id, fromLife: node.life, to: peer, life: 0, content: content)
  }

  private func send(
    _ header: AppendHeader, _ entries: [ModelEntry], to peer: NodeID, _ message: UInt64,
    of node: ModelNode
  ) {
    let sent = Sent(peer: peer, session: header.session, message: message, at: self.instant)
    self.send(self.packet(from: node, to: peer, .append(header, entries, sent)))
  }

  /// The entries that the engine gave positions to: the open batch, or one entry of the engine.
  private func entries(of run: EntryRun, on node: ModelNode) -> [ModelEntry] {
    var payloads = node.openBatch
    node.openBatch = []
    if run.kind != .command {
      self.payloads += 1
      // A founder that lost its first write repeats it.
      payloads = run.first == 0 ? [0] : [self.payloads]
    }
    return payloads.enumerated().map { offset, payload in
      let entry = ModelEntry(
        logID: LogID(leader: run.leader, index: run.first + offset), kind: run.kind,
        timestamp: run.timestamp, membership: run.membership, payload: payload)
      if run.kind == .command { node.waiting[entry.index] = payload }
      return entry
    }
  }

  private func write(_ write: ModelStore.Write, _ io: IOID?, on node: ModelNode) {
    node.store.write(write, io)
    self.startFlush(node)
  }

  private func startFlush(_ node: ModelNode) {
    guard !node.isFlushing, node.store.pendingCount > 0 else { return }
    node.isFlushing = true
    let delay = self.random.duration(upTo: self.flushDelay)
    self.agenda.add(.flush(node.id, life: node.life), at: self.now + delay)
  }

  /// Some of the oldest writes become durable; the report may come late, and after later ones.
  func flush(_ node: ModelNode) {
    node.isFlushing = false
    let count = Int.random(in: 1...node.store.pendingCount, using: &self.random)
    if let io = node.store.flush(count) {
      let delay = self.random.duration(upTo: self.flushDelay)
      self.agenda.add(.flushed(node.id, life: node.life, io), at: self.now + delay)
    }
    self.startFlush(node)
  }

  // MARK: Machine

  private func apply(through logID: LogID, on node: ModelNode) throws(Violation) {
    let first = node.machine.handedOver.nextIndex
    guard
      let entries = node.store.readable.log.entries(from: first, through: logID.index),
      entries.last?.logID == logID
    else {
      throw Violation(description: "applies what it has not: \(first)...\(logID) \(node.engine)")
    }
    node.machine.handedOver = logID
    self.give(.apply(entries), to: node)
  }

  private func give(_ work: ModelMachine.Work, to node: ModelNode) {
    node.machine.queue.append(work)
    self.startMachine(node)
  }

  private func startMachine(_ node: ModelNode) {
    guard !node.isMachineBusy, !node.machine.queue.isEmpty else { return }
    node.isMachineBusy = true
    let delay = self.random.duration(upTo: self.machineDelay)
    self.agenda.add(.machine(node.id, life: node.life), at: self.now + delay)
  }

  func work(_ node: ModelNode) throws(Violation) {
    node.isMachineBusy = false
    let work = node.machine.queue.removeFirst()
    self.startMachine(node)
    switch work {
    case .apply(let entries):
      for entry in entries {
        try self.oracle.applies(entry, on: node)
        node.machine.state.apply(entry)
        if let payload = node.waiting.removeValue(forKey: entry.index) {
          try self.oracle.acknowledges(payload, at: entry, on: node)
        }
      }
      try self.step(node, .applied(through: entries.last!.logID))
    case .install(let meta):
      guard let snapshot = node.received[meta] else {
        throw Violation(description: "installs a snapshot that it has not: \(meta)")
      }
      node.machine.state = snapshot.state
      try self.step(node, .snapshotInstalled(through: meta.lastLogID))
    case .build:
      let state = node.machine.state
      guard let applied = state.applied, !self.random.happens(perMille: 100) else {
        return try self.step(node, .snapshotBuildFailed)
      }
      let meta = SnapshotMeta(lastLogID: applied, membership: state.membership)
      if applied.index >= node.store.snapshot?.meta.lastLogID.index.next ?? 0 {
        node.store.snapshot = ModelSnapshot(meta: meta, state: state)
      }
      try self.step(node, .snapshotBuilt(meta))
    }
  }

  private func receiveSnapshot(_ ticket: Ticket, on node: ModelNode) {
    guard case .snapshot(_, _, _, let snapshot, _) = node.questions[ticket] else { return }
    let delay = self.random.duration(upTo: 10 * self.network.delay)
    self.agenda.add(
      .snapshotReceived(node.id, life: node.life, snapshot, ticket), at: self.now + delay)
  }

  func received(
    _ snapshot: ModelSnapshot, _ ticket: Ticket, on node: ModelNode
  ) throws(Violation) {
    if self.random.happens(perMille: 100) {
      if case .snapshot(let peer, let life, _, _, let sent) = node.questions.removeValue(
        forKey: ticket)
      {
        self.reportFailure(to: peer, life: life, sent, isCertain: true)
      }
      return try self.step(node, .snapshotReceptionFailed(ticket))
    }
    node.received[snapshot.meta] = snapshot
    if snapshot.meta.lastLogID.index >= node.store.snapshot?.meta.lastLogID.index.next ?? 0 {
      node.store.snapshot = snapshot
    }
    try self.step(node, .snapshotReceived(snapshot.meta, ticket))
  }

  // MARK: Answers

  private func respond(
    _ ticket: Ticket, _ response: Response, of node: ModelNode
  ) throws(Violation) {
    guard let question = node.questions.removeValue(forKey: ticket) else {
      throw Violation(description: "answers \(ticket) twice: \(response) of \(node.engine)")
    }
    switch (question, response) {
    case (.append(let peer, let life, let sent), .append(let outcome)):
      try self.oracle.answers(outcome, of: node)
      self.answer(.appendAnswer(outcome, sent), from: node, to: peer, life)
    case (.vote(let peer, let life, let request), .vote(let answer)):
      if answer.isGranted { try self.oracle.spoke(node, under: request.vote) }
      self.answer(.voteAnswer(answer, under: request.vote), from: node, to: peer, life)
    case (.snapshot(let peer, let life, let asked, let snapshot, let sent), .snapshot(let vote)):
      let logID = snapshot.meta.lastLogID
      if vote == asked, vote == node.engine.vote {
        try self.oracle.answers(.matched(through: logID), of: node)
      }
      self.answer(.snapshotAnswer(vote, through: logID, sent), from: node, to: peer, life)
    case (.append(let peer, let life, let sent), .refused),
      (.snapshot(let peer, let life, _, _, let sent), .refused):
      self.reportFailure(to: peer, life: life, sent, isCertain: true)
    case (.read(let floor), .readable(let logID)):
      try self.oracle.reads(from: logID, floor: floor, on: node)
    case (.vote, .refused), (.transfer, _), (.bootstrap, _), (.membership, _),
      (.read, .readRefused):
      break
    default:
      throw Violation(description: "answers \(question) by \(response)")
    }
  }

  private func answer(
    _ content: Packet.Content, from node: ModelNode, to peer: NodeID, _ life: Int
  ) {
    self.send(Packet(from: node.id, fromLife: node.life, to: peer, life: life, content: content))
  }
}
