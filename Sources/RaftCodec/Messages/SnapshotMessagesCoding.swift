internal import RaftEngine

extension ByteWriter {
  mutating func write(_ offer: SnapshotOffer) {
    self.write(offer.vote)
    self.write(offer.session)
    self.write(offer.meta)
  }

  mutating func write(_ resumption: SnapshotResumption) {
    self.write(resumption.vote)
    self.write(resumption.contentHash)
    self.write(resumption.offset)
  }

  mutating func write(_ piece: SnapshotPiece) {
    self.write(piece.vote)
    self.write(piece.contentHash)
    self.write(piece.offset)
    self.write(counted: piece.bytes)
  }

  mutating func write(_ closing: SnapshotClosing) {
    self.write(closing.vote)
    self.write(closing.contentHash)
    self.write(closing.byteCount)
  }

  mutating func write(_ reply: SnapshotReply) {
    self.write(reply.session)
    self.write(reply.contentHash)
    self.write(reply.response.vote)
    self.write(reply.response.incarnation)
  }
}

extension ByteReader {
  mutating func readSnapshotOffer() throws(CodecError) -> SnapshotOffer {
    SnapshotOffer(
      vote: try self.readVote(), session: try self.readUInt64("a replication session"),
      meta: try self.readSnapshotMeta())
  }

  mutating func readSnapshotResumption() throws(CodecError) -> SnapshotResumption {
    SnapshotResumption(
      vote: try self.readVote(), contentHash: try self.readUInt64("a snapshot's hash"),
      offset: try self.readUInt64("a place in a snapshot"))
  }

  mutating func readSnapshotPiece() throws(CodecError) -> SnapshotPiece {
    SnapshotPiece(
      vote: try self.readVote(), contentHash: try self.readUInt64("a snapshot's hash"),
      offset: try self.readUInt64("a place in a snapshot"),
      bytes: try self.readCounted("a piece of a snapshot"))
  }

  mutating func readSnapshotClosing() throws(CodecError) -> SnapshotClosing {
    SnapshotClosing(
      vote: try self.readVote(), contentHash: try self.readUInt64("a snapshot's hash"),
      byteCount: try self.readUInt64("a snapshot's length"))
  }

  mutating func readSnapshotReply() throws(CodecError) -> SnapshotReply {
    SnapshotReply(
      session: try self.readUInt64("a replication session"),
      contentHash: try self.readUInt64("a snapshot's hash"),
      response: SnapshotResponse(
        vote: try self.readVote(), incarnation: try self.readOptionalIncarnation()))
  }
}
