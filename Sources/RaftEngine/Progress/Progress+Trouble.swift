/// Requests that come to nothing, and peers that forget.
extension Progress {
  /// How long to wait after a request came to nothing.
  struct Backoff {
    let shortest: Int64
    let longest: Int64

    init(_ configuration: EngineConfiguration) {
      self.shortest = configuration.backoffMin
      self.longest = configuration.backoffMax
    }
  }

  /// Whether the peer's log lacks what it had confirmed.
  package var hasLostData: Bool {
    if case .lostData? = self.trouble { return true }
    return false
  }

  /// Takes note of a request that came to nothing, for whoever looks; an earlier one than the
  /// newest that was answered says nothing about now.
  mutating func noted(_ failure: PeerFailure, message: UInt64) {
    guard message > self.acknowledgedMessage else { return }
    switch self.trouble {
    case .failing?, nil: self.trouble = .failing(failure)
    case .entryTooLarge?, .lostData?: break
    }
  }

  /// An append or a snapshot came to nothing.
  ///
  /// Who cannot be reached, or fails, is given more and more time. A lost answer costs time itself.
  /// Who refuses this node will not change its mind soon. What is too large is made smaller first.
  mutating func failed(
    _ failure: PeerFailure, message: UInt64, at now: Instant, _ backoff: Backoff
  ) {
    let append = self.inflight.first { $0.message == message }
    self.restart()
    self.noted(failure, message: message)
    switch failure {
    case .unreachable, .remote, .unreadable:
      self.pauseLonger(failure, at: now, backoff)
    case .lost:
      self.pause = Pause(until: now.advanced(byNanoseconds: backoff.shortest), cause: failure)
    case .refused:
      self.pause = Pause(until: now.advanced(byNanoseconds: backoff.longest), cause: failure)
    case .tooLarge:
      guard let append, append.first < append.through else {
        if let append { self.trouble = .entryTooLarge(append.first) }
        self.pauseLonger(failure, at: now, backoff)
        return
      }
      self.entriesMax = (append.first.distance(to: append.through) + 1) / 2
    }
  }

  private mutating func pauseLonger(
    _ failure: PeerFailure, at now: Instant, _ backoff: Backoff
  ) {
    let doubled = backoff.shortest << Int64(min(self.failures, 16))
    self.failures += 1
    self.pause = Pause(
      until: now.advanced(byNanoseconds: min(doubled, backoff.longest)), cause: failure)
  }

  /// An append or a snapshot arrived: what was there of troubles has passed.
  mutating func delivered() {
    // Grows again, slowly: each attempt that fails costs a whole message.
    self.entriesMax = self.entriesMax.flatMap { $0 < 1 << 20 ? $0 + max(1, $0 / 8) : nil }
    guard !self.hasLostData else { return }
    self.trouble = nil
    self.failures = 0
    self.pause = nil
  }

  /// Whether a refusal of this position, in answer to this message, means that the peer lost what
  /// it had confirmed before the message left.
  ///
  /// An answer that was under way when the peer's confirmation came says nothing of the kind: the
  /// refusal may be older than the entries (openraft#1500).
  func isReversion(of rejected: LogIndex, message: UInt64) -> Bool {
    rejected < self.matched.nextIndex && message > self.confirmedAt
  }

  /// The peer lost what it had confirmed: it counts for nothing, and gets nothing.
  mutating func lostData() {
    guard let confirmed = self.matched else { return }
    self.restart()
    self.trouble = .lostData(confirmed: confirmed)
    self.matched = nil
    self.acknowledgedAt = nil
    self.acknowledgedMessage = 0
    self.promisedUntil = nil
  }

  /// Whether anything that the peer said is relied on.
  var countsForAnything: Bool {
    self.matched != nil || !self.inflight.isEmpty || self.acknowledgedAt != nil
      || self.acknowledgedMessage > 0 || self.promisedUntil != nil
  }

  /// The same peer, of which nothing is known; answers from before mean nothing.
  func startedOver(session: UInt64, next: LogIndex) -> Progress {
    var fresh = Progress(
      id: self.id, named: self.named, session: session, next: next, role: self.role)
    fresh.farewell = self.farewell
    return fresh
  }
}
