/// Storage that is unfit to lead by: a disk that hangs, or one that is nearly full.
///
/// A leader needs its disk less than others do, for a quorum commits without it. That is why nobody
/// would notice: its own writes wait, it reads no older entries for peers, and it stays in office.
extension Engine {
  /// Since when the disk hangs: it has had writes for longer than the limit, and reported none of
  /// them; `nil` if it does not.
  @inline(__always)
  package var stalledSince: Instant? {
    guard let due = self.stallDue, due <= self.now else { return nil }
    return self.io.waitingSince
  }

  /// When time alone makes the disk one that hangs.
  @inline(__always)
  var stallDeadline: Instant {
    guard let due = self.stallDue, self.now < due else { return .distantFuture }
    return due
  }

  @inline(__always)
  private var stallDue: Instant? {
    guard let since = self.io.waitingSince, let limit = self.configuration.diskStallLimit else {
      return nil
    }
    return since.advanced(byNanoseconds: limit)
  }

  /// Whether another node should lead if it can.
  @inline(__always)
  var isUnfit: Bool { self.isShort || self.stalledSince != nil }

  /// The disk became nearly full, or has space again.
  mutating func shortageChanged(_ isShort: Bool) {
    guard isShort != self.isShort else { return }
    self.isShort = isShort
    if isShort, case .following = self.role { self.resetElectionTimer() }
  }

  /// Asks one peer after the other to take over while this leader's storage is unfit.
  ///
  /// When nobody is left to ask, a leader whose disk hangs steps down, which needs no disk; one that
  /// lacks space leads on, since reads need none, and asks again later. A leader whom no other
  /// member could follow leads on in any case.
  mutating func handOverIfUnfit() {
    guard self.isUnfit, !(self.effective?.isAlone(self.id) ?? true), var lead = self.takeLead()
    else {
      if self.isLeader {
        self.leaderships[0].declined = []
        self.leaderships[0].asksAgainAt = nil
      }
      return
    }
    let deadline = self.now.advanced(byNanoseconds: self.configuration.transferTimeout)
    let isStalled = self.stalledSince != nil
    if let transfer = lead.transfer {
      if isStalled { lead.transfer?.deadline = min(transfer.deadline, deadline) }
      if !lead.declined.contains(transfer.target) { lead.declined.append(transfer.target) }
    } else if let target = self.bestSuccessor(lead, except: lead.declined) {
      lead.declined.append(target)
      lead.transfer = Transfer(target: target, deadline: deadline)
      self.askToTakeOver(&lead)
    } else if isStalled {
      self.giveBack(lead)
      self.stepDown(for: nil)
      self.resetElectionTimer()
      return
    } else if let due = lead.asksAgainAt, due <= self.now {
      lead.declined = []
      lead.asksAgainAt = nil
    } else if lead.asksAgainAt == nil {
      lead.asksAgainAt = self.now.advanced(byNanoseconds: self.configuration.abandonAfter)
    }
    self.giveBack(lead)
  }
}
