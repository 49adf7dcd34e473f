import RaftEngine

extension World {
  private var flushDelay: Int64 {
    self.phase == .chaos ? self.plan.flushDelay : min(milliseconds, self.plan.flushDelay)
  }

  func write(_ write: SimulatedDisk.Write, _ io: IOID?, on node: SimulatedNode) {
    node.disk.write(write, io)
    self.startFlush(node)
  }

  private func startFlush(_ node: SimulatedNode) {
    guard !node.isFlushing, node.disk.pendingCount > 0 else { return }
    node.isFlushing = true
    let time = max(node.stalledUntil, self.now) + self.dice.duration(upTo: self.flushDelay)
    self.agenda.add(.flush(node.id, life: node.life), at: time)
  }

  /// Some of the oldest writes become durable; the report may come late, and after later ones.
  func flush(_ node: SimulatedNode) {
    // The end of a stall flushes at once what was to be flushed later.
    guard node.isFlushing, node.disk.pendingCount > 0 else { return }
    guard node.stalledUntil <= self.now else {
      self.agenda.add(.flush(node.id, life: node.life), at: node.stalledUntil)
      return
    }
    if node.failsNextFlush {
      node.failsNextFlush = false
      self.losePower(node, .noWrite)
      self.onStop?(node.id, nil)
      return
    }
    node.isFlushing = false
    let pending = node.disk.pendingCount
    let count = self.dice.happens(perMille: 300) ? self.dice.number(in: 1...pending) : pending
    if let io = node.disk.flush(count) {
      let delay = self.dice.duration(upTo: self.flushDelay)
      self.agenda.add(.flushed(node.id, life: node.life, io), at: self.now + delay)
    }
    self.startFlush(node)
  }
}
