extension EntryKind {
  /// Whether such entries come as often as clients write.
  fileprivate var isOfClients: Bool {
    switch self {
    case .command, .session, .withheld: true
    case .blank, .membership, .recovery: false
    }
  }
}

extension CoreLoop {
  /// Tells the engine of an event; a message that is not for this node never reaches it.
  mutating func handle(_ event: consuming Event) {
    switch consume event {
    case .input(.flushed(let io)):
      self.flushed(io)
    case .input(.transferAnswered(nil, from: let peer, under: let vote)):
      self.step(.transferAnswered(nil, from: peer, under: vote))
      // Who was to take over is gone too: the whole cluster may be stopping.
      if self.isDeparting { self.failure = .shutdown }
    case .input(let input):
      self.step(input)
    case .worked(let input):
      self.hear(input)
    case .append(let request, let reply):
      self.receive(request, reply)
    case .vote(let request, let contact, let continuation):
      if let refusal = self.refusal(of: contact) {
        continuation.resume(returning: .failure(refusal))
        return
      }
      self.step(
        .voteRequested(
          request, from: self.sender(contact), self.ticket(for: .vote(continuation))))
    case .preVote(let request, let contact, let continuation):
      if let refusal = self.refusal(of: contact) {
        continuation.resume(returning: .failure(refusal))
        return
      }
      self.step(
        .preVoteRequested(
          request, from: self.sender(contact), self.ticket(for: .vote(continuation))))
    case .transfer(let request, let contact, let continuation):
      if let refusal = self.refusal(of: contact) {
        continuation.resume(returning: .failure(refusal))
        return
      }
      self.step(.transferRequested(request, self.ticket(for: .transfer(continuation))))
    case .snapshot(let request, let continuation):
      if let refusal = self.refusal(of: request.contact) {
        continuation.resume(returning: .failure(refusal))
        return
      }
      let ticket = self.ticket(for: .snapshot(continuation))
      self.offers[ticket.number] = request
      self.step(
        .snapshotOffered(
          request.vote, request.snapshot, from: self.sender(request.contact), ticket))
    case .bootstrap(let membership, let continuation):
      self.step(
        .bootstrapRequested(
          membership, timestamp: self.core.clock.timestamp(),
          self.ticket(for: .bootstrap(continuation, membership.members))))
    case .changeMembership(let change, let retainingRemoved, let expected, let continuation):
      self.step(
        .membershipChangeRequested(
          change, retainingRemoved: retainingRemoved, expected: expected,
          timestamp: self.core.clock.timestamp(), self.ticket(for: .membership(continuation))))
    case .read(let wish, let continuation):
      self.step(.readRequested(wish, self.ticket(for: .read(continuation))))
    case .barrier(let token):
      self.barrier = [Writer(first: 0, last: 0, form: .barrier, token: token)]
      self.step(.barrierProposed(timestamp: self.core.clock.timestamp()))
    case .look(let continuation):
      let board = self.core.board
      self.answers.append { continuation.resume(returning: .success(board.latest)) }
    case .bound(let leadership, let wish):
      guard self.engine.leadership == leadership else {
        self.refuse(wish)
        return
      }
      self.handle(wish)
    case .allowReversion(let peer, let continuation):
      self.step(.reversionAllowed(peer, self.ticket(for: .reversion(continuation))))
    case .handOver(let target, let limit, let continuation):
      self.step(
        .transferWanted(
          to: target, within: limit?.nanoseconds, self.ticket(for: .handover(continuation))))
    case .snapshotReceived(let snapshot, let ticket):
      self.received = snapshot
      self.step(.snapshotReceived(snapshot.meta, ticket))
    case .receptionFailed(let ticket, let error):
      if case .snapshot(let continuation)? = self.takeQuestion(ticket) {
        continuation.resume(returning: .failure(.interrupted(error)))
      }
      self.step(.snapshotReceptionFailed(ticket))
    case .stop(let failure):
      self.stop(failure)
    case .refused(let peer, let refusal):
      self.refusals[peer] = refusal
      // That it lives another life of its data is a matter for the engine.
      if case .wrongIncarnation(_, let reached) = refusal {
        self.step(.contactRefused(by: peer, reached: reached))
      }
    case .appendAnswered(let response, let sent):
      if !self.refusals.isEmpty { self.refusals[sent.peer] = nil }
      self.step(.appendAnswered(response.outcome, sent, by: response.incarnation))
      if let digest = response.digest { self.compare(digest, sent, by: response.incarnation) }
    case .digested(let digest):
      self.note(digest)
    case .watched:
      break
    }
  }

