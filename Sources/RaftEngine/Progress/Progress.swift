/// What a leader knows of one peer's log, and what is on its way there.
///
/// Invariants: `matched < next` always; in `probing` at most one append is under way and `next`
/// stays where it is; in `replicating` `next` runs ahead with each append; in `snapshotting` no
/// append is sent.
package struct Progress: Hashable, Sendable {
  /// How the peer is brought up to date.
  package enum State: Hashable, Sendable {
    /// Looking for the last position where the two logs agree, one append at a time.
    case probing
    /// Sending ahead of the answers.
    case replicating
    /// Waiting for the answer to the snapshot with this message number.
    case snapshotting(message: UInt64)
  }

  /// An append that has no answer yet.
  struct Inflight: Hashable {
    let message: UInt64
    let through: LogIndex
    let at: Instant
  }

  package let id: NodeID
  /// Answers of another session mean nothing.
  package let session: UInt64
  /// The life that the membership names; `nil` if it names none yet.
  package internal(set) var named: Incarnation?
  /// The life that the peer's answers stated first; no other one counts in this session.
  package internal(set) var stated: Incarnation?
  /// The life under which the peer runs now, if it is not the one that counts.
  package internal(set) var replacedBy: Incarnation?
  package internal(set) var state = State.probing
  /// The last index through which the peer's log is known to agree with the leader's, durably.
  package internal(set) var matched: LogIndex?
  /// The index that the next append starts with.
  package internal(set) var next: LogIndex
  var inflight: [Inflight] = []
  /// No appends before this moment: the peer could not be reached.
  var pausedUntil: Instant?
  /// How often in a row the peer could not be reached.
  var failures = 0
  /// When the newest message left that the peer has answered.
  package internal(set) var acknowledgedAt: Instant?
  /// The number of the newest message that the peer has answered.
  var acknowledgedMessage: UInt64 = 0
  /// Until when the peer keeps to this leader; `nil` if it promised nothing that counts.
  package internal(set) var promisedUntil: Instant?
  /// The newest commit index that was sent to the peer, and the first message that carried it.
  private(set) var committedSent: LogIndex?
  private var committedSentWith: UInt64 = 0
  /// Set once the peer is no member any more: it is still told so, for a while.
  private(set) var farewell: Farewell?

  /// What a removed peer is to learn, and until when it is worth the effort.
  struct Farewell: Hashable {
    let removedAt: LogIndex
    let until: Instant
  }

  init(id: NodeID, named: Incarnation? = nil, session: UInt64, next: LogIndex) {
    self.id = id
    self.named = named
    self.session = session
    self.next = next
  }

  /// Whether an append may leave now, if there is something to send.
  func canSend(window: Int, at now: Instant) -> Bool {
    if let paused = self.pausedUntil, now < paused { return false }
    switch self.state {
    case .probing: return self.inflight.isEmpty
    case .replicating: return self.inflight.count < window
    case .snapshotting: return false
    }
  }

  /// An append left.
  mutating func sent(through last: LogIndex, message: UInt64, at now: Instant) {
    self.inflight.append(Inflight(message: message, through: last, at: now))
    if case .replicating = self.state { self.next = last.next }
  }

  /// A message left that tells of this commit; the peer believes it as far as the message proves
  /// that the logs agree.
  mutating func told(committed: LogIndex?, proving proven: LogIndex?, message: UInt64) {
    guard let committed, let proven else { return }
    let index = min(committed, proven)
    guard index >= self.committedSent.nextIndex else { return }
    self.committedSent = index
    self.committedSentWith = message
  }

  /// The membership entry at this index removes the peer, and is committed.
  mutating func removed(at index: LogIndex, until: Instant) {
    self.farewell = self.farewell ?? Farewell(removedAt: index, until: until)
  }

  /// Whether nothing is left to tell a removed peer: it knows, or never will.
  func isForgotten(at now: Instant) -> Bool {
    guard let farewell = self.farewell else { return false }
    let hasHeard =
      self.committedSent.nextIndex > farewell.removedAt
      && self.acknowledgedMessage >= self.committedSentWith
      && self.matched.nextIndex > farewell.removedAt
    return hasHeard || farewell.until <= now
  }

  /// The life whose answers count; `nil` if none is known.
  package var life: Incarnation? { self.named ?? self.stated }

  /// Whether a member with this life is another one than the peer tracked here.
  func differs(from named: Incarnation?) -> Bool {
    if let known = self.named { return named != known }
    guard let named, let stated = self.stated else { return false }
    return named != stated
  }

  /// The peer answered something: it can be reached, and followed when the message left.
  mutating func acknowledged(_ sent: Sent) {
    self.acknowledgedAt = max(self.acknowledgedAt ?? sent.at, sent.at)
    self.acknowledgedMessage = max(self.acknowledgedMessage, sent.message)
    self.failures = 0
    self.pausedUntil = nil
  }

  /// The peer keeps to this leader until then.
  mutating func promised(until end: Instant?) {
    guard let end else { return }
    self.promisedUntil = max(self.promisedUntil ?? end, end)
  }

  /// The peer's log agrees through this index; an append with this number said so, or a heartbeat.
  mutating func matched(through index: LogIndex?, message: UInt64) {
    if let index {
      self.matched = max(self.matched ?? index, index)
    }
    // Only an append proves where the logs agree; a heartbeat may have proved nothing, and goes
    // beside the appends: it tells nothing of those under way.
    if let answered = self.inflight.first(where: { $0.message == message }) {
      self.inflight.removeAll { $0.message <= message }
      if case .probing = self.state { self.state = .replicating }
      if index.nextIndex <= answered.through {
        // Only a part arrived. What was sent behind it cannot fit either.
        self.inflight.removeAll(keepingCapacity: true)
        self.next = self.matched.nextIndex
      }
    }
    self.next = max(self.next, self.matched.nextIndex)
  }

  /// The peer's log lacks the entry before an append; `candidate` may be where the logs agree.
  ///
  /// Returns whether the answer told something new.
  mutating func rejected(
    _ rejected: LogIndex, candidate: LogIndex?, message: UInt64
  ) -> Bool {
    guard self.inflight.contains(where: { $0.message == message }) else { return false }
    if rejected < self.matched.nextIndex {
      // It overtook the append before it, which has arrived since. A peer that refuses in a probe
      // what it had confirmed has lost it, and is not asked without end.
      guard case .replicating = self.state else { return false }
    }
    self.inflight.removeAll(keepingCapacity: true)
    self.state = .probing
    let next = min(rejected, candidate.nextIndex)
    self.next = max(next, self.matched.nextIndex)
    return true
  }

  /// Nothing under way is expected to be answered any more: look again where the logs agree.
  mutating func restart() {
    if case .replicating = self.state {
      self.next = self.matched.nextIndex
    }
    self.inflight.removeAll(keepingCapacity: true)
    self.state = .probing
  }

  /// The peer could not be reached.
  mutating func failed(at now: Instant, backoff: ClosedRange<Int64>) {
    self.restart()
    let doubled = backoff.lowerBound << Int64(min(self.failures, 16))
    self.failures += 1
    self.pausedUntil = now.advanced(byNanoseconds: min(doubled, backoff.upperBound))
  }
}

extension LogIndex? {
  /// The index that follows this one; 0 after nothing.
  package var nextIndex: LogIndex { self?.next ?? 0 }
}
