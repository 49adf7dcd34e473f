import Glibc

extension Connection {
  /// Sends bytes in order, first `bytes`, then `rest`; what the socket does not take now waits.
  ///
  /// Returns `.refused` when the connection is full or its writing end closed. A failure of the
  /// socket is told by `connectionDidClose`, after what the other side had still said.
  @discardableResult
  public func write(_ bytes: [UInt8], _ rest: [UInt8] = []) -> WriteOutcome {
    self.loop.preconditionCurrent()
    guard self.hasRoom else {
      self.wasFull = true
      return .refused
    }
    guard self.outgoing.isEmpty else {
      self.outgoing.append(bytes)
      self.outgoing.append(rest)
      return self.outcome()
    }
    var sent = 0
    for (part, more) in [(bytes, rest.isEmpty ? OutgoingQueue.More.no : .yes), (rest, .no)]
    where !part.isEmpty {
      guard self.outgoing.isEmpty else {
        self.outgoing.append(part)
        continue
      }
      switch OutgoingQueue.send(part, from: 0, to: self.descriptor, more: more) {
      case .sent(let count):
        sent += count
        self.outgoing.append(part, from: count)
      case .blocked:
        self.outgoing.append(part)
      case .failed(let code):
        self.writeFailed(code)
        return sent == 0 ? .refused : .taken
      }
    }
    self.lastWrite = self.core.now
    return self.outcome()
  }

  private func outcome() -> WriteOutcome {
    if !self.outgoing.isEmpty {
      self.updateInterest()
      self.rearmWatch()
    }
    guard self.outgoing.byteCount >= self.writeLimit else { return .taken }
    self.wasFull = true
    return .takenAndFull
  }

  func flush() {
    let before = self.outgoing.byteCount
    switch self.outgoing.flush(to: self.descriptor) {
    case .drained, .blocked:
      if self.outgoing.byteCount < before { self.lastWrite = self.core.now }
      self.updateInterest()
      self.finishIfSent()
    case .failed(let code):
      self.writeFailed(code)
      return
    }
    guard self.isOpen, self.wasFull, self.outgoing.byteCount <= self.writeLimit / 2 else { return }
    self.wasFull = false
    if self.writing == .open { self.handler?.connectionHasRoom(self) }
  }

  /// The other side takes no more.
  ///
  /// What it said before is read first: it may be the reason.
  private func writeFailed(_ code: Int32) {
    self.outgoing.removeAll()
    self.writing = .finished
    self.updateInterest()
    self.core.putOff {
      guard self.isOpen else { return }
      if !self.isReadingPaused, !self.hasReachedEnd { self.receive() }
      self.close(because: .broken(code: code))
    }
  }

  // MARK: Timeouts

  /// One timer serves all timeouts: it is moved only forward in time, when it fires too early.
  func rearmWatch() {
    guard self.isOpen, let due = self.nextTimeout() else { return }
    if let watch = self.watch {
      guard due.deadline < watch.deadline else { return }
      self.core.cancel(watch.timer)
    }
    let timer = self.core.schedule(at: due.deadline) { [weak self] in self?.watchFired() }
    self.watch = (timer, due.deadline)
  }

  private func watchFired() {
    self.watch = nil
    guard self.isOpen, let due = self.nextTimeout() else { return }
    if due.deadline <= self.core.now {
      self.close(because: .timedOut(due.waiting))
    } else {
      self.rearmWatch()
    }
  }

  private func nextTimeout() -> (deadline: MonotonicTime, waiting: SocketError.Waiting)? {
    var next: (deadline: MonotonicTime, waiting: SocketError.Waiting)?
    func consider(_ since: MonotonicTime, _ limit: Duration?, _ waiting: SocketError.Waiting) {
      guard let limit else { return }
      let deadline = since.advanced(by: limit)
      if next.map({ deadline < $0.deadline }) ?? true { next = (deadline, waiting) }
    }
    if !self.outgoing.isEmpty { consider(self.lastWrite, self.timeouts.write, .write) }
    if !self.isReadingPaused, !self.hasReachedEnd {
      consider(self.lastRead, self.timeouts.read, .read)
    }
    consider(max(self.lastRead, self.lastWrite), self.timeouts.idle, .activity)
    return next
  }
}
