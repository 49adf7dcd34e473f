internal import RaftEngine

extension WireMessage {
  /// What the message is about.
  public var kind: Kind {
    switch self {
    case .hello: .hello
    case .refusal: .refusal
    case .append: .append
    case .appendReply: .appendReply
    case .heartbeat: .heartbeat
    case .vote: .vote
    case .voteReply: .voteReply
    case .preVote: .preVote
    case .preVoteReply: .preVoteReply
    case .transfer: .transfer
    case .transferReply: .transferReply
    case .readIndex: .readIndex
    case .readIndexReply: .readIndexReply
    case .snapshotBegin: .snapshotBegin
    case .snapshotResume: .snapshotResume
    case .snapshotChunk: .snapshotChunk
    case .snapshotEnd: .snapshotEnd
    case .snapshotReply: .snapshotReply
    case .farewell: .farewell
    case .farewellReply: .farewellReply
    case .forward: .forward
    case .forwardReply: .forwardReply
    }
  }
}

extension ByteWriter {
  mutating func write(_ message: WireMessage) {
    switch message {
    case .hello(let hello): self.write(hello)
    case .refusal(let refusal): self.write(refusal)
    case .append(let append): self.write(append)
    case .appendReply(let reply): self.write(reply)
    case .heartbeat(let header): self.write(header)
    case .vote(let request), .preVote(let request): self.write(request)
    case .voteReply(let response), .preVoteReply(let response): self.write(response)
    case .transfer(let request): self.write(request)
    case .transferReply(let response): self.write(response)
    case .readIndex(let request): self.write(request)
    case .readIndexReply(let reply): self.write(reply)
    case .snapshotBegin(let offer): self.write(offer)
    case .snapshotResume(let resumption): self.write(resumption)
    case .snapshotChunk(let piece): self.write(piece)
    case .snapshotEnd(let closing): self.write(closing)
    case .snapshotReply(let reply): self.write(reply)
    case .farewell(let farewell): self.write(farewell)
    case .farewellReply: break
    case .forward(let request): self.write(request)
    case .forwardReply(let reply): self.write(reply)
    }
  }
}

extension ByteReader {
  mutating func readMessage(of kind: WireMessage.Kind) throws(CodecError) -> WireMessage {
    switch kind {
    case .hello: .hello(try self.readHello())
    case .refusal: .refusal(try self.readRefusal())
    case .append: .append(try self.readAppendMessage())
    case .appendReply: .appendReply(try self.readAppendReplyMessage())
    case .heartbeat: .heartbeat(try self.readAppendHeader())
    case .vote: .vote(try self.readVoteRequest())
    case .voteReply: .voteReply(try self.readVoteResponse())
    case .preVote: .preVote(try self.readVoteRequest())
    case .preVoteReply: .preVoteReply(try self.readVoteResponse())
    case .transfer: .transfer(try self.readTransferRequest())
    case .transferReply: .transferReply(try self.readTransferResponse())
    case .readIndex: .readIndex(try self.readReadIndexRequest())
    case .readIndexReply: .readIndexReply(try self.readReadIndexReply())
    case .snapshotBegin: .snapshotBegin(try self.readSnapshotOffer())
    case .snapshotResume: .snapshotResume(try self.readSnapshotResumption())
    case .snapshotChunk: .snapshotChunk(try self.readSnapshotPiece())
    case .snapshotEnd: .snapshotEnd(try self.readSnapshotClosing())
    case .snapshotReply: .snapshotReply(try self.readSnapshotReply())
    case .farewell: .farewell(try self.readFarewell())
    case .farewellReply: .farewellReply
    case .forward: .forward(try self.readForwardRequest())
    case .forwardReply: .forwardReply(try self.readForwardReply())
    }
  }
}
