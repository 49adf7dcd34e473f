import RaftEngine

/// A whole cluster in virtual time: engines, clocks, disks, machines, a network, clients and
/// troubles, all of it from one seed.
///
/// A step is one input that is given to one engine. After each step every checker looks at what
/// the step changed.
final class World {
  enum Event {
    case timer(NodeID, life: Int, due: Instant)
    case delivered(Packet)
    case failed(NodeID, life: Int, PeerFailure, Sent)
    case sized(NodeID, life: Int, through: LogIndex, byteCount: Int, Sent)
    case refused(NodeID, life: Int, by: NodeID, Incarnation)
    case transferFailed(NodeID, life: Int, by: NodeID, under: Vote)
    case flush(NodeID, life: Int)
    case flushed(NodeID, life: Int, IOID)
    case machine(NodeID, life: Int)
    case snapshotReceived(NodeID, life: Int, SimulatedSnapshot, Ticket)
    case started(NodeID)
    case client
    case fault
    case ambush(NodeID, life: Int)
    case plot(Plot)
    case readAsked(NodeID, life: Int, call: Int, floor: LogIndex?)
  }

  /// What the world is in: troubles, recovery, or the silence in which all must become equal.
  enum Phase {
    case chaos
    case healing
    case quiet
  }

  let scenario: Scenario
  let plan: Plan
  var dice: Dice
  var now: Int64 = 0
  var steps = 0
  var phase = Phase.chaos
  /// Until when no fault comes, because a plot has the stage for itself.
  var undisturbedUntil: Int64 = 0
  var agenda = Agenda<Event>()
  var nodes: [SimulatedNode] = []
  var network: SimulatedNetwork
  /// Every membership that was ever proposed.
  var memberships: [Membership] = []
  /// Every call that a client ever made; the first one stands for none.
  var calls: [ClientCall] = [.none]
  /// Calls that clients may still wait for, the oldest first.
  var openCalls: [Int] = []
  /// How many clients wait.
  var waitingCount = 0
  /// How many things clients have seen: calls and answers.
  var clientEvents = 0
  /// How many faults, ambushes and requests have come before the troubles end.
  var pieces = PieceCounts()
  /// The fault, ambush or request that is being played.
  var piece: (kind: Scenario.Piece, number: Int)?
  /// Is shown every fault that comes; a test plants its bug here.
  var spy: ((Fault, Int) throws(Finding) -> Void)?
  var tickets: UInt64 = 0
  /// Payloads of entries that no client gave begin here.
  var ownPayloads: UInt64 = 1 << 48
  /// Who sent the message that is being handled, and its number.
  var arriving: (from: NodeID, number: Int)?
  var history = CommittedHistory()
  var checkers: Checkers
  var coverage = Coverage()
  /// The fingerprint of everything that happened.
  var fingerprint = Fingerprint()
  let tracer: Tracer
  let isTraced: Bool
  /// What a transcript does to messages.
  var rules = MessageRules<Packet>()
  /// Told of every answer, where a transcript asked.
  var onResponse: ((Ticket, Response) -> Void)?
  /// Told of every node that stops by itself, where a transcript is played.
  var onStop: ((NodeID, StopReason?) -> Void)?

  init(
    _ scenario: Scenario, plan: Plan? = nil, trace sink: ((TraceRecord) -> Void)? = nil
  ) {
    self.scenario = scenario
    self.dice = Dice(seed: scenario.seed)
    self.plan = plan ?? Plan(scenario, dice: &self.dice)
    self.network = SimulatedNetwork(nodeCount: self.plan.nodeCount)
    self.checkers = Checkers(self.plan)
    self.tracer = Tracer(sink: sink ?? { _ in })
    self.isTraced = sink != nil
    for number in 1...self.plan.nodeCount {
      let id = NodeID(UInt64(number))
      let clock = self.drawClock()
      var recovered = Engine.Recovered()
      recovered.incarnation = Incarnation(UInt64(number))
      let engine = Engine(
        id: id, configuration: self.plan.configuration(of: id), recovered: recovered,
        seed: self.dice.next(), at: clock.instant(at: 0))
      self.nodes.append(
        SimulatedNode(
          id: id, incarnation: Incarnation(UInt64(number)), engine: engine, clock: clock,
          machine: RegisterMachine(registerCount: self.plan.registerCount)))
    }
  }

