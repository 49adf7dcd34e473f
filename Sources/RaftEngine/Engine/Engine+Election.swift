extension Engine {
  /// Whether this node may stand for election: it has a vote in the configuration in force or in
  /// the last one known to be committed (openraft#2091), or is a learner that voters cannot do
  /// without; it is no witness, no snapshot is half taken over, and its disk does not hang.
  ///
  /// Asked in each turn; it is mutating, and changes nothing, as `EnginePicture.swift` explains.
  var canCampaign: Bool {
    mutating get {
      let mayStand =
        (self.hasVote || (self.isNeeded && self.isLearner)) && self.stalledSince == nil
      guard case .following(let following) = self.role else { return mayStand }
      return mayStand && following.installing == nil
    }
  }

  @inline(__always)
  private var hasVote: Bool {
    self.configuration.role == .replica && !self.isRemoved
      && (self.hasVote(by: self.membership.effective)
        || !self.membership.isSettled && self.hasVote(by: self.membership.committed))
  }

  @inline(__always)
  private func hasVote(by logged: LoggedMembership) -> Bool {
    self.means(logged) && !(logged.membership?.isWitness(self.id) ?? false)
  }

  /// Whether this node, in this life of its data, is a replica without a vote.
  @inline(__always)
  private var isLearner: Bool {
    guard let membership = self.effective, let role = membership.role(of: self.id) else {
      return false
    }
    return self.configuration.role == .replica && role == .replica && !self.isRemoved
      && !membership.isVoter(self.id)
      && membership.incarnation(of: self.id) == self.incarnation
  }

  /// A candidate asks for a vote that this node refuses it, unless by a promise.
  ///
  /// Only voters are asked: if this node is none, the candidate has a membership that it does not
  /// have. If its log is ahead as well, it may be that nobody can win but itself: an uncommitted
  /// joint membership on a voter that the other voters need, and later entries on this learner
  /// alone, both from leaders that are gone (§4.2.2 lets every server stand for such reasons).
  mutating func noticeNeed(of request: VoteRequest) {
    guard self.isLearner, self.log.last.isAfter(request.lastLogID) else { return }
    self.isNeeded = true
  }

  /// The application may hurry an election, but not break a promise: then it comes as soon as the
  /// promise ends, unless a leader is heard.
  mutating func electionRequested() {
    guard self.canCampaign, !self.isLeader else { return }
    self.electionDue = self.now
    self.standIfDue()
  }

  /// Stands for election if the time has come and no promise forbids it.
  ///
  /// Who cannot win alone asks first whether it could win at all, unless it was told not to.
  mutating func standIfDue() {
    guard self.canCampaign, self.now >= self.electionDue, !self.isPromised(to: nil) else { return }
    if self.switches.contains(.preVote), !self.standsUnasked, !self.isAlone {
      self.askForPreVotes()
    } else {
      self.campaign(transferredFrom: nil)
    }
  }

  /// The round in which this node would stand now: above all that it has seen or refused, for a
  /// candidate with a shorter log must not keep ahead of the one that can win.
  var nextRound: Vote {
    let term = max(self.vote.term, self.termRefused).next
    return Vote(leader: LeaderID(term: term, node: self.id), isCommitted: false)
  }

  /// Stands for election in a new round (§3.4).
  ///
  /// Nobody is asked before the own vote is durable: else grants to a forgotten try could elect
  /// this node with a shorter log.
  mutating func campaign(transferredFrom: Vote?) {
    self.vote = self.nextRound
    self.preVote = nil
    self.isBehind = false
    self.resetElectionTimer()
    let io = self.saveVote()
    self.role = .campaigning(Campaign(askedAt: self.now, voteWrite: io.sequence))
    let request = VoteRequest(
      vote: self.vote, lastLogID: self.log.last, transferredFrom: transferredFrom)
    for voter in self.effective?.voters ?? [] where voter != self.id {
      self.commands.hold(
        .requestVote(to: voter, request), untilFlushed: io.sequence, under: self.vote)
    }
  }

  /// The candidate's own vote is durable: it counts, and the others are being asked.
  mutating func ownVoteFlushed() {
    guard case .campaigning(var campaign) = self.role,
      self.io.flushed >= campaign.voteWrite, !campaign.granted.contains(self.id)
    else { return }
    campaign.granted.append(self.id)
    campaign.askedAt = self.now
    self.role = .campaigning(campaign)
    self.leadIfChosen()
  }

  mutating func voteAnswered(_ response: VoteResponse, from peer: NodeID, under asked: Vote) {
    guard case .campaigning(var campaign) = self.role, asked == self.vote else { return }
    if response.isGranted, response.vote == self.vote {
      guard let membership = self.effective, membership.isVoter(peer),
        membership.names(response.incarnation, as: peer), !campaign.granted.contains(peer)
      else { return }
      campaign.granted.append(peer)
      self.role = .campaigning(campaign)
      self.leadIfChosen()
    } else {
      self.refused(by: response, of: peer)
    }
  }

  /// A voter does not stand behind this node.
  ///
  /// If its log is longer, this node cannot win without others, and lets those with longer logs
  /// stand before it tries again.
  mutating func refused(by response: VoteResponse, of peer: NodeID) {
    self.heard(of: response.vote)
    if !response.isGranted, let logID = response.excludedBy { self.excluded(by: logID, peer) }
    guard !response.isGranted, response.lastLogID.isAfter(self.log.last), !self.isBehind else {
      return
    }
    self.isBehind = true
    self.electionDue = self.electionDue.advanced(
      byNanoseconds: self.configuration.electionTimeoutMax)
  }

  /// A peer stands behind a later vote.
  ///
  /// Whether a quorum does is not known here, and this node must never take its own former
  /// leadership for alive: the vote is adopted as uncommitted.
  mutating func heard(of other: Vote) {
    let vote = other.uncommitted
    guard vote != self.vote, Self.isPossible(vote), self.allows(vote, after: self.vote) else {
      return
    }
    self.stepDown(for: vote)
    self.adopt(vote)
  }

  /// Stands behind another vote from now on.
  mutating func adopt(_ vote: Vote) {
    self.vote = vote
    self.preVote = nil
    _ = self.saveVote()
    self.resetElectionTimer()
  }

  /// A peer refuses this leader.
  ///
  /// It may stand behind a candidate of the same round although a quorum's choice counts more: it
  /// has no membership yet and does not know the rule (see `allows`). Only a later round frees it.
  mutating func refused(behind vote: Vote) {
    self.heard(of: vote)
    guard self.isLeader, vote.term == self.vote.term, vote.leader != self.vote.leader,
      !vote.isCommitted, self.canCampaign
    else { return }
    self.stepDown(for: nil)
    self.campaign(transferredFrom: nil)
  }

  private mutating func leadIfChosen() {
    guard case .campaigning(let campaign) = self.role, let membership = self.effective,
      membership.isQuorum(where: { campaign.granted.contains($0) })
    else { return }
    self.beginLeading(contact: campaign.askedAt)
  }

  mutating func voteRequested(_ request: VoteRequest, from sender: Sender, _ ticket: Ticket) {
    guard Self.isWellFormed(request, from: sender) else {
      self.respond(ticket, .refused(.malformed))
      return
    }
    let isTransfer = request.transferredFrom == self.vote && self.vote.isCommitted
    let isFree = isTransfer || !self.isBound(against: sender.node)
    let isGranted = isFree && self.isEligible(request)
    if isFree, !isGranted { self.noticeNeed(of: request) }
    if isGranted, request.vote != self.vote {
      self.stepDown(for: request.vote)
      self.adopt(request.vote)
    }
    if !isGranted { self.termRefused = max(self.termRefused, request.vote.term) }
    let response = VoteResponse(
      vote: self.vote, isGranted: isGranted, lastLogID: self.log.last,
      excludedBy: isGranted ? nil : self.exclusion(of: sender.node))
    if isGranted {
      self.respondWhenFlushed(ticket, .vote(response))
    } else {
      self.respond(ticket, .vote(response))
    }
  }

  /// Whether the candidate holds all that this node holds, in a round that this node's vote
  /// allows (§3.6.1).
  func isEligible(_ request: VoteRequest) -> Bool {
    request.lastLogID.isAtLeast(self.log.last) && self.allows(request.vote, after: self.vote)
  }

  /// Whether this node must not stand behind another: it leads with a quorum behind it, or it
  /// promised a leader to wait.
  func isBound(against candidate: NodeID) -> Bool {
    self.isLeader ? self.hasQuorumContact : self.isPromised(to: candidate)
  }

  mutating func transferRequested(_ request: TransferRequest, _ ticket: Ticket) {
    guard request.from == self.vote, self.vote.isCommitted else {
      self.respond(
        ticket, .transfer(.voteChanged(expected: request.from, actual: self.vote)))
      return
    }
    guard request.to == self.id else {
      self.respond(ticket, .transfer(.accepted))
      return
    }
    guard !self.isUnfit else {
      self.respond(ticket, .refused(.busy))
      return
    }
    let durable = self.durableLogID
    guard durable.isAtLeast(request.lastLogID) else {
      self.respond(
        ticket, .transfer(.logNotFlushed(expected: request.lastLogID, actual: durable)))
      return
    }
    guard case .following = self.role, self.canCampaign else {
      self.respond(ticket, .refused(.malformed))
      return
    }
    self.respond(ticket, .transfer(.accepted))
    self.campaign(transferredFrom: request.from)
  }
}
