extension RaftNode {
  /// Lets a peer that lost what it had confirmed start over, once; call it on the leader.
  ///
  /// The leader shows such a peer as `PeerTrouble.lostData`. Find out first what
  /// happened to its disk: until the peer has caught up, one copy less exists than was promised to
  /// writers. What is committed stays committed.
  ///
  /// - Throws: ``LogReversionError`` if another node leads, or the peer lost nothing.
  public func allowLogReversion(of peer: NodeID) async throws(LogReversionError) {
    let result = await withUnsafeContinuation {
      (continuation: UnsafeContinuation<Result<Void, LogReversionError>, Never>) in
      if let failure = self.core.mailbox.post(.allowReversion(peer, continuation)) {
        continuation.resume(returning: .failure(.stopped(failure)))
      }
    }
    try result.get()
  }
}
