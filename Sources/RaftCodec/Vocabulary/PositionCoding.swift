public import RaftEngine

/// Terms and log indexes stay below this number, in every format.
///
/// Whoever received the last number there is could not count on from it; so it is refused where
/// it comes in.
let positionLimit: UInt64 = 1 << 63

extension ByteWriter {
  /// Writes a term: 8 bytes.
  ///
  /// - Precondition: it is smaller than 2^63.
  public mutating func write(_ term: Term) {
    precondition(term.rawValue < positionLimit, "term \(term)")
    self.write(term.rawValue)
  }

  /// Writes a log index: 8 bytes.
  ///
  /// - Precondition: it is smaller than 2^63.
  public mutating func write(_ index: LogIndex) {
    precondition(index.rawValue < positionLimit, "log index \(index)")
    self.write(index.rawValue)
  }

  /// Writes a leadership: 16 bytes.
  public mutating func write(_ leader: LeaderID) {
    self.write(leader.term)
    self.write(leader.node)
  }

  /// Writes a vote: 17 bytes.
  public mutating func write(_ vote: Vote) {
    self.write(vote.leader)
    self.write(flag: vote.isCommitted)
  }

  /// Writes a vote that may be missing: 1 or 18 bytes.
  public mutating func write(_ vote: Vote?) {
    self.write(presenceOf: vote)
    if let vote { self.write(vote) }
  }

  /// Writes a log position: 24 bytes.
  public mutating func write(_ logID: LogID) {
    self.write(logID.leader)
    self.write(logID.index)
  }

  /// Writes a log position that may be before everything: 1 or 25 bytes.
  public mutating func write(_ logID: LogID?) {
    self.write(presenceOf: logID)
    if let logID { self.write(logID) }
  }
}

extension ByteReader {
  /// Reads a term.
  public mutating func readTerm() throws(CodecError) -> Term {
    Term(try self.readPosition("a term"))
  }

  /// Reads a log index.
  public mutating func readLogIndex() throws(CodecError) -> LogIndex {
    LogIndex(try self.readPosition("a log index"))
  }

  /// Reads a leadership.
  public mutating func readLeaderID() throws(CodecError) -> LeaderID {
    LeaderID(term: try self.readTerm(), node: try self.readNodeID())
  }

  /// Reads a vote.
  public mutating func readVote() throws(CodecError) -> Vote {
    Vote(leader: try self.readLeaderID(), isCommitted: try self.readFlag("a vote's commitment"))
  }

  /// Reads a vote that may be missing.
  public mutating func readOptionalVote() throws(CodecError) -> Vote? {
    try self.readPresence(of: "a vote") ? try self.readVote() : nil
  }

  /// Reads a log position.
  public mutating func readLogID() throws(CodecError) -> LogID {
    LogID(leader: try self.readLeaderID(), index: try self.readLogIndex())
  }

  /// Reads a log position that may be before everything.
  public mutating func readOptionalLogID() throws(CodecError) -> LogID? {
    try self.readPresence(of: "a log position") ? try self.readLogID() : nil
  }

  private mutating func readPosition(_ what: String) throws(CodecError) -> UInt64 {
    let number = try self.readUInt64(what)
    guard number < positionLimit else {
      throw self.error(
        .invalid("\(number) leaves no room to count on: it must be below 2^63"), what, back: 8)
    }
    return number
  }
}
