public import RaftEngine

/// A leader tells a removed node that it does not belong to the cluster any more.
public struct Farewell: Hashable, Sendable {
  /// The leader's committed vote.
  public var vote: Vote
  /// The committed membership that leaves the receiver out.
  public var membership: LoggedMembership

  /// A farewell.
  public init(vote: Vote, membership: LoggedMembership) {
    self.vote = vote
    self.membership = membership
  }
}

extension ByteWriter {
  mutating func write(_ farewell: Farewell) {
    self.write(farewell.vote)
    self.write(farewell.membership)
  }
}

extension ByteReader {
  mutating func readFarewell() throws(CodecError) -> Farewell {
    Farewell(vote: try self.readVote(), membership: try self.readLoggedMembership())
  }
}
