import RaftEngine

/// What a run of the model found wrong.
struct Violation: Error, CustomStringConvertible {
  let description: String
}

/// A whole cluster in one value of virtual time: engines, stores, machines, a network, clients and
/// troubles, all of it from one seed.
final class Cluster {
  enum Event {
    case timer(NodeID, life: Int)
    case delivered(Packet)
    case failed(NodeID, life: Int, Sent)
    case sized(NodeID, life: Int, through: LogIndex, Sent)
    case flush(NodeID, life: Int)
    case flushed(NodeID, life: Int, IOID)
    case machine(NodeID, life: Int)
    case snapshotReceived(NodeID, life: Int, ModelSnapshot, Ticket)
    case started(NodeID)
    case client
    case trouble
  }

  let plan: Plan
  var random: SeededGenerator
  var now: Int64 = 0
  var agenda = Agenda<Event>()
  var nodes: [ModelNode] = []
  var network = ModelNetwork()
  var oracle: Oracle
  var isCalm = false
  var tickets: UInt64 = 0
  var payloads: UInt64 = 0
  var steps = 0
  /// Whether everything that happens is printed.
  let isTraced: Bool

  init(seed: UInt64, isTraced: Bool = false) {
    self.random = SeededGenerator(seed: seed)
    self.plan = Plan(seed: seed, random: &self.random)
    self.oracle = Oracle(rule: self.plan.rule)
    self.isTraced = isTraced
    for number in 1...self.plan.nodeCount {
      let id = NodeID(UInt64(number))
      let engine = Engine(
        id: id, configuration: self.plan.configuration, recovered: .init(),
        seed: self.random.next(), at: self.instant)
      self.nodes.append(ModelNode(id: id, engine: engine))
    }
  }

  var instant: Instant { Instant(nanoseconds: self.now) }

  func node(_ id: NodeID) -> ModelNode { self.nodes[Int(id.rawValue) - 1] }

  func trace(_ text: @autoclosure () -> String) {
    if self.isTraced { print("\(self.instant) \(text())") }
  }

  /// Troubles, then a calm in which the cluster must recover completely.
  func run() throws(Violation) {
    try self.found()
    self.agenda.add(.client, at: self.now)
    self.agenda.add(.trouble, at: self.now + self.plan.troubleGap)
    try self.run(until: self.plan.chaosTime)
    self.calmDown()
    // Most clusters need much less; the longest way is over several elections.
    let deadline = self.now + 15_000 * milliseconds
    while true {
      try self.run(until: self.now + 500 * milliseconds)
      do {
        return try self.checkRecovered()
      } catch  where self.now < deadline {
        continue
      }
    }
  }

  private func run(until end: Int64) throws(Violation) {
    while let (time, event) = self.agenda.next() {
      self.now = max(self.now, time)
      try self.handle(event)
      if self.now >= end { break }
    }
  }

  /// One node founds the cluster, or several do so with the same membership.
  private func found() throws(Violation) {
    let founders = self.random.happens(perMille: 300) ? self.plan.voterCount : 1
    for node in self.nodes.prefix(founders) {
      try self.found(by: node)
    }
  }

  func found(by node: ModelNode) throws(Violation) {
    let members = self.nodes.prefix(self.plan.voterCount).map { Self.member($0.id) }
    let terms = Membership.Terms(
      cluster: ClusterID(high: 1, low: self.plan.seed), leadershipRule: self.plan.rule)
    guard let membership = try? Membership(voters: members, terms: terms) else {
      throw Violation(description: "no membership of \(members)")
    }
    let ticket = self.ticket(.bootstrap, on: node)
    try self.step(node, .bootstrapRequested(membership, timestamp: .epoch, ticket))
  }

  static func member(_ id: NodeID) -> Member { Member(id: id, address: "node-\(id)") }

  func ticket(_ question: ModelNode.Question, on node: ModelNode) -> Ticket {
    self.tickets += 1
    let ticket = Ticket(self.tickets)
    node.questions[ticket] = question
    return ticket
  }

  private func handle(_ event: Event) throws(Violation) {
    switch event {
    case .timer(let id, let life):
      guard let node = self.awake(id, life, event) else { return }
      node.timer = nil
      guard node.engine.deadline <= self.instant else { return self.setTimer(node) }
      try self.step(node, .elapsed)
      guard node.engine.deadline > self.instant else {
        throw Violation(description: "the timer stays due: \(node.engine)")
      }
    case .delivered(let packet):
      guard self.node(packet.to).isUp else { return self.lost(packet) }
      guard let node = self.awake(packet.to, packet.life, event) else { return }
      try self.deliver(packet, to: node)
    case .failed(let id, let life, let sent):
      guard let node = self.awake(id, life, event) else { return }
      try self.step(node, .peerFailed(.unreachable, sent))
    case .sized(let id, let life, let last, let sent):
      guard let node = self.awake(id, life, event) else { return }
      try self.step(node, .appendSent(through: last, byteCount: 1, sent))
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
      try self.clientActs()
    case .trouble:
      try self.troubleComes()
    }
  }

  /// The node, if it still lives that life; a node that stands still gets the event later.
  private func awake(_ id: NodeID, _ life: Int, _ event: Event) -> ModelNode? {
    let node = self.node(id)
    guard node.isUp, node.life == life || life == 0 else { return nil }
    guard node.pausedUntil <= self.now else {
      self.agenda.add(event, at: node.pausedUntil)
      return nil
    }
    return node
  }

  /// One step of one engine, and everything that it wants done.
  func step(_ node: ModelNode, _ input: Input) throws(Violation) {
    self.steps += 1
    self.trace("→ \(node.id) \(input)")
    let before = InvariantEvidence(node.engine)
    node.engine.step(input, at: self.instant)
    node.engine.check()
    node.engine.check(since: before)
    try self.carryOut(node)
    try self.oracle.observe(node, in: self)
    self.setTimer(node)
  }

  func carryOut(_ node: ModelNode) throws(Violation) {
    node.engine.commands.drain(into: &node.batch)
    for command in node.batch {
      self.trace("  \(node.id) → \(command)")
      try self.carryOut(command, of: node)
    }
    node.batch.removeAll(keepingCapacity: true)
  }

  func setTimer(_ node: ModelNode) {
    let due = node.engine.deadline.nanoseconds
    guard due != .max, node.timer.map({ due < $0 }) ?? true else { return }
    node.timer = due
    self.agenda.add(.timer(node.id, life: node.life), at: max(due, self.now))
  }
}
