import RaftConcurrency

/// A node's protocol state and what belongs to it; ``CoreRunner`` runs it.
///
/// Each turn takes everything that waits in the mailbox, tells the engine, and carries out the
/// engine's commands in order. Nothing here waits: disks, networks and machines report back
/// through the mailbox.
struct CoreLoop {
  let core: RaftCore
  let incarnation: Incarnation
  var engine: Engine
  var tail: LogTail
  var links: [PeerLink] = []
  /// The membership with whose addresses the links were compared.
  var linksChecked: LogID?
  /// How many members there are, this node included, and in which membership.
  var memberCount = Int.max
  var membersCounted: LogID?
  /// Who waits for an answer, by ticket.
  var questions: [UInt64: Question] = [:]
  /// The question that is being handled: it is kept among the others only if it is not answered at
  /// once.
  var asked: (ticket: UInt64, question: Question)?
  /// Snapshots that were offered and wait for the engine's word.
  var offers: [UInt64: SnapshotRequest] = [:]
  /// The snapshot whose arrival is being handled.
  var received: (any StoredSnapshot)?
  /// What the log store was given and has not reported as durable.
  var unflushed = UnflushedWrites()
  /// That the log store's disk is nearly full, since that is known.
  var shortage: StorageError?
  /// What is known of the states of replicas after aligned entries.
  var states: StateLedger
  /// The vote under which the last write was issued that is known to be durable, as it is then.
  var durableVote: Vote
  private var durableWrite: UInt64 = 0
  /// Whether anything is measured in this turn, and what.
  var isMeasuring = false
  var plan = Instruments.Plan()
  var planVersion: UInt64 = 0
  /// Whether a new recorder has to be told all gauges.
  var areGaugesDue = false
  /// The entries of the message that is being handled.
  var incoming: [EntrySlice] = []
  /// What the engine is told of them.
  var incomingRuns: [EntryRun] = []
  /// Those whose commands the machine has and who shall hear when they are committed.
  var commitNotices: [CommitNotice] = []
  /// Who waits for the blank entry that is being proposed.
  var barrier: [Writer] = []
  /// What peers said when they last refused a message.
  var refusals: [NodeID: ContactRefusal] = [:]
  /// Answers that go out at the end of the turn, so that whoever gets one finds in the metrics what
  /// it tells.
  var answers: [@Sendable () -> Void] = []
  /// Whether the node stops as soon as its leadership is handed over.
  var isDeparting = false
  /// How many snapshots the machine's worker has installed, as far as the core has heard.
  var installsHeard: UInt64 = 0
  /// How many bytes of entries the worker has applied, as far as the engine was told.
  var workerBytesHeard: UInt64 = 0
  /// Before this moment the machine's worker applies all: it was slow.
  var inlineApplyFrom: Instant
  /// Why the loop shall end.
  var failure: NodeFailure?
  private var batch = Mailbox.Batch()
  /// Room for the writers of a batch, from one that is answered.
  var spareWriters: [Writer] = []
  private var commands: [Command] = []
  private var tickets: UInt64 = 0
  /// Tasks that are to run beside the turns.
  private var tasks: [@Sendable () async -> Void] = []
  /// How many writers the machine has answered in this turn, or is about to.
  var answeredCount = 0
  /// For which moment there is an alarm, or was one.
  private var alarm: Instant
  var now: Instant
  /// What the clock said when it was read last: as the turn began, or the machine had applied.
  var clockRead: Instant
  private var recorder: FlightRecorder?
  private let observer: (@Sendable (Input) -> Void)?

  /// A node that is ready to run.
  ///
  /// - Throws: ``StorageError`` if the file for its flight recording cannot be used.
  init(_ core: RaftCore, _ recovery: Recovery) throws(StorageError) {
    self.core = core
    self.incarnation = recovery.incarnation
    self.states = StateLedger(
      of: core.id, aligningTo: UInt64(core.configuration.digestInterval))
    self.now = core.clock.now()
    self.clockRead = self.now
    self.alarm = self.now
    self.inlineApplyFrom = self.now
    self.observer = core.observer.withLock { $0 }
    let time = core.clock.timestamp()
    self.engine = Engine(
      id: core.id, configuration: core.configuration.engine, recovered: recovery.engine,
      seed: core.seed, at: self.now)
    self.durableVote = self.engine.vote
    self.tail = LogTail(
      end: recovery.engine.log.last.nextIndex, unapplied: recovery.engine.applied.nextIndex,
      bytesMax: core.configuration.tailBytesMax)
    self.recorder = try FlightRecorder.start(
      for: core, self.engine, recovery.incarnation, at: self.now, time)
    let mapping = self.recorder?.mapping
    core.flight.withLock { $0 = mapping }
  }

