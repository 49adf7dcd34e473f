/// The question whether an election could be won, while it is being asked.
struct PreVote: Hashable {
  /// The vote for which the node would stand; nobody has stored it.
  let vote: Vote
  /// Which voters would stand behind it.
  var granted: [NodeID]
}

/// Pre-vote (thesis §9.6): a node that could not win does not begin a round, so one that comes
/// back from a partition disturbs nobody.
extension Engine {
  /// Asks all voters whether they would vote for this node.
  ///
  /// Nothing changes, so nothing is stored.
  mutating func askForPreVotes() {
    let request = VoteRequest(vote: self.nextRound, lastLogID: self.log.last)
    self.isBehind = false
    self.preVote = PreVote(vote: request.vote, granted: [self.id])
    self.resetElectionTimer()
    for voter in self.effective?.voters ?? [] where voter != self.id {
      self.commands.append(.requestPreVote(to: voter, request))
    }
    self.campaignIfPromising()
  }

  /// Answers as a vote request would be answered now, and changes nothing but what a learner knows
  /// of its use.
  mutating func preVoteRequested(_ request: VoteRequest, from sender: Sender, _ ticket: Ticket) {
    guard Self.isWellFormed(request, from: sender) else {
      self.respond(ticket, .refused(.malformed))
      return
    }
    let isFree = !self.isBound(against: sender.node)
    let isGranted = isFree && self.isEligible(request)
    if isFree, !isGranted { self.noticeNeed(of: request) }
    self.respond(
      ticket,
      .vote(
        VoteResponse(
          vote: self.vote, isGranted: isGranted, lastLogID: self.log.last,
          excludedBy: isGranted ? nil : self.exclusion(of: sender.node))))
  }

  /// Somebody said whether it would vote for this node.
  ///
  /// A refusal behind a later vote is adopted: else a node that is behind in rounds would ask for
  /// the same one for ever (openraft#1796).
  mutating func preVoteAnswered(
    _ response: VoteResponse, from peer: NodeID, under asked: Vote
  ) {
    guard var preVote = self.preVote, preVote.vote == asked else { return }
    guard response.isGranted else {
      self.refused(by: response, of: peer)
      return
    }
    guard self.effective?.names(response.incarnation, as: peer) ?? false,
      !preVote.granted.contains(peer)
    else { return }
    preVote.granted.append(peer)
    self.preVote = preVote
    self.campaignIfPromising()
  }

  private mutating func campaignIfPromising() {
    guard let preVote = self.preVote, self.canCampaign, !self.isPromised(to: nil),
      let membership = self.effective,
      membership.isQuorum(where: { preVote.granted.contains($0) })
    else { return }
    self.campaign(transferredFrom: nil)
  }
}
