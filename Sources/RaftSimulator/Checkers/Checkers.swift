import RaftEngine

/// All checkers of a run, and what each of them is shown when something happens.
struct Checkers {
  var electionSafety: ElectionSafety
  var logMatching = LogMatching()
  let leaderCompleteness = LeaderCompleteness()
  var stateMachineSafety = StateMachineSafety()
  let leaderAppendOnly = LeaderAppendOnly()
  let committedNeverLost = CommittedNeverLost()
  var monotony: Monotony
  let quietTransfers = QuietTransfers()
  let configurationOverlap = ConfigurationOverlap()
  var promisesKept: PromisesKept
  var candidacies: Candidacies
  let quorumContact = QuorumContact()
  let exclusiveLease = ExclusiveLease()
  var backedLeases: BackedLeases
  var clientOracle = ClientOracle()
  let memoryBounds: MemoryBounds
  let soundProgress = SoundProgress()
  let wholeCopies: WholeCopies

  init(_ plan: Plan) {
    self.electionSafety = ElectionSafety(rule: plan.rule)
    self.monotony = Monotony(rule: plan.rule, nodeCount: plan.nodeCount)
    self.promisesKept = PromisesKept(rule: plan.rule, nodeCount: plan.nodeCount)
    self.candidacies = Candidacies(nodeCount: plan.nodeCount)
    self.backedLeases = BackedLeases(nodeCount: plan.nodeCount)
    self.wholeCopies = WholeCopies(witnesses: plan.witnesses)
    self.memoryBounds = MemoryBounds(
      configuration: plan.configuration, nodeCount: plan.nodeCount,
      appendBytesMax: SimulatedEntry.byteCount
        * min(plan.configuration.appendEntriesMax, plan.entriesPerMessage))
  }

  /// An engine has made a step; its commands are not carried out yet.
  mutating func stepped(
    _ node: SimulatedNode, _ input: Input, voteBefore: Vote, at instant: Instant
  ) throws(Finding) {
    let vote = node.engine.vote
    try self.monotony.stepped(
      node.id, vote: vote, committed: node.engine.committed, applied: node.engine.applied)
    switch input {
    case .appendReceived(let header, _, _, _):
      if vote == header.vote {
        self.promisesKept.promised(node.id, under: vote, for: header.promise, at: instant)
        self.backedLeases.promised(node.id, for: header.promise, at: instant)
      }
    case .voteRequested(let request, _, _):
      if vote != voteBefore, request.transferredFrom != voteBefore || !voteBefore.isCommitted {
        try self.promisesKept.stood(node.id, behind: vote, at: instant)
      }
    case .appendAnswered(.higherVote(let barring), let sent, _):
      guard vote == voteBefore, let lead = node.engine.lead,
        node.engine.effective?.isVoter(node.id) ?? false,
        lead.progress(of: sent.peer)?.session == sent.session
      else { break }
      try self.candidacies.goesOn(vote, refusedBehind: barring)
    case .preVoteRequested:
      guard vote == voteBefore else {
        throw Finding(
          .promisesKept, "a pre-vote request made node \(node.id) stand behind \(vote)")
      }
    case .transferRequested(let request, _):
      try self.promisesKept.tookOver(
        node.id, asked: request, from: voteBefore, to: vote,
        isHeld: vote == voteBefore
          || (request.lastLogID.map { node.disk.holdsDurably($0) } ?? true))
    default:
      if vote != voteBefore, !vote.isCommitted, vote.leader.node == node.id {
        try self.promisesKept.stood(node.id, behind: vote, at: instant)
      }
    }
    if vote != voteBefore, vote.leader.node == node.id, case .campaigning = node.engine.role {
      try self.stood(node, because: input)
    }
    let entryCount = node.engine.log.purged.nextIndex.distance(to: node.engine.log.last.nextIndex)
    let io = node.engine.io
    if case .readRequested(let wish, _) = input { node.noteRead(wish, at: instant) }
    try self.memoryBounds.check(
      node.standing.load,
      .init(
        entryCount: entryCount, questionCount: node.questionCount,
        writeCount: Int(io.submitted - io.flushed), readCount: node.readDeadlines.count),
      node: node.id)
  }

  /// A node stands for election.
  private mutating func stood(_ node: SimulatedNode, because input: Input) throws(Finding) {
    let isAsking =
      switch input {
      case .elapsed, .electionRequested, .preVoteAnswered: true
      default: false
      }
    try self.candidacies.stood(
      node.id, for: node.engine.vote,
      asked: isAsking && node.engine.switches.contains(.preVote) ? node.engine.effective : nil)
  }

