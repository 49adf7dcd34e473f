import RaftEngine

/// A message on its way.
struct Packet {
  enum Content {
    case append(AppendHeader, [ModelEntry], Sent)
    case appendAnswer(AppendOutcome, Sent)
    case vote(VoteRequest)
    case voteAnswer(VoteResponse, under: Vote)
    case snapshot(Vote, ModelSnapshot, Sent)
    case snapshotAnswer(Vote, through: LogID, Sent)
    case transfer(TransferRequest)
    case transferAnswer(TransferResponse, under: Vote)
  }

  let from: NodeID
  /// The life in which the sender asked.
  let fromLife: Int
  let to: NodeID
  /// The life that an answer is for; 0 for questions, which any life answers.
  let life: Int
  let content: Content
}

/// Which links work.
struct ModelNetwork {
  /// Links that carry nothing, each in one direction.
  var cut: Set<Link> = []
  var lossPerMille = 0
  var duplicatesPerMille = 0
  var delay: Int64 = 0

  struct Link: Hashable {
    let from: NodeID
    let to: NodeID
  }
}

extension Cluster {
  /// Sends a packet; whoever waits for an answer may hear of its loss.
  func send(_ packet: Packet) {
    let link = ModelNetwork.Link(from: packet.from, to: packet.to)
    guard !self.network.cut.contains(link),
      !self.random.happens(perMille: self.network.lossPerMille)
    else {
      self.trace("  lost \(packet.from) → \(packet.to)")
      return self.lost(packet)
    }
    // Most messages are quick; some overtake others by far.
    let isSlow = self.random.happens(perMille: 50)
    let delay =
      50_000 + self.random.duration(upTo: self.network.delay) * (isSlow ? 8 : 1)
    self.agenda.add(.delivered(packet), at: self.now + delay)
    if self.random.happens(perMille: self.network.duplicatesPerMille) {
      let later = delay + self.random.duration(upTo: 4 * self.network.delay)
      self.agenda.add(.delivered(packet), at: self.now + later)
    }
  }

  /// Losses of appends are reported sometimes, those of snapshots always.
  func lost(_ packet: Packet) {
    switch packet.content {
    case .append(_, _, let sent):
      self.reportFailure(to: packet.from, life: packet.fromLife, sent, isCertain: false)
    case .appendAnswer(_, let sent):
      self.reportFailure(to: packet.to, life: packet.life, sent, isCertain: false)
    case .snapshot(_, _, let sent):
      self.reportFailure(to: packet.from, life: packet.fromLife, sent, isCertain: true)
    case .snapshotAnswer(_, _, let sent):
      self.reportFailure(to: packet.to, life: packet.life, sent, isCertain: true)
    case .vote, .voteAnswer, .transfer, .transferAnswer:
      break
    }
  }

  func reportFailure(to id: NodeID, life: Int, _ sent: Sent, isCertain: Bool) {
    guard isCertain || self.random.happens(perMille: 500) else { return }
    let delay = self.random.duration(upTo: 200 * milliseconds)
    self.agenda.add(.failed(id, life: life, sent), at: self.now + delay)
  }

  func deliver(_ packet: Packet, to node: ModelNode) throws(Violation) {
    let sender = Sender(node: packet.from, cluster: self.node(packet.from).engine.cluster)
    switch packet.content {
    case .append(let header, let entries, let sent):
      let ticket = self.ticket(
        .append(from: packet.from, life: packet.fromLife, sent), on: node)
      node.incoming = entries
      try self.step(node, .appendReceived(header, entries.runs, from: sender, ticket))
    case .appendAnswer(let outcome, let sent):
      try self.step(node, .appendAnswered(outcome, sent))
    case .vote(let request):
      let ticket = self.ticket(
        .vote(from: packet.from, life: packet.fromLife, request), on: node)
      try self.step(node, .voteRequested(request, from: sender, ticket))
    case .voteAnswer(let response, let asked):
      try self.step(node, .voteAnswered(response, from: packet.from, under: asked))
    case .snapshot(let vote, let snapshot, let sent):
      let ticket = self.ticket(
        .snapshot(from: packet.from, life: packet.fromLife, asked: vote, snapshot, sent),
        on: node)
      try self.step(node, .snapshotOffered(vote, snapshot.meta, from: sender, ticket))
    case .snapshotAnswer(let vote, let logID, let sent):
      try self.step(node, .snapshotAnswered(vote, through: logID, sent))
    case .transfer(let request):
      let ticket = self.ticket(
        .transfer(from: packet.from, life: packet.fromLife, request), on: node)
      try self.step(node, .transferRequested(request, ticket))
    case .transferAnswer(let answer, let vote):
      try self.step(node, .transferAnswered(answer, from: packet.from, under: vote))
    }
  }
}
