/// Linearizable reads (thesis §6.4): up to where must be applied, and whether this node still leads.
extension Engine {
  /// Notes what must be applied before the answer: what is committed now, and this leader's own
  /// first entry at least.
  ///
  /// The lease confirms at once that nobody else leads, if the reader wants it and it is young
  /// enough; else a quorum must answer a message that left after the question came.
  mutating func readRequested(_ wish: ReadWish, _ ticket: Ticket) {
    guard var lead = self.takeLead() else {
      self.respond(ticket, .readRefused(.notLeader))
      return
    }
    // Those whose time ran out while this node stood still make room.
    self.expireReads(&lead)
    let logID = self.committed.isAtLeast(lead.first) ? self.committed ?? lead.first : lead.first
    if let end = self.leaseEnd(lead, for: wish) {
      self.respond(ticket, .readable(from: logID, while: end))
    } else if wish.timeout <= 0 {
      self.respond(ticket, .readRefused(.noQuorum(heard: [self.id])))
    } else {
      lead.reads.append(
        .init(
          ticket: ticket, after: self.messages, logID: logID, wish: wish,
          deadline: self.now.advanced(byNanoseconds: wish.timeout)))
      self.askForConfirmation(&lead)
      self.confirmReads(&lead)
    }
    self.giveBack(consume lead)
  }

  /// Sends a round of heartbeats for the reads that wait, unless one is under way: those that came
  /// after it left share the next one.
  private mutating func askForConfirmation(_ lead: inout Leadership) {
    guard lead.readRound == nil, lead.reads.contains(where: { $0.wish.isAsking }) else { return }
    lead.readRound = self.messages
    self.isHeartbeatWanted = true
  }

  /// Answers all reads that a quorum has confirmed, and none that came later (S54), and those for
  /// which the lease is enough by now.
  mutating func confirmReads(_ lead: inout Leadership) {
    guard !lead.reads.isEmpty || lead.readRound != nil, let membership = self.effective else {
      return
    }
    let confirmed = membership.quorumValue { id -> UInt64? in
      id == self.id ? UInt64.max : lead.progress(of: id)?.acknowledgedMessage
    }
    if let confirmed {
      let ready = lead.reads.prefix { $0.after < confirmed }
      for read in ready {
        self.respond(read.ticket, .readable(from: read.logID, while: nil))
      }
      lead.reads.removeFirst(ready.count)
      if let round = lead.readRound, round < confirmed {
        lead.readRound = nil
        self.askForConfirmation(&lead)
      }
    }
    guard lead.reads.contains(where: { $0.wish.ageMax != nil }) else { return }
    let leading = lead
    lead.reads.removeAll { read in
      guard let end = self.leaseEnd(leading, for: read.wish) else { return false }
      self.respond(read.ticket, .readable(from: read.logID, while: end))
      return true
    }
  }

  mutating func expireReads(_ lead: inout Leadership) {
    let expired = lead.reads.filter { $0.deadline <= self.now }
    guard !expired.isEmpty else { return }
    for read in expired {
      let heard = lead.progress.filter { $0.acknowledgedMessage > read.after }.map(\.id)
      self.respond(read.ticket, .readRefused(.noQuorum(heard: [self.id] + heard)))
    }
    lead.reads.removeAll { $0.deadline <= self.now }
  }
}