  /// A node says whether it would vote for a candidate.
  mutating func preVoted(
    _ node: SimulatedNode, _ request: VoteRequest, _ isGranted: Bool, at instant: Instant
  ) throws(Finding) {
    guard isGranted else { return }
    guard !node.engine.hasQuorumContact, request.lastLogID.isAtLeast(node.engine.log.last) else {
      throw Finding(
        .promisesKept, "node \(node.id) would vote as it must not, for \(request): \(node.summary)")
    }
    try self.promisesKept.stood(node.id, behind: request.vote, at: instant)
    self.candidacies.granted(request.vote, by: node.id)
  }

  /// A leader, if the node still is one, has taken note of a peer's answer.
  func answered(
    _ node: SimulatedNode, by peer: SimulatedNode, among nodes: [SimulatedNode], at now: Int64
  ) throws(Finding) {
    try self.backedLeases.answered(node, among: nodes, at: now)
    guard let lead = node.engine.lead,
      let progress = lead.progress(of: peer.id)
    else { return }
    if case .lostData(let confirmed)? = progress.trouble {
      try self.soundProgress.missing(
        confirmed, at: peer.id, by: node.engine.vote.leader, hasLost: peer.hasBeenEmptied)
    }
    guard node.engine.effective?.member(peer.id) != nil,
      let known = progress.matched.flatMap({ node.engine.log.logID(at: $0) })
    else { return }
    try self.holds(peer, known, for: node.engine.vote.leader, in: progress.life)
  }

  /// A leader asks a peer that has all of its log to take over.
  func asksToTakeOver(
    _ request: TransferRequest, _ target: SimulatedNode, by node: SimulatedNode
  ) throws(Finding) {
    guard let lead = node.engine.lead, let last = request.lastLogID else { return }
    try self.holds(
      target, last, for: request.from.leader, in: lead.progress(of: target.id)?.life)
  }

  /// The disk may be lost since the peer answered; what it held then counts.
  private func holds(
    _ peer: SimulatedNode, _ known: LogID, for leader: LeaderID, in life: Incarnation?
  ) throws(Finding) {
    let disk = peer.disk(of: life)
    try self.soundProgress.answered(
      by: peer.id, to: leader, known: known, isHeld: disk?.holdsDurably(known) ?? false,
      vote: disk?.durable.vote)
  }

  /// A node begins to lead.
  mutating func elected(
    _ node: SimulatedNode, among nodes: [SimulatedNode], _ history: CommittedHistory,
    at now: Int64
  ) throws(Finding) {
    let leader = node.engine.vote.leader
    try self.wholeCopies.elected(leader)
    try self.exclusiveLease.elected(node, among: nodes, at: now)
    try self.electionSafety.elected(leader, node: node.id, life: node.life)
    if let membership = node.engine.effective {
      try self.electionSafety.chosen(leader, by: membership) { id in
        let voter = nodes[Int(id.rawValue) - 1]
        return voter.hasBeenEmptied ? nil : voter.disk.durable.vote ?? .initial
      }
    }
    try self.leaderCompleteness.elected(leader, log: node.disk.readable.log, history)
    self.promisesKept.elected(node.id)
  }

  /// A node commits everything through this position, for the first time in the cluster.
  func committed(
    _ logID: LogID, by node: SimulatedNode, among nodes: [SimulatedNode]
  ) throws(Finding) {
    let state = node.engine.membership
    try self.committedNeverLost.committed(
      logID,
      memberships: [state.effective.membership, state.committed.membership].compactMap(\.self)
    ) { id, life in nodes[Int(id.rawValue) - 1].disk(of: life)?.holdsDurably(logID) ?? false
    }
    try self.wholeCopies.committed(
      logID, holders: nodes.filter { $0.disk.holdsDurably(logID) }.map(\.id))
    for other in nodes where other.leads && other.id != node.id {
      try self.leaderCompleteness.committed(
        logID, by: node.engine.vote.leader, while: other.engine.vote.leader,
        log: other.disk.readable.log)
    }
  }

  /// A node lost its disk.
  mutating func lostDisk(_ node: NodeID) {
    self.promisesKept.lostDisk(node)
    self.backedLeases.emptied(node)
  }

  /// A node starts with what its disk holds; its clock may have jumped.
  mutating func started(_ node: SimulatedNode, clockBefore: Instant, at now: Int64) throws(Finding)
  {
    self.monotony.started(
      node.id, vote: node.engine.vote, committed: node.engine.committed,
      applied: node.engine.applied)
    self.candidacies.started(node.id)
    let clock = node.clock.instant(at: now)
    let longest = BackedLeases.longest(of: node)
    self.backedLeases.started(node.id, clock: clock, clockBefore: clockBefore, longest: longest)
    try self.promisesKept.started(
      node.id, vote: node.engine.vote, clock: clock, clockBefore: clockBefore, longest: longest)
  }
}
