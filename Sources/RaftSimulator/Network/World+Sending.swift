import RaftEngine

extension World {
  /// Sends a packet; whoever waits for an answer may hear of its loss.
  func send(_ unnumbered: Packet) {
    var packet = unnumbered
    self.network.number(&packet)
    if self.isTraced { self.tracer.sent(packet, in: self) }
    guard !self.network.isCut(from: packet.from, to: packet.to),
      !self.dice.happens(perMille: self.network.weather.lossPerMille)
    else {
      self.coverage.messagesLost += 1
      return self.lost(packet)
    }
    switch self.rules.verdict(on: packet, packet.kind, from: packet.from, to: packet.to) {
    case .carry: break
    case .twice: self.carry(packet)
    case .lose: return self.lost(packet)
    case .hold: return
    }
    guard !self.network.isHeld(packet) else {
      self.coverage.messagesHeld += 1
      return self.network.keepWaiting(packet)
    }
    self.carry(packet)
  }

  /// Most messages are quick; some overtake others by far.
  func carry(_ packet: Packet) {
    let weather = self.network.weather
    let isStraggler = self.dice.happens(perMille: weather.stragglersPerMille)
    let delay =
      50_000 + self.dice.duration(upTo: weather.delay) * (isStraggler ? 8 : 1)
      + self.network.extraDelay(from: packet.from, to: packet.to)
    self.agenda.add(.delivered(packet), at: self.now + delay)
    if self.dice.happens(perMille: weather.duplicatesPerMille) {
      self.coverage.messagesDuplicated += 1
      let later = delay + self.dice.duration(upTo: 4 * weather.delay)
      self.agenda.add(.delivered(packet), at: self.now + later)
    }
  }

  /// What a link held back goes on its way.
  func release(from: NodeID, to: NodeID) {
    for packet in self.network.release(from: from, to: to) { self.carry(packet) }
  }

  /// Losses of appends are reported sometimes, those of snapshots always.
  func lost(_ packet: Packet) {
    if self.isTraced { self.tracer.lost(packet, in: self) }
    switch packet.content {
    case .append(_, _, let sent):
      self.reportFailure(to: packet.from, life: packet.fromLife, sent, .sometimes)
    case .appendAnswer(_, let sent):
      self.reportFailure(to: packet.to, life: packet.life, sent, .sometimes)
    case .snapshot(_, _, let sent):
      self.reportFailure(to: packet.from, life: packet.fromLife, sent, .always)
    case .snapshotAnswer(_, _, let sent):
      self.reportFailure(to: packet.to, life: packet.life, sent, .always)
    case .transfer(let request):
      self.reportLoss(of: request, to: packet.from, life: packet.fromLife, by: packet.to)
    case .transferAnswer(_, let vote):
      let request = TransferRequest(from: vote, to: packet.from, lastLogID: nil)
      self.reportLoss(of: request, to: packet.to, life: packet.life, by: packet.from)
    case .vote, .voteAnswer, .preVote, .preVoteAnswer:
      break
    }
  }

  /// How sure a sender can be to hear that a message came to nothing.
  enum Certainty {
    case sometimes
    case always
  }

  func reportFailure(to id: NodeID, life: Int, _ sent: Sent, _ certainty: Certainty) {
    let isScripted = self.plan.script != nil
    guard certainty == .always || isScripted || self.dice.isHeads() else { return }
    let delay = isScripted ? milliseconds : self.dice.duration(upTo: 200 * milliseconds)
    let failure = isScripted ? .lost : self.dice.pick(PeerFailure.allCases)
    self.agenda.add(.failed(id, life: life, failure, sent), at: self.now + delay)
  }

  /// A message meant another life of its receiver's data.
  private func refuse(
    _ packet: Packet, _ refusal: ContactRefusal, by node: SimulatedNode
  ) throws(Finding) {
    guard case .wrongIncarnation(_, let reached) = refusal else {
      throw Finding(.soundCommands, "\(node.summary) refuses n\(packet.from): \(refusal)")
    }
    self.coverage.livesRefused += 1
    self.trace(.fault, node, "refuses n\(packet.from): \(refusal)")
    self.lost(packet)
    guard !self.network.isCut(from: node.id, to: packet.from) else { return }
    let delay = self.dice.duration(upTo: 20 * milliseconds)
    self.agenda.add(
      .refused(packet.from, life: packet.fromLife, by: node.id, reached), at: self.now + delay)
  }

