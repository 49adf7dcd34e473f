import RaftEngine

extension World {
  private var machineDelay: Int64 {
    self.phase == .chaos ? self.plan.machineDelay : min(milliseconds, self.plan.machineDelay)
  }

  func apply(through logID: LogID, on node: SimulatedNode) throws(Finding) {
    let first = node.machine.handedOver.nextIndex
    guard let entries = node.disk.readable.log.entries(from: first, through: logID.index),
      entries.last?.logID == logID
    else {
      throw Finding(.soundCommands, "applies what it has not: \(first)...\(logID) \(node.summary)")
    }
    node.machine.handedOver = logID
    self.give(.apply(ArraySlice(Array(entries))), to: node)
  }

  func give(_ work: RegisterMachine.Work, to node: SimulatedNode) {
    node.machine.queue.append(work)
    self.startMachine(node)
  }

  private func startMachine(_ node: SimulatedNode) {
    guard !node.isMachineBusy, !node.machine.queue.isEmpty else { return }
    node.isMachineBusy = true
    let delay = self.dice.duration(upTo: self.machineDelay)
    self.agenda.add(.machine(node.id, life: node.life), at: self.now + delay)
  }

  func work(_ node: SimulatedNode) throws(Finding) {
    node.isMachineBusy = false
    let work = node.machine.queue.removeFirst()
    self.startMachine(node)
    switch work {
    case .apply(let entries):
      for entry in entries { try self.apply(entry, on: node) }
      self.answerReads(of: node)
      if let last = entries.last { try self.step(node, .applied(through: last.logID)) }
    case .install(let meta):
      guard let place = node.received.firstIndex(where: { $0.meta == meta }) else {
        throw Finding(.soundCommands, "installs a snapshot that it has not: \(meta)")
      }
      try self.checkers.wholeCopies.takesOver(meta, node: node.id)
      self.coverage.snapshotInstalls += 1
      node.machine.state = node.received[place].state
      node.received.removeFirst(place + 1)
      try self.checkState(of: node, after: meta.lastLogID.index)
      self.answerReads(of: node)
      try self.step(node, .snapshotInstalled(through: meta.lastLogID))
    case .build:
      try self.build(on: node)
    }
  }

  private func apply(_ entry: SimulatedEntry, on node: SimulatedNode) throws(Finding) {
    try self.checkers.stateMachineSafety.applies(
      entry, after: node.machine.state.applied, node: node.id, self.history)
    try self.checkers.wholeCopies.applies(entry, node: node.id)
    let outcome = node.machine.state.apply(
      entry, entry.kind == .command ? self.calls[Int(entry.payload)] : nil)
    if entry.membership >= 0 {
      node.machine.state.membership = LoggedMembership(
        logID: entry.logID, membership: self.memberships[Int(entry.membership)])
    }
    try self.checkState(of: node, after: entry.index)
    guard let first = node.waitingWrites.first, first.index <= entry.index else { return }
    guard let place = node.waitingWrites.firstIndex(where: { $0.index == entry.index }) else {
      return
    }
    let call = node.waitingWrites.remove(at: place).call
    try self.checkers.clientOracle.acknowledged(self.calls[call], as: entry, node: node.id)
    self.answer(call, outcome)
  }

  /// A witness has no state that could be compared.
  private func checkState(of node: SimulatedNode, after index: LogIndex) throws(Finding) {
    guard self.plan.role(of: node.id) == .replica else { return }
    try self.checkers.stateMachineSafety.applied(
      through: index, digest: node.machine.state.digest, node: node.id)
  }

  // MARK: Snapshots

  private func build(on node: SimulatedNode) throws(Finding) {
    let state = node.machine.state
    guard let applied = state.applied, !self.snapshotFails() else {
      return try self.step(node, .snapshotBuildFailed)
    }
    self.coverage.snapshotsBuilt += 1
    var meta = SnapshotMeta(lastLogID: applied, membership: state.membership)
    if self.plan.role(of: node.id) == .witness { meta.form = .withheld }
    guard let chain = self.history.entry(at: applied.index)?.chain else {
      throw Finding(.stateMachineSafety, "a snapshot of \(applied), which is not committed")
    }
    self.keep(SimulatedSnapshot(meta: meta, state: state, chain: chain), on: node)
    try self.step(node, .snapshotBuilt(meta))
  }

  /// One snapshot in ten comes to nothing.
  private func snapshotFails() -> Bool {
    self.plan.script == nil && self.dice.happens(perMille: 100)
  }

  private func keep(_ snapshot: SimulatedSnapshot, on node: SimulatedNode) {
    let newest = node.disk.snapshot?.meta.lastLogID
    if snapshot.meta.lastLogID.index >= newest.nextIndex { node.disk.snapshot = snapshot }
  }

  func receiveSnapshot(_ ticket: Ticket, on node: SimulatedNode) {
    guard case .snapshot(_, _, _, let snapshot, _) = node.question(ticket) else { return }
    let delay = self.dice.duration(upTo: 10 * self.network.weather.delay)
    self.agenda.add(
      .snapshotReceived(node.id, life: node.life, snapshot, ticket), at: self.now + delay)
  }

  func received(
    _ snapshot: SimulatedSnapshot, _ ticket: Ticket, on node: SimulatedNode
  ) throws(Finding) {
    if self.snapshotFails() {
      if case .snapshot(let peer, let life, _, _, let sent) = node.answered(ticket) {
        self.reportFailure(to: peer, life: life, sent, .always)
      }
      return try self.step(node, .snapshotReceptionFailed(ticket))
    }
    node.received.append(snapshot)
    self.keep(snapshot, on: node)
    try self.step(node, .snapshotReceived(snapshot.meta, ticket))
  }
}
