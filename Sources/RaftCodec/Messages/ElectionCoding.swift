internal import RaftEngine

/// The numbers of the answers to a wish for a transfer.
private enum TransferAnswer: UInt8 {
  case accepted = 0
  case voteChanged = 1
  case logNotFlushed = 2
}

extension ByteWriter {
  mutating func write(_ request: VoteRequest) {
    self.write(request.vote)
    self.write(request.lastLogID)
    self.write(request.transferredFrom)
  }

  mutating func write(_ response: VoteResponse) {
    self.write(response.vote)
    self.write(flag: response.isGranted)
    self.write(response.lastLogID)
    self.write(response.incarnation)
    self.write(response.excludedBy)
  }

  mutating func write(_ request: TransferRequest) {
    self.write(request.from)
    self.write(request.to)
    self.write(request.lastLogID)
  }

  mutating func write(_ response: TransferResponse) {
    switch response {
    case .accepted:
      self.write(TransferAnswer.accepted.rawValue)
    case .voteChanged(let expected, let actual):
      self.write(TransferAnswer.voteChanged.rawValue)
      self.write(expected)
      self.write(actual)
    case .logNotFlushed(let expected, let actual):
      self.write(TransferAnswer.logNotFlushed.rawValue)
      self.write(expected)
      self.write(actual)
    }
  }
}

extension ByteReader {
  mutating func readVoteRequest() throws(CodecError) -> VoteRequest {
    VoteRequest(
      vote: try self.readVote(), lastLogID: try self.readOptionalLogID(),
      transferredFrom: try self.readOptionalVote())
  }

  mutating func readVoteResponse() throws(CodecError) -> VoteResponse {
    VoteResponse(
      vote: try self.readVote(), isGranted: try self.readFlag("whether a vote is granted"),
      lastLogID: try self.readOptionalLogID(), incarnation: try self.readOptionalIncarnation(),
      excludedBy: try self.readOptionalLogID())
  }

  mutating func readTransferRequest() throws(CodecError) -> TransferRequest {
    TransferRequest(
      from: try self.readVote(), to: try self.readNodeID(),
      lastLogID: try self.readOptionalLogID())
  }

  mutating func readTransferResponse() throws(CodecError) -> TransferResponse {
    switch try self.readCase(of: TransferAnswer.self, "the answer to a transfer") {
    case .accepted: .accepted
    case .voteChanged:
      .voteChanged(expected: try self.readVote(), actual: try self.readVote())
    case .logNotFlushed:
      .logNotFlushed(
        expected: try self.readOptionalLogID(), actual: try self.readOptionalLogID())
    }
  }
}