  private func reportLoss(
    of request: TransferRequest, to id: NodeID, life: Int, by peer: NodeID
  ) {
    guard self.dice.isHeads() else { return }
    let delay = self.dice.duration(upTo: 200 * milliseconds)
    self.agenda.add(
      .transferFailed(id, life: life, by: peer, under: request.from), at: self.now + delay)
  }

  func deliver(_ packet: Packet, to node: SimulatedNode) throws(Finding) {
    if self.network.isOvertaken(packet) { self.coverage.messagesReordered += 1 }
    if let contact = packet.contact, let refusal = node.engine.refusal(of: contact) {
      try self.refuse(packet, refusal, by: node)
      return
    }
    self.arriving = (packet.from, packet.number)
    defer { self.arriving = nil }
    let sender = Sender(node: packet.from, cluster: self.node(packet.from).engine.cluster)
    switch packet.content {
    case .append(let header, let entries, let sent):
      let ticket = self.ticket(
        .append(from: packet.from, life: packet.fromLife, sent), on: node)
      node.incoming = entries
      try self.step(node, .appendReceived(header, self.runs(of: entries), from: sender, ticket))
      node.incoming = []
    case .appendAnswer(let outcome, let sent):
      try self.step(node, .appendAnswered(outcome, sent, by: packet.incarnation))
    case .vote(let request):
      let ticket = self.ticket(
        .vote(from: packet.from, life: packet.fromLife, request), on: node)
      try self.step(node, .voteRequested(request, from: sender, ticket))
    case .voteAnswer(let response, let asked):
      try self.step(node, .voteAnswered(response, from: packet.from, under: asked))
    case .preVote(let request):
      let ticket = self.ticket(
        .preVote(from: packet.from, life: packet.fromLife, request), on: node)
      try self.step(node, .preVoteRequested(request, from: sender, ticket))
    case .preVoteAnswer(let response, let asked):
      try self.step(node, .preVoteAnswered(response, from: packet.from, under: asked))
    case .snapshot(let vote, let snapshot, let sent):
      let ticket = self.ticket(
        .snapshot(from: packet.from, life: packet.fromLife, asked: vote, snapshot, sent),
        on: node)
      try self.step(node, .snapshotOffered(vote, snapshot.meta, from: sender, ticket))
    case .snapshotAnswer(let vote, let logID, let sent):
      try self.step(
        node, .snapshotAnswered(vote, through: logID, sent, by: packet.incarnation))
    case .transfer(let request):
      let ticket = self.ticket(
        .transfer(from: packet.from, life: packet.fromLife, request), on: node)
      try self.step(node, .transferRequested(request, ticket))
    case .transferAnswer(let answer, let vote):
      try self.step(node, .transferAnswered(answer, from: packet.from, under: vote))
    }
  }

  /// The entries as a leader describes them: grouped while they differ in nothing but index.
  func runs(of entries: ArraySlice<SimulatedEntry>) -> [EntryRun] {
    guard let first = entries.first else { return [] }
    var runs: [EntryRun] = []
    var start = first
    var count = 0
    for place in entries.indices {
      let entry = entries[place]
      let isSame =
        entry.kind == start.kind && entry.kind != .membership
        && entry.logID.leader == start.logID.leader && entry.timestamp == start.timestamp
      if !isSame, count > 0 {
        runs.append(self.run(of: start, count: count))
        start = entry
        count = 0
      }
      count += 1
    }
    runs.append(self.run(of: start, count: count))
    return runs
  }

  private func run(of start: SimulatedEntry, count: Int) -> EntryRun {
    EntryRun(
      leader: start.logID.leader, first: start.index, count: count,
      byteCount: start.kind == .withheld ? 0 : SimulatedEntry.byteCount * count,
      kind: start.kind, timestamp: start.timestamp,
      membership: start.membership >= 0 ? self.memberships[Int(start.membership)] : nil)
  }
}
