import RaftCodec
import RaftEngine

/// Draws messages of every kind.
extension RandomVocabulary {
  mutating func contact() -> Contact {
    Contact(
      group: self.number(), cluster: self.maybe { $0.cluster() }, sender: self.node(),
      senderIncarnation: self.maybe { $0.incarnation() }, receiver: self.node(),
      receiverIncarnation: self.maybe { $0.incarnation() })
  }

  mutating func small() -> UInt32 { UInt32(truncatingIfNeeded: self.number()) }

  mutating func optionalLogID() -> LogID? { self.maybe { $0.logID() } }

  mutating func appendHeader() -> AppendHeader {
    AppendHeader(
      vote: self.vote(), previous: self.optionalLogID(), committed: self.optionalLogID(),
      promise: self.nanoseconds(), session: self.number())
  }

  /// An append whose blocks follow each other and the position before them.
  mutating func append() -> AppendMessage {
    var header = self.appendHeader()
    var blocks: [EntryBlock] = []
    var next = LogIndex(self.number(below: 1 << 61))
    header.previous = next == 0 ? nil : LogID(leader: self.leader(), index: next.previous!)
    for _ in 0..<self.count(3) {
      let drawn = self.block()
      let run = EntryRun(
        leader: drawn.run.leader, first: next, count: drawn.run.count,
        byteCount: drawn.run.byteCount, kind: drawn.run.kind, timestamp: drawn.run.timestamp,
        membership: drawn.run.membership)
      blocks.append(
        EntryBlock(run: run, bytes: drawn.bytes, ends: drawn.ends, offsets: drawn.offsets))
      next = run.last.next
    }
    return AppendMessage(header: header, blocks: blocks)
  }

  mutating func appendReply() -> AppendReplyMessage {
    let outcome: AppendOutcome =
      switch self.count(2) {
      case 0: .matched(through: self.optionalLogID())
      case 1: .conflict(rejected: self.optionalLogID(), hint: self.optionalLogID())
      default: .higherVote(self.vote())
      }
    return AppendReplyMessage(
      session: self.number(),
      response: AppendResponse(
        outcome: outcome, incarnation: self.maybe { $0.incarnation() },
        digest: self.maybe { $0.digest() }, flushAge: self.small()))
  }

  mutating func voteRequest() -> VoteRequest {
    VoteRequest(
      vote: self.vote(), lastLogID: self.optionalLogID(),
      transferredFrom: self.maybe { $0.vote() })
  }

  mutating func voteResponse() -> VoteResponse {
    VoteResponse(
      vote: self.vote(), isGranted: self.chance(), lastLogID: self.optionalLogID(),
      incarnation: self.maybe { $0.incarnation() }, excludedBy: self.optionalLogID())
  }

  mutating func transferResponse() -> TransferResponse {
    switch self.count(2) {
    case 0: .accepted
    case 1: .voteChanged(expected: self.vote(), actual: self.vote())
    default: .logNotFlushed(expected: self.optionalLogID(), actual: self.optionalLogID())
    }
  }

  mutating func readIndexReply() -> ReadIndexReply {
    switch self.count(2) {
    case 0: .granted(self.optionalLogID())
    case 1: .notLeader(self.vote())
    default: .unconfirmed
    }
  }

  mutating func forwardReply() -> ForwardReply {
    switch self.count(4) {
    case 0: .applied(self.logID(), response: self.bytes(30))
    case 1: .notLeader(self.vote())
    case 2: .overloaded
    case 3: .outcomeUnknown
    default: .failed(self.text())
    }
  }

  mutating func refusal() -> Refusal {
    switch self.count(9) {
    case 8: .contact(.wrongLeadershipRule(theirs: .onePerTerm, ours: .manyPerTerm))
    case 0: .contact(.unknownProtocol(version: self.small(), newestKnown: self.small()))
    case 1: .contact(.wrongNode(meant: self.node(), reached: self.node()))
    case 2:
      .contact(.wrongIncarnation(meant: self.incarnation(), reached: self.incarnation()))
    case 3: .contact(.wrongCluster(theirs: self.cluster(), ours: self.cluster()))
    case 4: .contact(.ownMessage(self.node()))
    case 5: .notMember(committed: self.logID())
    case 6: .unsupported(self.text())
    case 7: .overloaded
    default: .failed(self.text())
    }
  }

  mutating func message(of kind: WireMessage.Kind) -> WireMessage {
    switch kind {
    case .hello:
      .hello(
        Hello(
          newestProtocolVersion: self.small(), featureLevel: self.small(),
          leadershipRule: self.chance() ? .manyPerTerm : .onePerTerm,
          maximumBodyLength: self.small(), software: self.text()))
    case .refusal: .refusal(self.refusal())
    case .append: .append(self.append())
    case .appendReply: .appendReply(self.appendReply())
    case .heartbeat: .heartbeat(self.appendHeader())
    case .vote: .vote(self.voteRequest())
    case .voteReply: .voteReply(self.voteResponse())
    case .preVote: .preVote(self.voteRequest())
    case .preVoteReply: .preVoteReply(self.voteResponse())
    case .transfer:
      .transfer(
        TransferRequest(from: self.vote(), to: self.node(), lastLogID: self.optionalLogID()))
    case .transferReply: .transferReply(self.transferResponse())
    case .readIndex: .readIndex(ReadIndexRequest(policy: self.chance() ? .readIndex : .lease))
    case .readIndexReply: .readIndexReply(self.readIndexReply())
    case .snapshotBegin:
      .snapshotBegin(
        SnapshotOffer(vote: self.vote(), session: self.number(), meta: self.snapshotMeta()))
    case .snapshotResume:
      .snapshotResume(
        SnapshotResumption(vote: self.vote(), contentHash: self.number(), offset: self.number()))
    case .snapshotChunk:
      .snapshotChunk(
        SnapshotPiece(
          vote: self.vote(), contentHash: self.number(), offset: self.number(),
          bytes: self.bytes(40)))
    case .snapshotEnd:
      .snapshotEnd(
        SnapshotClosing(vote: self.vote(), contentHash: self.number(), byteCount: self.number()))
    case .snapshotReply:
      .snapshotReply(
        SnapshotReply(
          session: self.number(), contentHash: self.number(),
          response: SnapshotResponse(
            vote: self.vote(), incarnation: self.maybe { $0.incarnation() })))
    case .farewell:
      .farewell(Farewell(vote: self.vote(), membership: self.loggedMembership()))
    case .farewellReply: .farewellReply
    case .forward:
      .forward(
        ForwardRequest(
          clientSession: self.number(), serial: self.number(), patience: self.nanoseconds(),
          command: self.bytes(40)))
    case .forwardReply: .forwardReply(self.forwardReply())
    }
  }
}
