import RaftEngine

extension ClientCall {
  /// What stands in the table for no call.
  static let none = ClientCall(
    number: 0, kind: .read, register: 0, value: 0, node: 0, asked: 0, askedAt: 0)
}

extension World {
  /// The longest that a client waits for an answer.
  private static let patience = 2000 * milliseconds

  func clientsAct() throws(Finding) {
    guard self.phase == .chaos else {
      // Whether the cluster recovers is seen by what clients are told then: none is left out.
      return self.phase == .quiet ? () : try self.clientsAskAgain()
    }
    try self.play(.request, always: self.clientsLook, self.clientsAsk)
  }

  private func clientsAskAgain() throws(Finding) {
    self.clientsLook()
    try self.clientsAsk()
  }

  /// Clients look at the clock: some go away, and one may ask something later.
  private func clientsLook() {
    self.agenda.add(.client, at: self.now + self.dice.duration(upTo: self.plan.clientGap) + 1)
    self.loseHope()
  }

  private func clientsAsk() throws(Finding) {
    guard self.waitingCount < self.plan.callsMax else { return }
    // Most clients know who leads; while nobody does, few try.
    let isLost = self.dice.happens(perMille: 50)
    guard let asked = isLost ? self.drawNode() : self.drawLeader(), asked.isUp else { return }
    if self.dice.happens(perMille: 300) {
      return try self.askRead(of: asked)
    }
    guard asked.pausedUntil <= self.now else { return }
    let count = self.dice.number(in: 1...4)
    for _ in 0..<count {
      asked.openBatch.append(self.call(self.drawWrite(), on: asked))
    }
    try self.step(
      asked,
      .proposed(
        count: count, byteCount: 8 * count,
        timestamp: Timestamp(nanoseconds: UInt64(self.now))))
  }

  func drawNode() -> SimulatedNode { self.dice.pick(self.nodes) }

  /// One of the nodes that lead, or believe that they do.
  func drawLeader() -> SimulatedNode? {
    let count = self.nodes.count
    let start = self.dice.below(count)
    for offset in 0..<count {
      let node = self.nodes[(start + offset) % count]
      if node.leads { return node }
    }
    return nil
  }

  private func drawWrite() -> ClientCall.Kind {
    guard self.dice.happens(perMille: 300) else { return .write }
    // Often what a recent call wrote, so that some succeed.
    let recent = self.calls.count - 1 - self.dice.below(min(8, self.calls.count))
    return .compareAndSet(expected: recent > 0 ? self.calls[recent].value : 0)
  }

  private func call(_ kind: ClientCall.Kind, on node: SimulatedNode) -> Int {
    let number = self.calls.count
    var register = self.dice.below(self.plan.registerCount)
    if case .compareAndSet(let expected) = kind, expected > 0 {
      register = self.calls[Int(expected)].register
    }
    self.clientEvents += 1
    self.calls.append(
      ClientCall(
        number: number, kind: kind, register: register, value: UInt64(number), node: node.id,
        asked: self.clientEvents, askedAt: self.now))
    self.openCalls.append(number)
    self.waitingCount += 1
    self.trace(
      .client, node, "call \(number)\(self.turn): \(kind) of register \(register)",
      mark: .asked(call: number))
    return number
  }

  /// The number by which the request can be left out.
  private var turn: String {
    self.piece.map { $0.kind == .request ? " of request \($0.number)" : "" } ?? ""
  }

  /// A client hears of its call, if it still waits.
  func answer(_ call: Int, _ outcome: ClientCall.Outcome) {
    guard self.calls[call].outcome == .pending else { return }
    self.clientEvents += 1
    self.calls[call].answered = self.clientEvents
    self.calls[call].outcome = outcome
    self.waitingCount -= 1
    self.trace(
      .client, self.node(self.calls[call].node), "call \(call): \(outcome)",
      mark: .ended(call: call, outcome.end))
    let isRead = self.calls[call].kind == .read
    switch outcome {
    case .written, .mismatched: self.coverage.writesAcknowledged += 1
    case .found: self.coverage.readsAnswered += 1
    case .refused: self.coverage.writesRefused += isRead ? 0 : 1
    case .unknown: self.coverage.writesUnknown += isRead ? 0 : 1
    case .pending: break
    }
  }

  /// Clients that waited too long go away.
  private func loseHope() {
    var count = 0
    for call in self.openCalls {
      if self.calls[call].outcome == .pending {
        guard self.calls[call].askedAt + Self.patience <= self.now else { break }
        self.answer(call, .unknown)
      }
      count += 1
    }
    self.openCalls.removeFirst(count)
  }

  // MARK: Writes

  func refuseOpenBatch(of node: SimulatedNode) throws(Finding) {
    for call in node.openBatch {
      try self.checkers.clientOracle.refused(self.calls[call])
      self.answer(call, .refused)
    }
    node.openBatch = []
  }

  func abandonWrites(after last: LogID?, on node: SimulatedNode) {
    let kept = node.waitingWrites.prefix { $0.index < last.nextIndex }.count
    guard kept < node.waitingWrites.count else { return }
    if !node.standing.isLeader { self.coverage.deposedWithPendingWrites += 1 }
    for write in node.waitingWrites[kept...] { self.answer(write.call, .unknown) }
    node.waitingWrites.removeSubrange(kept...)
  }

  // MARK: Reads

  /// A client asks for a read; its question waits in the queue of a node that stands still.
  ///
  /// - Parameter wish: What will do; drawn if it is `nil`, or if the question waits.
  func askRead(of node: SimulatedNode, _ wish: ReadWish? = nil) throws(Finding) {
    let call = self.call(.read, on: node)
    let floor = self.checkers.clientOracle.acknowledged
    guard node.pausedUntil <= self.now else {
      return self.agenda.add(
        .readAsked(node.id, life: node.life, call: call, floor: floor), at: self.now)
    }
    try self.read(call, wish, floor: floor, on: node)
  }

  func read(
    _ call: Int, _ wish: ReadWish? = nil, floor: LogIndex?, on node: SimulatedNode
  ) throws(Finding) {
    try self.step(
      node,
      .readRequested(
        wish ?? self.drawReadWish(), self.ticket(.read(call: call, floor: floor), on: node)))
  }

  private func drawReadWish() -> ReadWish {
    let timeout = 300 * milliseconds
    return switch self.dice.below(4) {
    case 0...1: ReadWish(ageMax: nil, isAsking: true, timeout: timeout)
    case 2: ReadWish(ageMax: .max, isAsking: true, timeout: timeout)
    default:
      ReadWish(
        ageMax: self.dice.duration(upTo: 200 * milliseconds), isAsking: self.dice.isHeads(),
        timeout: self.dice.isHeads() ? timeout : 0)
    }
  }

  func admitRead(_ call: Int, from logID: LogID, while end: Instant?, on node: SimulatedNode) {
    if end != nil { self.coverage.readsByLease += 1 }
    node.waitingReads.append(.init(from: logID, end: end, call: call))
    self.answerReads(of: node)
  }

  /// Answers the reads that wait for no more than is applied.
  func answerReads(of node: SimulatedNode) {
    guard !node.waitingReads.isEmpty else { return }
    let applied = node.machine.state.applied
    node.waitingReads.removeAll { read in
      guard applied.nextIndex > read.from.index else { return false }
      // A lease is looked at again when the answer is given.
      if let end = read.end, node.clock.instant(at: self.now) >= end {
        self.answer(read.call, .refused)
        return true
      }
      self.answer(read.call, .found(node.machine.state.registers[self.calls[read.call].register]))
      return true
    }
  }
}
