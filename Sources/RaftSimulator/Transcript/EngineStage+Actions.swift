import Raft
import RaftEngine

/// What a transcript does to engines, and what it asks them.
extension EngineStage {
  private var timestamp: Timestamp { Timestamp(nanoseconds: UInt64(self.world.now)) }

  private func ticket(for call: Int, _ question: SimulatedNode.Question, on id: NodeID) -> Ticket {
    let ticket = self.world.ticket(question, on: self.node(id))
    self.asked[ticket] = call
    return ticket
  }

  /// An engine answered a question.
  func answered(_ ticket: Ticket, _ response: Response) {
    guard let call = self.asked.removeValue(forKey: ticket) else { return }
    switch response {
    case .append(let outcome): self.onAnswer(call, CallText.append(outcome))
    case .vote(let answer): self.onAnswer(call, CallText.vote(answer))
    case .refused(let refusal): self.onAnswer(call, "refused: \(refusal)")
    case .bootstrapped: self.onAnswer(call, "done")
    case .bootstrapRefused(.notAllowed): self.onAnswer(call, "refused: it has a history")
    case .bootstrapRefused(.notVoter): self.onAnswer(call, "refused: it would be no voter")
    case .bootstrapRefused(.witness): self.onAnswer(call, "refused: it is a witness")
    case .membershipChanged(_, let membership): self.onAnswer(call, "done: \(membership)")
    case .membershipRefused(let refusal): self.onAnswer(call, Self.text(refusal))
    case .readRefused(let refusal):
      if let number = self.calls[call] { self.refusals[number] = refusal }
    case .leadershipTransferred(let id): self.onAnswer(call, CallText.Handover.done(to: id))
    case .transferRefused(let refusal): self.onAnswer(call, Self.text(refusal))
    case .readable, .transfer, .snapshot, .reversionAllowed, .reversionRefused:
      break
    }
  }

  private static func text(_ refusal: MembershipRefusal) -> String {
    switch refusal {
    case .notLeader: CallText.notLeader
    case .noQuorum: CallText.noQuorum
    case .transferring(let id): CallText.transferring(to: id)
    case .inProgress: CallText.inProgress
    case .preconditionFailed(_, let actual): CallText.otherMembership(actual)
    case .invalid(let error): "refused: \(error)"
    case .outcomeUnknown: CallText.unknown
    }
  }

  private static func text(_ refusal: TransferRefusal) -> String {
    switch refusal {
    case .notLeader: CallText.notLeader
    case .alreadyLeads: CallText.Handover.alreadyLeads
    case .unknown(let id): CallText.Handover.noMember(id)
    case .learner(let id): CallText.Handover.noVoter(id)
    case .witness(let id): CallText.Handover.witness(id)
    case .noOtherVoter: CallText.Handover.noOtherVoter
    case .noneHeard: CallText.Handover.noneHeard
    case .replaced(let id): CallText.Handover.replaced(by: id)
    case .givenUp(let id): CallText.Handover.givenUp(id)
    case .outcomeUnknown: CallText.unknown
    }
  }

  // MARK: Calls

  func write(_ value: UInt64, to register: Int, at id: NodeID, call: Int) {
    let number = self.begin(.write, of: register, value: value, at: id)
    self.calls[call] = number
    self.node(id).openBatch.append(number)
    self.step(id, .proposed(count: 1, byteCount: 8, timestamp: self.timestamp))
    self.report()
  }

  func read(_ register: Int, at id: NodeID, barrierFrom other: NodeID, call: Int) {
    let number = self.begin(.read, of: register, value: 0, at: id)
    self.calls[call] = number
    let floor = self.world.checkers.clientOracle.acknowledged
    let ticket = self.ticket(for: call, .read(call: number, floor: floor), on: other)
    self.step(
      other,
      .readRequested(.init(ageMax: nil, isAsking: true, timeout: 1000 * milliseconds), ticket))
    self.report()
  }

  func change(
    _ change: MembershipChange, _ removed: RemovedVoters, if expected: LogID?, at id: NodeID,
    call: Int
  ) {
    self.step(
      id,
      .membershipChangeRequested(
        change, retainingRemoved: removed == .becomeLearners, expected: expected,
        timestamp: self.timestamp, self.ticket(for: call, .membership(expected: nil), on: id)))
  }

  func transfer(from: NodeID, to: NodeID?, call: Int) {
    self.step(
      from, .transferWanted(to: to, within: nil, self.ticket(for: call, .handover, on: from)))
  }