  func node(_ id: NodeID) -> SimulatedNode { self.nodes[Int(id.rawValue) - 1] }

  /// A clock that begins anywhere and drifts as far as the plan allows.
  func drawClock() -> SimulatedClock {
    SimulatedClock(
      startingAt: self.dice.duration(upTo: 1_000_000 * milliseconds), worldTime: self.now,
      drift: self.drawDrift())
  }

  func drawDrift() -> Int64 {
    Int64(self.dice.number(in: -self.plan.drift...self.plan.drift))
  }

  func trace(
    _ kind: TraceRecord.Kind, _ node: SimulatedNode, peer: NodeID? = nil,
    _ text: @autoclosure () -> String, mark: @autoclosure () -> TraceMark? = nil
  ) {
    guard self.isTraced else { return }
    self.tracer.note(
      kind, self.label(kind) + text(), node: node.id, peer: peer, mark: mark(), in: self)
  }

  func trace(
    _ kind: TraceRecord.Kind, _ text: @autoclosure () -> String,
    mark: @autoclosure () -> TraceMark? = nil
  ) {
    guard self.isTraced else { return }
    self.tracer.note(kind, self.label(kind) + text(), mark: mark(), in: self)
  }

  /// The number by which a fault, an ambush or a request can be left out.
  private func label(_ kind: TraceRecord.Kind) -> String {
    switch (kind, self.piece?.kind, self.piece?.number) {
    case (.fault, .fault, let number?): "fault \(number): "
    case (.fault, .ambush, let number?): "ambush \(number): "
    default: ""
    }
  }

  // MARK: Events

  /// Lets things happen until the condition holds, or nothing more can happen.
  func run(while condition: () -> Bool) throws(Finding) {
    while condition(), let (time, event) = self.agenda.next() {
      self.now = max(self.now, time)
      try self.handle(event)
    }
  }

  /// Lets everything happen that happens through this moment.
  func run(through time: Int64) throws(Finding) {
    while let next = self.agenda.nextTime, next <= time, let (time, event) = self.agenda.next() {
      self.now = max(self.now, time)
      try self.handle(event)
    }
    self.now = max(self.now, time)
  }

  private func handle(_ event: Event) throws(Finding) {
    switch event {
    case .timer(let id, let life, let due):
      // Another timer may have been set since.
      guard self.node(id).timer == due, let node = self.awake(id, life, event) else { return }
      try self.timerIsDue(node)
    case .delivered(let packet):
      guard self.node(packet.to).isUp else { return self.lost(packet) }
      guard let node = self.awake(packet.to, packet.life, event) else { return }
      try self.deliver(packet, to: node)
    case .failed(let id, let life, let failure, let sent):
      guard let node = self.awake(id, life, event) else { return }
      try self.step(node, .peerFailed(failure, sent))
    case .sized(let id, let life, let last, let byteCount, let sent):
      guard let node = self.awake(id, life, event) else { return }
      try self.step(node, .appendSent(through: last, byteCount: byteCount, sent))
    case .refused(let id, let life, let peer, let reached):
      guard let node = self.awake(id, life, event) else { return }
      try self.step(node, .contactRefused(by: peer, reached: reached))
    case .transferFailed(let id, let life, let peer, let vote):
      guard let node = self.awake(id, life, event) else { return }
      try self.step(node, .transferAnswered(nil, from: peer, under: vote))
    case .flush(let id, let life):
      guard let node = self.awake(id, life, event) else { return }
      self.flush(node)
    case .flushed(let id, let life, let io):
      guard let node = self.awake(id, life, event) else { return }
      try self.step(node, .flushed(io))
    case .machine(let id, let life):
      guard let node = self.awake(id, life, event) else { return }
      try self.work(node)
    case .snapshotReceived(let id, let life, let snapshot, let ticket):
      guard let node = self.awake(id, life, event) else { return }
      try self.received(snapshot, ticket, on: node)
    case .started(let id):
      try self.start(self.node(id))
    case .client:
      try self.clientsAct()
    case .fault:
      try self.faultComes()
    case .ambush(let id, let life):
      try self.ambush(id, life: life)
    case .plot(let plot):
      try self.goOn(with: plot)
    case .readAsked(let id, let life, let call, let floor):
      guard let node = self.awake(id, life, event) else { return }
      try self.read(call, floor: floor, on: node)
    }
  }

