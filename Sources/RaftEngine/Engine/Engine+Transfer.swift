/// Handing leadership over (thesis §3.10).
///
/// While a transfer is under way the leader appends nothing: the target's log can be completed,
/// and the membership stays what it is.
extension Engine {
  /// Who shall take over from this leader; `nil` if no transfer is under way.
  @inline(__always)
  package var transferTarget: NodeID? {
    self.leaderships.isEmpty ? nil : self.leaderships[0].transfer?.target
  }

  /// The application wants another leader; `nil` for the voter whose log is the most complete.
  mutating func transferWanted(to wanted: NodeID?, within limit: Int64?, _ ticket: Ticket) {
    guard var lead = self.takeLead() else {
      self.respond(ticket, .transferRefused(.notLeader))
      return
    }
    let target: NodeID
    switch self.transferTarget(for: wanted, lead) {
    case .failure(let refusal):
      self.respond(ticket, .transferRefused(refusal.reason))
      self.giveBack(lead)
      return
    case .success(let id):
      target = id
    }
    if lead.transfer?.target == target {
      // Who asks again must not keep the leader from serving for longer (S88).
      lead.transfer?.tickets.append(ticket)
    } else {
      let limit = limit ?? self.configuration.transferTimeout
      let deadline = self.now.advanced(byNanoseconds: limit)
      self.endTransfer(.replaced(by: target), &lead)
      lead.transfer = Transfer(
        target: target, deadline: min(deadline, lead.leavesBy ?? deadline), tickets: [ticket])
    }
    self.askToTakeOver(&lead)
    self.giveBack(lead)
  }

  private struct Refused: Error {
    let reason: TransferRefusal
  }

  private func transferTarget(
    for wanted: NodeID?, _ lead: Leadership
  ) -> Result<NodeID, Refused> {
    guard let wanted else {
      guard let id = lead.transfer?.target ?? self.bestSuccessor(lead) else {
        let isAlone = self.effective?.isAlone(self.id) ?? true
        return .failure(Refused(reason: isAlone ? .noOtherVoter : .noneHeard))
      }
      return .success(id)
    }
    guard wanted != self.id else { return .failure(Refused(reason: .alreadyLeads)) }
    guard self.effective?.member(wanted) != nil else {
      return .failure(Refused(reason: .unknown(wanted)))
    }
    guard self.effective?.isVoter(wanted) ?? false else {
      return .failure(Refused(reason: .learner(wanted)))
    }
    guard !(self.effective?.isWitness(wanted) ?? false) else {
      return .failure(Refused(reason: .witness(wanted)))
    }
    return .success(wanted)
  }

  /// The voter with the most complete log among those heard within an election timeout, the first
  /// of several.
  func bestSuccessor(_ lead: Leadership, except others: [NodeID] = []) -> NodeID? {
    let since = self.now.advanced(byNanoseconds: -self.configuration.electionTimeoutMax)
    var best: Progress?
    for progress in lead.progress where self.effective?.canLead(progress.id) ?? false {
      guard progress.replacedBy == nil, let heard = progress.acknowledgedAt, heard > since,
        !others.contains(progress.id)
      else { continue }
      if best.map({ $0.matched.nextIndex < progress.matched.nextIndex }) ?? true {
        best = progress
      }
    }
    return best?.id
  }

  /// Asks the target to take over once its log ends where the leader's does, and again if nothing
  /// came of it for the time of a heartbeat.
  ///
  /// From then on another node may be elected at any moment, whatever was promised: an exclusive
  /// lease ends for the rest of this vote.
  mutating func askToTakeOver(_ lead: inout Leadership) {
    guard let transfer = lead.transfer, let last = self.log.last,
      lead.progress(of: transfer.target)?.matched == last.index
    else { return }
    if let asked = transfer.askedAt,
      self.now < asked.advanced(byNanoseconds: self.configuration.heartbeatInterval)
    {
      return
    }
    lead.transfer?.askedAt = self.now
    lead.isLeaseEnded = true
    self.commands.append(
      .sendTransfer(
        to: transfer.target,
        TransferRequest(from: self.vote, to: transfer.target, lastLogID: last)))
  }

