extension UnsafeRecovery {
  /// Makes the node the only voter of a cluster of the next generation, and closes the log store.
  ///
  /// Durable when it returns. All of it is one ordered sequence of writes that begins with the new
  /// generation: if it breaks off, the node belongs to no quorum until it is repeated.
  ///
  /// - Parameters:
  ///   - acknowledgement: The end of the log that is gone on with, as ``lastLogID`` states it.
  ///   - reason: Who decided on it and why; at most 1000 bytes, kept in the membership for good.
  ///   - time: When this happens.
  /// - Returns: What is recorded.
  /// - Throws: ``UnsafeRecoveryError``; the log store is closed then, too.
  @discardableResult
  public func perform(
    acknowledging acknowledgement: Acknowledgement, reason: String,
    at time: Timestamp = SystemClock().timestamp()
  ) async throws(UnsafeRecoveryError) -> Record {
    do throws(UnsafeRecoveryError) {
      let record = try await self.write(acknowledgement, reason, time)
      await self.logStore.close()
      return record
    } catch {
      await self.logStore.close()
      throw error
    }
  }

  private func write(
    _ acknowledgement: Acknowledgement, _ reason: String, _ time: Timestamp
  ) async throws(UnsafeRecoveryError) -> Record {
    guard acknowledgement == .everythingAfterMayBeLost(self.lastLogID) else {
      throw .notAcknowledged(last: self.lastLogID)
    }
    guard !reason.isEmpty, reason.utf8.count <= Record.reasonBytesMax else { throw .noReason }
    let time = max(time, self.lastTimestamp)
    let record = Record(
      node: self.node, generation: self.successor.generation, at: time,
      last: self.lastLogID?.index, leftBehind: self.leftBehind.map(\.id), reason: reason)
    let membership = try self.membership(recording: record)
    // A leadership that nobody ever exercised: the node leads under a later one when it starts.
    let term = max(self.vote.term, self.lastLogID?.leader.term ?? 0).next
    let leader = LeaderID(term: term, node: self.node)
    let run = EntryRun(
      leader: leader, first: self.lastLogID.nextIndex, count: 1, byteCount: 0, kind: .membership,
      timestamp: time, membership: membership)
    let vote = Vote(leader: leader, isCommitted: true)
    let end = Latch<StorageError?>()
    @Sendable func completion(_ number: UInt64, _ logID: LogID?) -> IOCompletion {
      IOCompletion(io: IOID(sequence: number, vote: vote, logID: logID)) { io, error in
        if error != nil || io.sequence == 3 { end.open(error) }
      }
    }
    // The generation first: what follows must never be seen by those who are left behind.
    _ = self.logStore.adopt(self.successor, completion: completion(1, self.lastLogID))
    _ = self.logStore.save(vote, completion: completion(2, self.lastLogID))
    let durability = self.logStore.append(
      EntrySlice(EntryChunk(emptyPayloads: run)), completion: completion(3, run.lastLogID))
    if durability == .flushed { end.open(nil) }
    if let error = await end.wait() { throw .storage(error) }
    return record
  }

  /// This node alone, in this life of its data.
  private func membership(recording record: Record) throws(UnsafeRecoveryError) -> Membership {
    guard var member = self.membership.member(self.node) else {
      throw .notMember(self.node, self.membership)
    }
    member.incarnation = self.incarnation
    member.isPromotedWhenCaughtUp = false
    member.metadata[Record.key] = record.text
    var terms = self.membership.terms
    terms.cluster = self.successor
    do throws(MembershipError) {
      return try Membership(voters: [member], terms: terms)
    } catch {
      preconditionFailure("\(member) alone is no membership: \(error)")
    }
  }
}