  /// The node, if it still lives that life; a node that stands still gets the event later.
  private func awake(_ id: NodeID, _ life: Int, _ event: Event) -> SimulatedNode? {
    let node = self.node(id)
    guard node.isUp, node.life == life || life == 0 else { return nil }
    guard node.pausedUntil <= self.now else {
      self.agenda.add(event, at: node.pausedUntil)
      return nil
    }
    return node
  }

  // MARK: Timers

  private func timerIsDue(_ node: SimulatedNode) throws(Finding) {
    node.timer = nil
    let instant = node.clock.instant(at: self.now)
    guard node.standing.deadline <= instant else { return self.setTimer(node) }
    try self.step(node, .elapsed)
    guard node.standing.deadline > instant else {
      throw Finding(.soundCommands, "the timer stays due: \(node.summary)")
    }
  }

  func setTimer(_ node: SimulatedNode) {
    let due = node.standing.deadline
    guard due != .distantFuture, node.timer.map({ due < $0 }) ?? true else { return }
    node.timer = due
    let time = max(node.clock.worldTime(at: due), self.now)
    self.agenda.add(.timer(node.id, life: node.life, due: due), at: time)
  }

  // MARK: Steps

  /// One step of one engine, and everything that it wants done.
  func step(_ node: SimulatedNode, _ input: Input) throws(Finding) {
    self.steps += 1
    self.trace(
      .input, node, peer: self.arriving?.from, PlainWords.of(input),
      mark: self.arriving.map { .arrived(message: $0.number) })
    let before = node.engine.vote
    let wasLeader = node.standing.isLeader
    let transfer = QuietTransfers.Scene(node.engine)
    let instant = node.clock.instant(at: self.now)
    let conduct = self.conduct(of: node, given: input, at: instant)
    let due = node.standing.deadline
    let late = wasLeader ? SoundProgress.LateAnswer(input, to: node.engine) : nil
    node.step(input, at: instant)
    try self.checkers.stepped(node, input, voteBefore: before, at: instant)
    if wasLeader, !node.standing.isLeader, node.engine.stalledSince != nil {
      self.coverage.leadersStalled += 1
    }
    if let late {
      try self.checkers.soundProgress.answeredLate(
        late, to: node.id, after: .init(of: late.peer, in: node.engine))
    }
    if let conduct {
      try self.checkers.quorumContact.stepped(
        node.id, input, from: conduct, to: .init(node.engine, at: instant))
    }
    if case .appendReceived(let header, _, _, _) = input, header.promise == 0,
      header.vote == before
    {
      try self.checkers.quorumContact.probed(
        node.id, from: due, to: node.standing.deadline, at: instant)
    }
    try self.checkers.quietTransfers.stepped(node.id, from: transfer, to: .init(node.engine))
    if let target = node.engine.transferTarget {
      try self.checkers.wholeCopies.handsOver(to: target)
    }
    if node.standing.isLeader {
      switch input {
      case .appendAnswered(_, let sent, _), .snapshotAnswered(_, _, let sent, _):
        try self.checkers.answered(
          node, by: self.node(sent.peer), among: self.nodes, at: self.now)
      default: break
      }
    }
    try self.carryOut(node, leadBefore: wasLeader ? before : nil)
    try self.observe(node)
    self.setTimer(node)
    self.fingerprint.add(UInt64(bitPattern: self.now))
    self.fingerprint.add(node.engine.vote)
    self.fingerprint.add(node.engine.log.last)
    self.fingerprint.add(node.engine.committed?.index.next.rawValue ?? 0)
    if self.isTraced { self.tracer.state(of: node, in: self) }
  }

