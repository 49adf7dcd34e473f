extension Engine {
  /// Read index (§6.4): what is committed now, and this leader's own first entry at least, must
  /// be applied; and a quorum must confirm that this node still led after the question came.
  mutating func readRequested(_ ticket: Ticket) {
    guard case .leading(var lead) = self.role else {
      self.respond(ticket, .readRefused(.notLeader))
      return
    }
    self.role = .transitioning
    let logID = self.committed.isAtLeast(lead.first) ? self.committed ?? lead.first : lead.first
    lead.reads.append(
      .init(
        ticket: ticket, after: self.messages, logID: logID,
        deadline: self.now.advanced(byNanoseconds: self.configuration.readTimeout)))
    self.isHeartbeatWanted = true
    self.confirmReads(&lead)
    self.role = .leading(lead)
  }

  /// Answers all reads that a quorum has confirmed, and none that came later (S54).
  mutating func confirmReads(_ lead: inout Leadership) {
    guard !lead.reads.isEmpty, let membership = self.effective else { return }
    let confirmed = membership.quorumValue { id -> UInt64? in
      id == self.id ? UInt64.max : lead.progress(of: id)?.acknowledgedMessage
    }
    guard let confirmed else { return }
    let ready = lead.reads.prefix { $0.after < confirmed }
    for read in ready {
      self.respond(read.ticket, .readable(from: read.logID))
    }
    lead.reads.removeFirst(ready.count)
  }

  mutating func expireReads(_ lead: inout Leadership) {
    let heard =
      [self.id]
      + lead.progress.filter { progress in
        lead.reads.first.map { progress.acknowledgedMessage > $0.after } ?? false
      }.map(\.id)
    lead.reads.removeAll { read in
      guard read.deadline <= self.now else { return false }
      self.respond(read.ticket, .readRefused(.noQuorum(heard: heard)))
      return true
    }
  }
}
