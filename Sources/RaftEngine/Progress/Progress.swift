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
    let first: LogIndex
    var through: LogIndex
    /// How many bytes of entries it carries; `nil` until that is known.
    var byteCount: Int?
    /// The commit that it tells of.
    let committed: LogIndex?
    let at: Instant
  }

  package let id: NodeID
  /// Answers of another session mean nothing.
  package let session: UInt64
  /// What kind of member the peer is, or was.
  package let role: Member.Role
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
  /// The index that follows the last entry that the two logs can have in common, while a refusal
  /// has told so and the search goes on below it.
  var searchEnd: LogIndex?
  /// How often the peer refused in this search without saying where the logs agree.
  var refusals = 0
  /// How many messages had left when `matched` last grew: what a later one says of entries up to
  /// there, the peer says after it had confirmed them.
  var confirmedAt: UInt64 = 0
  /// No appends before this moment, and why.
  var pause: Pause?
  /// How often in a row requests came to nothing.
  var failures = 0
  /// What keeps the peer from getting what it lacks.
  package internal(set) var trouble: PeerTrouble?
  /// How many entries one append carries at most, once the peer found one too large.
  var entriesMax: Int?
  /// While a snapshot is under way: the first index that the peer needs after it.
  var afterSnapshot: LogIndex?
  /// When the newest message left that the peer has answered.
  package internal(set) var acknowledgedAt: Instant?
  /// The number of the newest message that the peer has answered.
  package internal(set) var acknowledgedMessage: UInt64 = 0
  /// Until when the peer keeps to this leader; `nil` if it promised nothing that counts.
  package internal(set) var promisedUntil: Instant?
  /// The newest commit index that was sent to the peer, and the first message that carried it.
  private(set) var committedSent: LogIndex?
  private var committedSentWith: UInt64 = 0
  /// Set once the peer is no member any more: it is still told so, for a while.
  var farewell: Farewell?

  /// What a removed peer is to learn, and until when it is worth the effort.
  struct Farewell: Hashable {
    let removedAt: LogIndex
    let until: Instant
  }

  /// A time without appends.
  struct Pause: Hashable {
    let until: Instant
    let cause: PeerFailure
  }

  init(
    id: NodeID, named: Incarnation? = nil, session: UInt64, next: LogIndex,
    role: Member.Role = .replica
  ) {
    self.id = id
    self.named = named
    self.session = session
    self.role = role
    self.next = next
  }

  /// Whether an append may leave now, if there is something to send.
  ///
  /// While it is not known how many bytes the last one carries, it is not known either where the
  /// next one begins, or if there is room for it.
  @inline(__always)
  func canSend(window: Int, bytesMax: Int, at now: Instant) -> Bool {
    if let pause = self.pause, now < pause.until { return false }
    if self.hasLostData { return false }
    switch self.state {
    case .probing:
      return self.inflight.isEmpty
    case .replicating:
      guard let newest = self.inflight.last else { return true }
      return newest.byteCount != nil && self.inflight.count < window
        && self.bytesUnderWay < bytesMax
    case .snapshotting:
      return false
    }
  }

  /// Bytes of entries that have no answer yet.
  @inline(__always)
  var bytesUnderWay: Int {
    var bytes = 0
    for place in self.inflight.indices { bytes += self.inflight[place].byteCount ?? 0 }
    return bytes
  }

  /// Whether the peer has the entries of this commit, nothing else to hear, and no word of it.
  @inline(__always)
  func misses(_ committed: LogIndex?) -> Bool {
    guard self.inflight.isEmpty, let committed, let matched = self.matched else { return false }
    return self.committedSent.nextIndex <= committed && matched >= committed
  }

  /// An append leaves that tells of this commit; `byteCount` is `nil` if it is not known how much it
  /// carries.
  mutating func sent(
    through last: LogIndex, byteCount: Int?, committed: LogIndex?, message: UInt64, at now: Instant
  ) {
    self.inflight.append(
      Inflight(
        message: message, first: self.next, through: last, byteCount: byteCount,
        committed: committed, at: now))
    if byteCount != nil { self.told(committed: committed, proving: last, message: message) }
    if case .replicating = self.state { self.next = last.next }
  }

  /// An append turned out to carry so many bytes, and perhaps fewer entries than it might.
  mutating func sized(through last: LogIndex, byteCount: Int, message: UInt64) {
    guard let place = self.inflight.lastIndex(where: { $0.message == message }),
      self.inflight[place].byteCount == nil || last < self.inflight[place].through,
      last >= self.inflight[place].first, last <= self.inflight[place].through
    else { return }
    // What was sent behind fewer entries than were reckoned with cannot fit.
    self.inflight.removeSubrange((place + 1)...)
    self.inflight[place].byteCount = byteCount
    self.inflight[place].through = last
    self.told(committed: self.inflight[place].committed, proving: last, message: message)
    if case .replicating = self.state { self.next = last.next }
  }

  /// Whether a snapshot is under way.
  @inline(__always)
  var isGettingSnapshot: Bool {
    if case .snapshotting = self.state { return true }
    return false
  }

  /// A snapshot leaves, after which the peer needs the entries from `next` on.
  ///
  /// Answers to appends that are still under way must not end the wait for the snapshot's.
  mutating func beginSnapshot(message: UInt64, after next: LogIndex) {
    self.inflight.removeAll(keepingCapacity: true)
    self.endSearch()
    self.state = .snapshotting(message: message)
    self.afterSnapshot = next
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
  @inline(__always)
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
  ///
  /// So whatever pause there was has lost its reason (openraft#1723), unless it is about a message
  /// that is too large: that one would be refused again.
  mutating func acknowledged(_ sent: Sent) {
    self.acknowledgedAt = max(self.acknowledgedAt ?? sent.at, sent.at)
    self.acknowledgedMessage = max(self.acknowledgedMessage, sent.message)
    guard self.pause?.cause != .tooLarge else { return }
    self.failures = 0
    self.pause = nil
    if case .failing(let failure) = self.trouble, failure != .tooLarge { self.trouble = nil }
  }

  /// The peer keeps to this leader until then.
  mutating func promised(until end: Instant?) {
    guard let end else { return }
    self.promisedUntil = max(self.promisedUntil ?? end, end)
  }

  /// The peer's log agrees through this index; an append with this number said so, or a heartbeat.
  ///
  /// - Parameter messages: How many messages have left by now.
  mutating func matched(through index: LogIndex?, message: UInt64, messages: UInt64) {
    if let index, index >= self.matched.nextIndex {
      self.matched = index
      self.confirmedAt = messages
    }
    // Only an append proves where the logs agree; a heartbeat may have proved nothing, and goes
    // beside the appends: it tells nothing of those under way.
    if let place = self.place(of: message) {
      let answered = self.inflight[place]
      // Messages left in the order of their numbers.
      if self.inflight.count == 1 {
        self.inflight.removeLast()
      } else {
        self.inflight.removeSubrange(...place)
      }
      self.delivered()
      if case .probing = self.state {
        if self.isSearching { self.wentTooFar() } else { self.state = .replicating }
      }
      if index.nextIndex <= answered.through {
        // Only a part arrived. What was sent behind it cannot fit either.
        self.inflight.removeAll(keepingCapacity: true)
        self.next = self.matched.nextIndex
      }
    }
    self.next = max(self.next, self.matched.nextIndex)
  }

  /// The place of the append with this number among those under way.
  @inline(__always)
  private func place(of message: UInt64) -> Int? {
    for place in self.inflight.indices where self.inflight[place].message == message {
      return place
    }
    return nil
  }

  /// Nothing under way is expected to be answered any more: look again where the logs agree.
  mutating func restart() {
    if case .replicating = self.state {
      self.next = self.matched.nextIndex
    }
    self.inflight.removeAll(keepingCapacity: true)
    self.state = .probing
    self.endSearch()
  }
}

extension LogIndex? {
  /// The index that follows this one; 0 after nothing.
  package var nextIndex: LogIndex { self?.next ?? 0 }
}
