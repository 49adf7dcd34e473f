import Glibc

extension Connection: EventSource {
  /// Stops taking bytes in; the other side is slowed down by the network's own flow control.
  public func pauseReading() {
    guard self.isOpen, self.lingerBudget == nil, !self.isReadingPaused else { return }
    self.isReadingPaused = true
    self.updateInterest()
  }

  /// Takes bytes in again.
  public func resumeReading() {
    guard self.isOpen, self.isReadingPaused else { return }
    self.isReadingPaused = false
    self.lastRead = self.core.now
    self.updateInterest()
    self.rearmWatch()
  }

  /// Whether an idle connection is of no use any more.
  ///
  /// The other side has closed it, or has sent what nobody asked for. Looks at the socket itself, ahead of the loop's next turn.
  public var isStale: Bool {
    guard self.isOpen, self.writing == .open, !self.hasReachedEnd else { return true }
    var byte: UInt8 = 0
    let count = recv(self.descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
    return count >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK)
  }

  private var wantsBytes: Bool { !self.isReadingPaused && !self.hasReachedEnd }

  func ready(_ readiness: Readiness) {
    if self.wantsBytes {
      if !readiness.isDisjoint(with: [.readable, .failed, .hungUp]) { self.receive() }
    } else if readiness.contains(.failed) {
      let code = SystemSocket.pendingError(of: self.descriptor)
      self.close(because: .broken(code: code == 0 ? ECONNRESET : code))
    } else if readiness.contains(.hungUp) {
      self.suspend()
    }
    if self.isOpen, readiness.contains(.writable) { self.flush() }
  }

  /// Reads until the socket is empty, at most four buffers a turn, so that others get their turn.
  func receive() {
    for _ in 0..<4 {
      let count = recv(self.descriptor, self.core.scratch.baseAddress, self.core.scratch.count, 0)
      if count > 0 {
        self.lastRead = self.core.now
        self.deliver(count)
        guard self.isOpen, self.wantsBytes, count == self.core.scratch.count else { return }
      } else if count == 0 {
        return self.reachedEnd()
      } else if errno == EAGAIN || errno == EWOULDBLOCK {
        return
      } else if errno != EINTR {
        return self.close(because: .broken(code: errno))
      }
    }
  }

  private func deliver(_ count: Int) {
    guard let budget = self.lingerBudget else {
      let bytes = UnsafeRawBufferPointer(rebasing: self.core.scratch[..<count])
      self.handler?.connection(self, didReceive: bytes.bytes)
      return
    }
    self.lingerBudget = budget - count
    if budget < count { self.close(because: .finished) }
  }

  private func reachedEnd() {
    self.hasReachedEnd = true
    self.updateInterest()
    if self.lingerBudget == nil { self.handler?.connectionDidReachEnd(self) }
    guard self.isOpen else { return }
    self.closeIfBothEnded()
  }

  // MARK: What the loop watches for

  private var interest: Readiness {
    var interest: Readiness = []
    if self.wantsBytes { interest.insert(.readable) }
    if !self.outgoing.isEmpty { interest.insert(.writable) }
    return interest
  }

  func updateInterest() {
    let interest = self.interest
    switch self.registration {
    case .watched(let token, let present):
      guard interest != present else { return }
      self.core.change(token, self.descriptor, to: interest)
      self.registration = .watched(token, interest)
    case .suspended:
      guard !interest.isEmpty else { return }
      do {
        let token = try self.core.add(self.descriptor, for: interest, source: self)
        self.core.release(self)
        self.registration = .watched(token, interest)
      } catch {
        self.close(because: .loopStopped)
      }
    case .none:
      return
    }
  }

  /// A hang-up cannot be masked, so the descriptor leaves the set until bytes are wanted again.
  private func suspend() {
    guard case .watched(let token, _) = self.registration, self.outgoing.isEmpty else { return }
    self.core.remove(token, self.descriptor)
    self.registration = .suspended
    do {
      try self.core.adopt(self)
    } catch {
      self.close(because: .loopStopped)
    }
  }

  package func loopIsStopping() {
    self.close(because: .loopStopped)
  }
}