  /// A leader sent an append or a heartbeat.
  private mutating func receive(
    _ request: consuming AppendRequest, _ reply: consuming @escaping AppendReplyTo
  ) {
    if let refusal = self.refusal(of: request.contact) {
      reply(.failure(refusal))
      return
    }
    // What a leader writes of its own accord is small, and without it nobody could begin to lead.
    if self.shortage != nil, request.entries.contains(where: { $0.run.kind.isOfClients }) {
      reply(.failure(.busy))
      return
    }
    swap(&self.incoming, &request.entries)
    self.noteIncomingRuns()
    self.step(
      .appendReceived(
        request.header, self.incomingRuns, from: self.sender(request.contact),
        self.ticket(for: .append(reply))))
  }

  /// The memory of the last message's runs serves again: it is nobody else's after the step.
  private mutating func noteIncomingRuns() {
    while self.incomingRuns.count > self.incoming.count { self.incomingRuns.removeLast() }
    for place in self.incoming.indices {
      if place < self.incomingRuns.count {
        self.incomingRuns[place] = self.incoming[place].run
      } else {
        self.incomingRuns.append(self.incoming[place].run)
      }
    }
  }

  /// A leader that is asked to stop hands its leadership over first, if anybody can take it.
  private mutating func stop(_ failure: NodeFailure) {
    let configuration = self.core.configuration
    guard failure == .shutdown, configuration.isHandoverAtShutdownEnabled, self.engine.isLeader
    else {
      self.failure = failure
      return
    }
    guard !self.isDeparting else { return }
    self.isDeparting = true
    let limit = min(configuration.effectiveTransferTimeout, configuration.shutdownTimeout / 2)
    self.step(
      .transferWanted(to: nil, within: limit.nanoseconds, self.ticket(for: .departure)))
  }

  /// The leadership that the wish was meant for is over.
  private func refuse(_ wish: Event) {
    let leader = self.presentLeader
    switch wish {
    case .barrier(let token):
      token.continuation(for: LogID.self).resume(returning: .failure(.notLeader(leader)))
    case .changeMembership(_, _, _, let continuation):
      continuation.resume(returning: .failure(.notLeader(leader)))
    case .read(_, let continuation):
      continuation.resume(returning: .failure(.notLeader(leader)))
    case .handOver(_, _, let continuation):
      continuation.resume(returning: .failure(.notLeader(leader)))
    default:
      preconditionFailure("\(wish) is never bound to a leadership")
    }
  }

  private mutating func refusal(of contact: Contact) -> RequestError? {
    if let refusal = self.engine.refusalNow(of: contact) {
      return .refused(refusal)
    }
    return self.questions.count < Self.questionsMax ? nil : .busy
  }

  /// How many may wait for answers; while a disk is stuck, heartbeats without answers pile up.
  private static let questionsMax = 1 << 16

  private mutating func sender(_ contact: Contact) -> Sender {
    Sender(node: contact.sender, cluster: contact.cluster)
  }

  // MARK: Answers

  /// Hands the engine's answer to whoever asked.
  mutating func respond(_ ticket: Ticket, _ response: Response) {
    if !self.offers.isEmpty { self.offers.removeValue(forKey: ticket.number) }
    guard let question = self.takeQuestion(ticket) else { return }
    switch question {
    case .append(let reply):
      self.answer(reply, response)
    case .vote(let continuation):
      guard case .vote(var answer) = response else {
        continuation.resume(returning: .failure(self.refusal(response)))
        return
      }
      answer.incarnation = self.incarnation
      continuation.resume(returning: .success(answer))
    case .transfer(let continuation):
      guard case .transfer(let answer) = response else {
        continuation.resume(returning: .failure(self.refusal(response)))
        return
      }
      continuation.resume(returning: .success(answer))
    case .snapshot(let continuation):
      guard case .snapshot(let vote) = response else {
        continuation.resume(returning: .failure(self.refusal(response)))
        return
      }
      continuation.resume(
        returning: .success(SnapshotResponse(vote: vote, incarnation: self.incarnation)))
    case .bootstrap(let continuation, let members):
      let result = self.bootstrapResult(response, members)
      self.answers.append { continuation.resume(returning: result) }
    case .membership(let continuation):
      let result = self.membershipResult(response)
      self.answers.append { continuation.resume(returning: result) }
    case .read(let continuation):
      continuation.resume(returning: self.readResult(response))
    case .reversion(let continuation):
      let result = self.reversionResult(response)
      self.answers.append { continuation.resume(returning: result) }
    case .handover(let continuation):
      let result = self.transferResult(response)
      self.answers.append { continuation.resume(returning: result) }
    case .departure:
      self.failure = .shutdown
    }
  }