  /// The target answered; `nil` if the request, or its answer, was lost.
  mutating func transferAnswered(
    _ response: TransferResponse?, from peer: NodeID, under vote: Vote
  ) {
    guard vote == self.vote, let transfer = self.lead?.transfer, transfer.target == peer else {
      return
    }
    switch response {
    case nil where self.isUnfit && transfer.tickets.isEmpty:
      // It may be unfit as well; another one is asked sooner than this one again.
      guard var lead = self.takeLead() else { return }
      self.giveUpTransfer(&lead)
      self.giveBack(lead)
      self.leaveIfNotVoter()
      self.handOverIfUnfit()
    case .accepted, nil:
      break
    case .logNotFlushed:
      // What it confirmed must be durable; only a peer that was asked too early says so.
      self.leaderships[0].transfer?.askedAt = nil
    case .voteChanged(_, let actual):
      self.refused(behind: actual)
      guard var lead = self.takeLead() else { return }
      self.giveUpTransfer(&lead)
      self.giveBack(lead)
      self.leaveIfNotVoter()
    }
  }

  /// The target did not take over; this node serves again.
  ///
  /// What waited for the end of the transfer goes on: leaving a joint membership, and changes.
  mutating func giveUpTransfer(_ lead: inout Leadership) {
    guard let transfer = lead.transfer else { return }
    let leadsOn = lead.leavesBy == nil && self.stalledSince == nil
    self.endTransfer(leadsOn ? .givenUp(transfer.target) : .outcomeUnknown, &lead)
    if self.committed.isAtLeast(lead.first) { self.membershipCommitted(&lead) }
  }

  private mutating func endTransfer(_ refusal: TransferRefusal, _ lead: inout Leadership) {
    guard let transfer = lead.transfer else { return }
    lead.transfer = nil
    for ticket in transfer.tickets {
      self.respond(ticket, .transferRefused(refusal))
    }
  }

  /// This node gives up leading, for this vote if one is known.
  mutating func tellTransferEnd(_ transfer: Transfer, for vote: Vote?) {
    let isTaken = vote?.leader.node == transfer.target
    for ticket in transfer.tickets {
      self.respond(
        ticket,
        isTaken
          ? .leadershipTransferred(to: transfer.target) : .transferRefused(.outcomeUnknown))
    }
  }

  mutating func expireTransfer() {
    guard let deadline = self.lead?.transfer?.deadline, var lead = self.takeLead() else { return }
    if deadline <= self.now {
      self.giveUpTransfer(&lead)
    } else {
      self.askToTakeOver(&lead)
    }
    self.giveBack(lead)
    self.leaveIfNotVoter()
  }

  /// A leader without a vote in the committed membership hands over, after the commit and not
  /// before (§4.2.2, §4.2.3).
  ///
  /// One that is no member steps down when that has ended, whichever way; nobody else would ever
  /// tell it to. One that stays a member tries once for each membership, and leads on if nobody
  /// takes over: a cluster with a leader that has no vote serves as well as any other.
  mutating func leaveIfNotVoter() {
    guard self.isLeader, self.membership.isSettled, let membership = self.effective,
      !membership.isJoint, !membership.isVoter(self.id),
      self.committed.isAtLeast(self.leaderships[0].first)
    else { return }
    let logID = self.membership.effective.logID
    if self.lead?.handedOverAt != logID, var lead = self.takeLead() {
      lead.handedOverAt = logID
      let deadline = self.now.advanced(byNanoseconds: self.configuration.transferTimeout)
      if membership.member(self.id) == nil { lead.leavesBy = deadline }
      if lead.transfer == nil, let target = self.bestSuccessor(lead) {
        lead.transfer = Transfer(target: target, deadline: deadline)
        self.askToTakeOver(&lead)
      }
      self.giveBack(lead)
    }
    if self.lead?.leavesBy != nil, self.lead?.transfer == nil { self.stepDown(for: nil) }
  }
}
