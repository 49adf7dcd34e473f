extension FlightFacts {
  /// What of an input is recorded.
  init(of input: borrowing Input) {
    switch copy input {
    case .proposed(let count, let byteCount, let timestamp):
      self.init(.proposed)
      self.words[0] = UInt64(count)
      self.words[1] = UInt64(byteCount)
      self.words[2] = timestamp.nanoseconds
    case .bootstrapRequested(let membership, _, let ticket):
      self.init(.bootstrapRequested)
      self.words[0] = ticket.number
      self.words[1] = UInt64(membership.members.count)
    case .membershipChangeRequested(_, let retainingRemoved, let expected, _, let ticket):
      self.init(.membershipChangeRequested)
      self.words[0] = ticket.number
      self.setFlag(retainingRemoved)
      self.set(expected, at: 1)
    case .readRequested(_, let ticket):
      self.init(.readRequested)
      self.words[0] = ticket.number
    case .reversionAllowed(let peer, let ticket):
      self.init(.reversionAllowed)
      self.set(peer: peer)
      self.words[0] = ticket.number
    case .transferWanted(let target, let limit, let ticket):
      self.init(.transferWanted)
      self.words[0] = ticket.number
      self.words[1] = target?.rawValue ?? 0
      self.words[2] = limit.map(UInt64.init(bitPattern:)) ?? 0
      self.setFlag(target != nil, 1)
      self.setFlag(limit != nil, 2)
    case .barrierProposed(let timestamp):
      self.init(.barrierProposed)
      self.words[0] = timestamp.nanoseconds
    case .electionRequested: self.init(.electionRequested)
    case .campaignRequested: self.init(.campaignRequested)
    case .heartbeatRequested: self.init(.heartbeatRequested)
    case .purgeRequested(let index):
      self.init(.purgeRequested)
      self.words[0] = index.rawValue
    case .switched(let switches):
      self.init(.switched)
      self.words[0] = UInt64(switches.rawValue)
    case .snapshotRequested: self.init(.snapshotRequested)
    case .appendReceived(let header, let runs, let sender, _):
      self.init(header, runs, from: sender.node)
    case .voteRequested(let request, let sender, _):
      self.init(.voteRequested, request, from: sender.node)
    case .preVoteRequested(let request, let sender, _):
      self.init(.preVoteRequested, request, from: sender.node)
    case .transferRequested(let request, _):
      self.init(request)
    case .snapshotOffered(let vote, let meta, let sender, _):
      self.init(.snapshotOffered)
      self.set(peer: sender.node)
      self.set(vote, at: 0)
      self.set(meta.lastLogID, at: 2)
      self.words[5] = meta.byteCount
    case .appendAnswered(let outcome, let sent, let life):
      self.init(outcome, to: sent)
      self.words[5] = life?.rawValue ?? 0
    case .voteAnswered(let response, let peer, let vote):
      self.init(.voteAnswered, response, from: peer, under: vote)
    case .preVoteAnswered(let response, let peer, let vote):
      self.init(.preVoteAnswered, response, from: peer, under: vote)
    case .snapshotAnswered(let vote, let logID, let sent, _):
      self.init(.snapshotAnswered, sent)
      self.set(vote, at: 3)
      self.words[5] = logID.index.rawValue &+ 1
    case .appendSent(let last, let byteCount, let sent):
      self.init(.appendSent, sent)
      self.words[3] = last.rawValue
      self.words[4] = UInt64(byteCount)
    case .peerFailed(let failure, let sent):
      self.init(.peerFailed, sent)
      self.words[3] = Self.number(of: failure)
    case .contactRefused(let peer, let life):
      self.init(.contactRefused)
      self.set(peer: peer)
      self.words[0] = life.rawValue
    case .transferAnswered(let response, let peer, let vote):
      self.init(response, from: peer, under: vote)
    case .flushed(let io):
      self.init(.flushed)
      self.words[0] = io.sequence
      self.set(io.vote, at: 1)
      self.set(place: io.logID, index: 3, term: 4)
    case .applied(let logID, let byteCount):
      self.init(.applied, logID)
      self.words[3] = UInt64(byteCount)
    case .snapshotBuilt(let meta):
      self.init(.snapshotBuilt, meta.lastLogID)
      self.words[3] = meta.byteCount
    case .snapshotBuildFailed: self.init(.snapshotBuildFailed)
    case .snapshotReceived(let meta, let ticket):
      self.init(.snapshotReceived, meta.lastLogID)
      self.words[3] = meta.byteCount
      self.words[4] = ticket.number
    case .snapshotReceptionFailed(let ticket):
      self.init(.snapshotReceptionFailed)
      self.words[0] = ticket.number
    case .snapshotInstalled(let logID): self.init(.snapshotInstalled, logID)
    case .shortageChanged(let isShort):
      self.init(.shortageChanged)
      self.setFlag(isShort)
    case .elapsed: self.init(.elapsed)
    }
  }

  /// The number of a cause; 0 is left for recordings that name none.
  private static func number(of failure: PeerFailure) -> UInt64 {
    switch failure {
    case .unreachable: 1
    case .lost: 2
    case .refused: 3
    case .remote: 4
    case .tooLarge: 5
    case .unreadable: 6
    }
  }

  /// The cause with this number; `nil` if none has it.
  static func failure(_ number: UInt64) -> PeerFailure? {
    PeerFailure.allCases.first { Self.number(of: $0) == number }
  }

  private init(_ kind: FlightKind, _ logID: LogID) {
    self.init(kind)
    self.set(logID, at: 0)
  }

  private init(_ kind: FlightKind, _ sent: Sent) {
    self.init(kind)
    self.set(peer: sent.peer)
    self.words[0] = sent.session
    self.words[1] = sent.message
    self.words[2] = UInt64(bitPattern: sent.at.nanoseconds)
  }

  // MARK: Messages

  private init(_ header: AppendHeader, _ runs: [EntryRun], from sender: NodeID) {
    self.init(.appendReceived)
    self.set(peer: sender)
    self.set(header.vote, at: 0)
    self.set(place: header.previous, index: 2, term: 3)
    self.words[4] = header.committed.nextIndex.rawValue
    var count = 0
    var byteCount = 0
    for place in runs.indices {
      count += runs[place].count
      byteCount += runs[place].byteCount
    }
    self.words[5] =
      UInt64(UInt32(clamping: count)) | UInt64(UInt32(clamping: byteCount)) << 32
  }

  private init(_ kind: FlightKind, _ request: VoteRequest, from sender: NodeID) {
    self.init(kind)
    self.set(peer: sender)
    self.set(request.vote, at: 0)
    self.set(request.lastLogID, at: 2)
    self.words[5] = request.transferredFrom?.term.rawValue ?? 0
    self.setFlag(request.transferredFrom != nil, 1)
  }

  private init(_ request: TransferRequest) {
    self.init(.transferRequested)
    self.set(peer: request.from.leader.node)
    self.set(request.from, at: 0)
    self.words[2] = request.to.rawValue
    self.set(place: request.lastLogID, index: 3, term: 4)
  }

  private init(_ outcome: AppendOutcome, to sent: Sent) {
    self.init(.appendAnswered, sent)
    switch outcome {
    case .matched(let logID):
      self.set(place: logID, index: 3, term: 4)
    case .conflict(let rejected, let hint):
      self.setFlag(true, 1)
      self.words[3] = rejected.nextIndex.rawValue
      self.words[4] = hint.nextIndex.rawValue
    case .higherVote(let vote):
      self.setFlag(true, 2)
      self.set(vote, at: 3)
    }
  }

  private init(
    _ kind: FlightKind, _ response: VoteResponse, from peer: NodeID, under vote: Vote
  ) {
    self.init(kind)
    self.set(peer: peer)
    self.set(response.vote, at: 0)
    self.setFlag(response.isGranted, 1)
    self.words[2] = vote.term.rawValue
    self.words[3] = vote.leader.node.rawValue
    self.set(place: response.lastLogID, index: 4, term: 5)
  }

  private init(_ response: TransferResponse?, from peer: NodeID, under vote: Vote) {
    self.init(.transferAnswered)
    self.set(peer: peer)
    self.words[0] = vote.term.rawValue
    self.words[1] = vote.leader.node.rawValue
    switch response {
    case .accepted:
      self.setFlag(true, 1)
    case .voteChanged(_, let actual):
      self.setFlag(true, 2)
      self.set(actual, at: 2)
    case .logNotFlushed(let expected, let actual):
      self.setFlag(true, 3)
      self.set(place: expected, index: 2, term: 3)
      self.set(place: actual, index: 4, term: 5)
    case nil:
      break
    }
  }
}