  /// How a leader stands before an input that its contact decides about.
  private func conduct(
    of node: SimulatedNode, given input: Input, at instant: Instant
  ) -> QuorumContact.Scene? {
    guard node.standing.isLeader else { return nil }
    return switch input {
    case .voteRequested, .proposed: .init(node.engine, at: instant)
    default: nil
    }
  }

  /// What a step has changed for the whole cluster.
  func observe(_ node: SimulatedNode) throws(Finding) {
    if node.standing.isLeader, node.led != node.engine.vote.leader {
      node.led = node.engine.vote.leader
      self.coverage.leaderChanges += 1
      try self.checkers.elected(node, among: self.nodes, self.history, at: self.now)
    }
    if let end = node.engine.committed?.index { try self.committed(through: end, on: node) }
  }

  /// The node takes more for committed than before.
  func committed(through end: LogIndex, on node: SimulatedNode) throws(Finding) {
    guard end >= node.observed.nextIndex else { return }
    let before = self.history.next
    var index = node.observed.nextIndex
    while index <= end {
      defer { index = index.next }
      // What a snapshot replaced is checked when the machine takes the snapshot over.
      guard let entry = node.disk.readable.log.entry(at: index) else { continue }
      guard index >= self.history.next else {
        try self.checkers.stateMachineSafety.committed(entry, node: node.id, self.history)
        continue
      }
      // A leader that this very commit removes has stepped down already.
      guard index == self.history.next, node.engine.vote.isCommitted,
        node.engine.vote.leader == node.led
      else {
        throw self.checkers.stateMachineSafety.committedAlone(entry.logID, node: node.id)
      }
      try self.committed(entry, by: node)
    }
    node.observed = end
    guard self.history.next > before, let last = self.history.last?.logID else { return }
    try self.checkers.committed(last, by: node, among: self.nodes)
  }

  /// An entry is committed for the first time.
  private func committed(_ entry: SimulatedEntry, by node: SimulatedNode) throws(Finding) {
    self.coverage.commits += 1
    switch entry.kind {
    case .command:
      let number = Int(entry.payload)
      let isKnown = self.calls.indices.contains(number) && number > 0
      try self.checkers.clientOracle.committed(
        isKnown ? self.calls[number] : nil, at: entry.logID)
      self.calls[number].commitCount += 1
    case .membership:
      self.coverage.membershipChanges += 1
      self.noteFinished(entry)
    case .blank, .session, .recovery, .withheld:
      break
    }
    self.history.append(entry, committedBy: node.engine.vote.leader)
  }

  /// Counts joint memberships that were left under another leader than the one that wrote them.
  private func noteFinished(_ entry: SimulatedEntry) {
    for member in self.memberships[Int(entry.membership)].members {
      guard let life = member.incarnation, life.rawValue > UInt64(self.plan.nodeCount),
        self.memberships[Int(entry.membership)].isVoter(member.id),
        self.rebuilt.insert(life).inserted
      else { continue }
      self.coverage.rebuilds += 1
    }
    guard !self.memberships[Int(entry.membership)].isJoint else {
      self.jointCommitted = entry.logID.leader
      return
    }
    if let joint = self.jointCommitted, joint != entry.logID.leader {
      self.coverage.changesFinishedByAnother += 1
    }
    self.jointCommitted = nil
  }

  /// How many disks took the place of others.
  private var disksReplaced: UInt64 = 0

  /// The life of the data on a disk that nobody had before.
  func nextIncarnation() -> Incarnation {
    self.disksReplaced += 1
    return Incarnation(UInt64(self.plan.nodeCount) + self.disksReplaced)
  }

  /// Lives after a loss of the disk that have got a vote.
  private var rebuilt: Set<Incarnation> = []

  /// Who wrote the joint membership that was committed last and not left yet.
  private var jointCommitted: LeaderID?
}