  /// The first turn: nothing has come, and time may have passed.
  mutating func begin() {
    self.step(.elapsed)
    self.execute()
    self.settle()
  }

  /// Takes what waits in the mailbox, for the next turn; `false` if nothing does.
  ///
  /// The core is handed in, since whoever has it already need not count a reference to it.
  mutating func take(by runner: CoreRunner, of core: RaftCore) -> Bool {
    guard
      core.mailbox.take(into: &self.batch, pendingBytes: self.pendingBytes(of: core), by: runner)
    else { return false }
    self.now = core.clock.now()
    self.clockRead = self.now
    self.answeredCount = 0
    return true
  }

  /// Does what was taken, and shows what became of it.
  mutating func turn(of core: RaftCore) {
    self.work(of: core)
    self.settle()
  }

  /// Shows what became of the turn, answers, and says when to be woken.
  mutating func settle() {
    self.publish()
    self.sendAnswers()
    if self.failure == nil { self.setDeadline() }
  }

  /// Begins a task beside the turns; it lives no longer than the core's own.
  mutating func spawn(_ task: @escaping @Sendable () async -> Void) {
    self.tasks.append(task)
  }

  /// The tasks that were begun, for the core's own task, which alone can let them run.
  mutating func takeTasks() -> [@Sendable () async -> Void] {
    guard !self.tasks.isEmpty else { return [] }
    defer { self.tasks = [] }
    return self.tasks
  }

  /// Whether the turn takes longer than a guest should.
  mutating func isSlow() -> Bool {
    self.clockRead > self.now.advanced(byNanoseconds: Self.guestTimeMax)
  }

  /// Who takes longer, in nanoseconds, has its turns in its own task for a while.
  private static let guestTimeMax: Int64 = 1_000_000

  /// Whether there is something to do that only the core's own task can.
  mutating func needsTask() -> Bool { !self.tasks.isEmpty || self.failure != nil }

  /// How many writers' commands were taken for the next turn.
  mutating func takenWriterCount() -> Int { self.batch.writes.writers.count }

  mutating func closeLinks() {
    for link in self.links { link.close() }
  }

  /// Says when this loop is to be woken: by the ticker, or by an alarm if that is nearer than the
  /// ticker looks.
  private mutating func setDeadline() {
    let deadline = self.engine.deadlineNow()
    self.core.setDeadline(deadline)
    guard deadline < self.now.advanced(byNanoseconds: self.core.tickInterval),
      deadline < self.alarm || self.alarm <= self.now
    else { return }
    self.alarm = deadline
    let core = self.core
    self.spawn {
      await core.clock.sleep(until: deadline)
      core.post(.input(.elapsed))
    }
  }

  /// Bytes of writes that cannot be let go of: neither applied nor durable, or not one of both.
  private mutating func pendingBytes(of core: RaftCore) -> Int {
    max(self.tail.unappliedBytes + core.worker.backlogBytes, self.unflushed.byteCount)
      + core.notices.byteCount
  }

  /// Events first, so that votes and heartbeats never wait behind a long batch of writes.
  mutating func work(of core: RaftCore) {
    if core.instruments.hasChanged(since: self.planVersion) { self.planMeasuring() }
    if self.isMeasuring { self.noteTurn(events: self.batch.events.count) }
    if self.notesShortage(of: core) { self.execute() }
    // From the end of the reversed list, each is moved out and none copied.
    self.batch.events.reverseByMoving()
    while let event = self.batch.events.popLast() {
      if let failure = self.failure {
        event.stopped(failure)
        continue
      }
      self.handle(consume event)
      self.execute()
      if self.received != nil { self.received = nil }
      self.keepAsked()
    }
    if !self.batch.writes.bounds.isEmpty, self.failure == nil { self.refuseMisplaced() }
    guard !self.batch.writes.ends.isEmpty, self.failure == nil else { return }
    if self.shortage != nil, self.engine.leadership != nil {
      self.plan.recorder?.add(1, to: .refusals)
      return self.core.hooks.refuse(self.takeBatch().writers, .storageFull)
    }
    if self.isMeasuring { self.note(self.batch.writes.ends.count, in: .writeBatch) }
    self.step(
      .proposed(
        count: self.batch.writes.ends.count, byteCount: self.batch.writes.payloads.buffer.count,
        timestamp: self.core.clock.timestamp()))
    self.execute()
    if !self.batch.writes.ends.isEmpty { self.batch.writes.removeAll() }
  }

  /// Looks at the log store's disk; whether it has become nearly full, or has space again.
  private mutating func notesShortage(of core: RaftCore) -> Bool {
    let shortage = core.logStore.shortage
    guard (shortage == nil) != (self.shortage == nil) else { return false }
    self.shortage = shortage
    self.step(.shortageChanged(isShort: shortage != nil))
    return true
  }