  func found(_ voters: [NodeID], at id: NodeID, call: Int) {
    let terms = Membership.Terms(
      cluster: ScriptedPlay.cluster, leadershipRule: self.world.plan.rule)
    let members = voters.map { self.world.plan.member($0) }
    do {
      let membership = try Membership(voters: members, terms: terms)
      self.step(
        id,
        .bootstrapRequested(
          membership, timestamp: .epoch, self.ticket(for: call, .bootstrap, on: id)))
    } catch {
      self.onAnswer(call, "refused: \(error)")
    }
  }

  // MARK: Messages

  func ask(
    _ id: NodeID, for vote: Vote, last: LogID?, _ question: TranscriptCommand.Question, call: Int
  ) {
    let request = VoteRequest(vote: vote, lastLogID: last)
    let sender = Sender(node: vote.leader.node, cluster: ScriptedPlay.cluster)
    let ticket = self.ticket(for: call, .byHand, on: id)
    switch question {
    case .vote: self.step(id, .voteRequested(request, from: sender, ticket))
    case .preVote: self.step(id, .preVoteRequested(request, from: sender, ticket))
    }
  }

  func tell(_ append: TranscriptCommand.HandmadeAppend, call: Int) {
    let node = self.node(append.to)
    var entries: [SimulatedEntry] = []
    for logID in append.entries {
      guard let entry = self.entry(logID) else {
        return self.onAnswer(call, "nobody holds \(logID); only entries that exist can be sent")
      }
      entries.append(entry.form(for: self.world.plan.role(of: append.to)))
    }
    let header = AppendHeader(
      vote: append.vote, previous: append.previous, committed: append.committed,
      promise: 100 * milliseconds, session: 0)
    node.incoming = entries[...]
    self.step(
      append.to,
      .appendReceived(
        header, self.world.runs(of: entries[...]),
        from: Sender(node: append.vote.leader.node, cluster: ScriptedPlay.cluster),
        self.ticket(for: call, .byHand, on: append.to)))
    node.incoming = []
  }

  /// The entry at this position, from whichever log holds it.
  private func entry(_ logID: LogID) -> SimulatedEntry? {
    self.world.nodes.lazy.compactMap { $0.disk.readable.log.entry(at: logID.index) }
      .first { $0.logID == logID }
  }

  // MARK: Network

  func setCut(_ isCut: Bool, from: NodeID, to: NodeID) {
    self.world.network.setCut(isCut, from: from, to: to)
  }

  func addRule(
    _ verdict: MessageVerdict, of kind: MessageKind?, from: NodeID, to: NodeID,
    _ duration: RuleDuration, after passing: Int
  ) {
    self.world.rules.add(verdict, of: kind, from: from, to: to, duration, after: passing)
  }

  func release() {
    for packet in self.world.rules.release() { self.world.carry(packet) }
  }

  // MARK: Nodes

  func elect(_ id: NodeID) { self.step(id, .electionRequested) }
  func buildSnapshot(_ id: NodeID) { self.step(id, .snapshotRequested) }

  func crash(_ id: NodeID) {
    self.abandonQuestions(to: id)
    self.world.losePower(self.node(id), .noWrite)
  }

  func stop(_ id: NodeID) {
    self.abandonQuestions(to: id)
    self.world.losePower(self.node(id), .allWrites)
  }

  /// Whoever asked a node that goes down never learns what became of it.
  private func abandonQuestions(to id: NodeID) {
    for (ticket, call) in self.asked.sorted(by: { $0.value < $1.value })
    where self.calls[call] == nil && self.node(id).question(ticket) != nil {
      self.asked[ticket] = nil
      self.onAnswer(call, CallText.unknown)
    }
  }

  func start(_ id: NodeID) {
    self.attempt { () throws(Finding) in try self.world.start(self.node(id)) }
  }

  func wipe(_ id: NodeID) {
    self.node(id).loseDisk(for: self.world.nextIncarnation())
    self.world.checkers.lostDisk(id)
  }

  func pause(_ id: NodeID, for nanoseconds: Int64) {
    self.node(id).pausedUntil = self.world.now + nanoseconds
  }

  func jumpClock(of id: NodeID, by nanoseconds: Int64) {
    let node = self.node(id)
    node.clock.jump(by: nanoseconds)
    node.timer = nil
    self.world.setTimer(node)
  }

  func stall(_ id: NodeID) { self.node(id).stalledUntil = .max }

  func resume(_ id: NodeID) {
    let node = self.node(id)
    node.stalledUntil = self.world.now
    if node.isUp, node.isFlushing {
      self.world.agenda.add(.flush(node.id, life: node.life), at: self.world.now)
    }
  }

  func failDisk(_ id: NodeID) { self.node(id).failsNextFlush = true }
}