  private mutating func answer(_ reply: AppendReplyTo, _ response: Response) {
    guard case .append(let outcome) = response else {
      reply(.failure(self.refusal(response)))
      return
    }
    reply(
      .success(
        AppendResponse(
          outcome: outcome, incarnation: self.incarnation, digest: self.states.newest)))
  }

  private func refusal(_ response: Response) -> RequestError {
    switch response {
    case .refused(.malformed): .malformed
    case .refused(.busy): .busy
    default: preconditionFailure("\(response) does not answer a message")
    }
  }

  private func bootstrapResult(
    _ response: Response, _ members: [Member]
  ) -> Result<Void, BootstrapError> {
    switch response {
    case .bootstrapped: .success(())
    case .bootstrapRefused(.notAllowed(let last, let vote)):
      .failure(.notAllowed(last: last, vote: vote))
    case .bootstrapRefused(.notVoter): .failure(.notVoter(self.core.id, members))
    case .bootstrapRefused(.witness): .failure(.witness(self.core.id))
    default: preconditionFailure("\(response) does not answer a bootstrap")
    }
  }

  private func membershipResult(
    _ response: Response
  ) -> Result<MembershipReceipt, MembershipChangeError> {
    switch response {
    case .membershipChanged(let logID, let membership):
      .success(MembershipReceipt(logID: logID, membership: membership))
    case .membershipRefused(.notLeader): .failure(.notLeader(self.leaderHint))
    case .membershipRefused(.noQuorum): .failure(.noQuorum)
    case .membershipRefused(.transferring(let target)):
      .failure(.transferring(to: self.hint(at: target)))
    case .membershipRefused(.inProgress(let committed, let effective)):
      .failure(.inProgress(committed: committed, effective: effective))
    case .membershipRefused(.preconditionFailed(let expected, let actual)):
      .failure(.preconditionFailed(expected: expected, actual: actual))
    case .membershipRefused(.invalid(let error)): .failure(.invalid(error))
    case .membershipRefused(.outcomeUnknown): .failure(.outcomeUnknown)
    default: preconditionFailure("\(response) does not answer a membership change")
    }
  }

  private func readResult(_ response: Response) -> Result<ReadPermit, ReadError> {
    switch response {
    case .readable(let logID, let end): .success(ReadPermit(barrier: logID, end: end))
    case .readRefused(.notLeader): .failure(.notLeader(self.leaderHint))
    case .readRefused(.noQuorum(let heard)): .failure(.noQuorum(heard: heard))
    default: preconditionFailure("\(response) does not answer a read")
    }
  }

  private func reversionResult(_ response: Response) -> Result<Void, LogReversionError> {
    switch response {
    case .reversionAllowed: .success(())
    case .reversionRefused(.notLeader): .failure(.notLeader(self.leaderHint))
    case .reversionRefused(.nothingLost(let id)): .failure(.nothingLost(id))
    default: preconditionFailure("\(response) does not answer whether a peer may start over")
    }
  }

  private func transferResult(_ response: Response) -> Result<NodeID, TransferError> {
    switch response {
    case .leadershipTransferred(let target): .success(target)
    case .transferRefused(.notLeader): .failure(.notLeader(self.leaderHint))
    case .transferRefused(.alreadyLeads): .failure(.alreadyLeads)
    case .transferRefused(.unknown(let id)): .failure(.notMember(id))
    case .transferRefused(.learner(let id)): .failure(.notVoter(id))
    case .transferRefused(.witness(let id)): .failure(.witness(id))
    case .transferRefused(.noOtherVoter): .failure(.noOtherVoter)
    case .transferRefused(.noneHeard): .failure(.noneHeard)
    case .transferRefused(.replaced(let other)): .failure(.replaced(by: other))
    case .transferRefused(.givenUp(let id)): .failure(.givenUp(id))
    case .transferRefused(.outcomeUnknown): .failure(.outcomeUnknown)
    default: preconditionFailure("\(response) does not answer a transfer")
    }
  }

  /// Who leads, for those who asked the wrong node.
  var leaderHint: LeaderHint? {
    guard let leader = self.engine.leader, leader != self.core.id else { return nil }
    return self.hint(at: leader)
  }

  /// Who leads, for those who ask for another leadership: it may be this node.
  var presentLeader: LeaderHint? { self.engine.leader.map { self.hint(at: $0) } }

  func hint(at id: NodeID) -> LeaderHint {
    LeaderHint(id: id, member: self.engine.effective?.member(id))
  }
}