  /// What makes the storage unfit to lead by now.
  mutating func presentStorageTrouble() -> StorageTrouble? {
    if let since = self.engine.stalledSinceNow() {
      return .stalled(since: self.core.timestamp(of: since))
    }
    return self.shortage.map { .short($0) }
  }

  /// Refuses the writes that are bound to another leadership than the present one.
  private mutating func refuseMisplaced() {
    let misplaced = self.batch.writes.takeWriters(boundToOtherThan: self.engine.leadership)
    self.core.hooks.refuse(misplaced, .notLeader(self.presentLeader))
  }

  private mutating func sendAnswers() {
    guard !self.answers.isEmpty else { return }
    for answer in self.answers { answer() }
    self.answers.removeAll()
  }

  mutating func step(_ input: consuming Input) {
    guard !self.isObserved else {
      self.stepObserved(input)
      return
    }
    self.recorder?.begin(input, at: self.now)
    self.engine.take(input, at: self.now)
    self.recorder?.end(&self.engine)
  }

  /// Whether a step has more to do than to tell the engine and the recorder.
  private var isObserved: Bool {
    self.isMeasuring || self.observer != nil || self.core.configuration.invariantChecks.areOn
      || self.core.events.isWatched
  }

  private mutating func stepObserved(_ input: Input) {
    if self.isMeasuring { self.measure(before: input) }
    self.observer?(input)
    self.recorder?.begin(input, at: self.now)
    let evidence =
      self.core.configuration.invariantChecks.areOn ? InvariantEvidence(self.engine) : nil
    if self.core.events.isWatched {
      self.takeWatched(input)
    } else {
      self.engine.take(input, at: self.now)
    }
    if self.isMeasuring { self.measure(after: input) }
    self.recorder?.end(&self.engine)
    guard let evidence else { return }
    do throws(InvariantBreach) {
      try self.engine.check(since: evidence)
    } catch {
      self.core.halt(error)
    }
  }

  /// A write is durable, as the log store says.
  mutating func flushed(_ io: IOID) {
    self.unflushed.flushed(through: io.sequence)
    if io.sequence > self.durableWrite {
      self.durableWrite = io.sequence
      self.durableVote = io.vote
    }
    self.step(.flushed(io))
  }

  /// Names a question.
  mutating func ticket(for question: consuming Question) -> Ticket {
    self.keepAsked()
    self.tickets += 1
    self.asked = (self.tickets, consume question)
    return Ticket(self.tickets)
  }

  @inline(__always)
  private mutating func keepAsked() {
    guard self.asked != nil else { return }
    self.moveAsked()
  }

  private mutating func moveAsked() {
    guard let (ticket, question) = self.asked.take() else { return }
    self.questions[ticket] = question
  }

  /// Whoever waits for the answer to a question, for good.
  mutating func takeQuestion(_ ticket: Ticket) -> Question? {
    if self.asked?.ticket == ticket.number { return self.asked.take()?.question }
    return self.questions.removeValue(forKey: ticket.number)
  }

  private mutating func execute() {
    while !self.engine.commands.isEmpty, self.failure == nil {
      var commands: [Command] = []
      swap(&commands, &self.commands)
      self.engine.commands.drain(into: &commands)
      // From the end of the reversed list, each is moved out and none copied.
      commands.reverseByMoving()
      while self.failure == nil, !commands.isEmpty {
        if self.isWatched { self.observe(commands[commands.count - 1]) }
        self.execute(commands.removeLast())
      }
      if !commands.isEmpty { commands.removeAll(keepingCapacity: true) }
      swap(&commands, &self.commands)
    }
  }

  /// The open batch, for the command that stores or refuses it.
  mutating func takeBatch() -> Mailbox.WriteBatch {
    var writes = Mailbox.WriteBatch()
    swap(&writes.writers, &self.spareWriters)
    swap(&writes, &self.batch.writes)
    return writes
  }

  /// Everybody whose write is in the log and not with the machine yet.
  mutating func takeWriters() -> [Writer] {
    self.takeBarrier() + self.tail.takeWriters(from: 0)
  }

  /// Whoever waits for the blank entry that was proposed, for the command that stores or refuses it.
  mutating func takeBarrier() -> [Writer] {
    defer { self.barrier = [] }
    return self.barrier
  }

  /// Everybody who still waits for an answer.
  mutating func takeQuestions() -> [Question] {
    self.keepAsked()
    defer { self.questions = [:] }
    return self.questions.sorted { $0.key < $1.key }.map(\.value)
  }
}

/// The sender of a submitted command, who shall hear that it is committed.
struct CommitNotice: Sendable {
  let logID: LogID
  let tell: @Sendable (LogID) -> Void
}
