import RaftEngine

/// One simulated server: the engine, what it runs on, and what the run knows of it.
final class SimulatedNode {
  /// Who asked a question, and what its answer means.
  enum Question {
    case append(from: NodeID, life: Int, Sent)
    case vote(from: NodeID, life: Int, VoteRequest)
    case preVote(from: NodeID, life: Int, VoteRequest)
    case snapshot(from: NodeID, life: Int, asked: Vote, SimulatedSnapshot, Sent)
    case transfer(from: NodeID, life: Int, TransferRequest)
    case handover
    case bootstrap
    /// An operator wants another membership, perhaps only instead of the one of this entry.
    case membership(expected: LogID?)
    case read(call: Int, floor: LogIndex?)
    /// A transcript said it; nobody else waits.
    case byHand
  }

  /// A write that a client waits for.
  struct WaitingWrite {
    let index: LogIndex
    let call: Int
  }

  /// An admitted read that waits until enough is applied.
  struct WaitingRead {
    let from: LogID
    /// When the lease ends by which it was admitted.
    let end: Instant?
    let call: Int
  }

  /// What is asked of the engine so often that it is taken note of once a step.
  struct Standing {
    let isLeader: Bool
    let deadline: Instant
    let load: EngineLoad

    /// What an engine is after a step; passed by reference, since an engine is large.
    init(_ engine: inout Engine) {
      self.isLeader = engine.isLeader
      self.deadline = engine.deadline
      self.load = engine.load
    }
  }

  let id: NodeID
  private(set) var engine: Engine
  private(set) var standing: Standing
  var clock: SimulatedClock
  var disk = SimulatedDisk()
  /// The life of the data on the disk.
  private(set) var incarnation: Incarnation
  /// What the disks held that were lost, by the life of their data.
  private var lostDisks: [Incarnation: SimulatedDisk] = [:]
  var machine: RegisterMachine
  /// How often the server was started.
  var life = 1
  var isUp = true
  /// The server stands still until then, as after SIGSTOP.
  var pausedUntil: Int64 = 0
  /// No write becomes durable before.
  var stalledUntil: Int64 = 0
  /// Whether the next flush ends the server's life.
  var failsNextFlush = false
  /// The earliest moment, by the server's own clock, for which a timer is set.
  var timer: Instant?
  var isFlushing = false
  var isMachineBusy = false
  /// Unanswered questions, in the order of their tickets.
  private var questions: [(ticket: Ticket, question: Question)] = []
  /// Snapshots that came from peers.
  var received: [SimulatedSnapshot] = []
  /// The entries of the message that is being handled.
  var incoming: ArraySlice<SimulatedEntry> = []
  /// Calls that clients just made.
  var openBatch: [Int] = []
  var waitingWrites: [WaitingWrite] = []
  var waitingReads: [WaitingRead] = []
  /// How far the run has looked at what this server takes for committed.
  var observed: LogIndex?
  var led: LeaderID?
  var batch: [Command] = []

  init(
    id: NodeID, incarnation: Incarnation, engine: Engine, clock: SimulatedClock,
    machine: RegisterMachine
  ) {
    self.id = id
    self.incarnation = incarnation
    self.engine = engine
    self.standing = Standing(&self.engine)
    self.clock = clock
    self.machine = machine
  }

  var leads: Bool { self.isUp && self.standing.isLeader }

  /// One line for people, however long the log.
  var summary: String {
    let engine = self.engine
    let last = engine.log.last.map(String.init(describing:)) ?? "-"
    let committed = engine.committed.map(String.init(describing:)) ?? "-"
    let applied = self.machine.state.applied.map(String.init(describing:)) ?? "-"
    return """
      node \(self.id) \(engine.serverState) \(engine.vote) log to \(last) committed \(committed) \
      applied \(applied) members \(engine.membership.effective)
      """
  }

  // MARK: Engine

  func step(_ input: Input, at instant: Instant) {
    Self.step(&self.engine, input, instant, &self.standing)
  }

  private static func step(
    _ engine: inout Engine, _ input: Input, _ instant: Instant, _ standing: inout Standing
  ) {
    engine.step(input, at: instant)
    standing = Standing(&engine)
  }

  /// A new life begins with this engine.
  func start(_ engine: Engine) {
    self.engine = engine
    self.standing = Standing(&self.engine)
  }

  /// Takes over what the engine wants done.
  func drainCommands() { self.engine.commands.drain(into: &self.batch) }

  // MARK: Questions

  func ask(_ question: Question, _ ticket: Ticket) {
    self.questions.append((ticket, question))
  }

  /// Takes the question out; `nil` if it was answered before.
  func answered(_ ticket: Ticket) -> Question? {
    guard let place = self.questions.firstIndex(where: { $0.ticket == ticket }) else { return nil }
    return self.questions.remove(at: place).question
  }

  func question(_ ticket: Ticket) -> Question? {
    self.questions.first { $0.ticket == ticket }?.question
  }

  var questionCount: Int { self.questions.count }

  var openQuestions: [Question] { self.questions.map(\.question) }

  // MARK: Power

  /// Everything in memory is gone.
  func losePower(keeping count: Int, andEntries torn: Int) -> SimulatedDisk.Loss {
    let loss = self.disk.losePower(keeping: count, andEntries: torn)
    self.machine = RegisterMachine(registerCount: self.machine.state.registers.count)
    if let snapshot = self.disk.snapshot { self.machine.state = snapshot.state }
    self.machine.handedOver = self.machine.state.applied
    self.questions = []
    self.received = []
    self.openBatch = []
    self.waitingWrites = []
    self.waitingReads = []
    self.timer = nil
    self.isFlushing = false
    self.isMachineBusy = false
    self.isUp = false
    self.led = nil
    self.life += 1
    return loss
  }

  /// The disk is gone, and an empty one in its place; the server is down.
  func loseDisk(for incarnation: Incarnation) {
    precondition(!self.isUp, "loses its disk while it runs")
    self.lostDisks[self.incarnation] = self.disk
    self.disk = SimulatedDisk()
    self.incarnation = incarnation
    self.led = nil
    self.machine = RegisterMachine(registerCount: self.machine.state.registers.count)
  }

  /// Whether the server ever got an empty disk.
  var hasBeenEmptied: Bool { !self.lostDisks.isEmpty }

  /// The disk with the data of this life, which may be lost since; what a later life has does not
  /// count for an earlier one.
  func disk(of life: Incarnation?) -> SimulatedDisk? {
    guard let life, life != self.incarnation else { return self.disk }
    return self.lostDisks[life]
  }

  /// The answer as it leaves this server.
  func stating(_ answer: VoteResponse) -> VoteResponse {
    var answer = answer
    answer.incarnation = self.incarnation
    return answer
  }
}
