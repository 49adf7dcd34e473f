/// The search for the last position where a peer's log agrees with the leader's.
///
/// The peer's hints pass over one leadership of each log at a time, which is all that is needed
/// after an ordinary change of leaders. If the logs differ in more, the search goes back over more
/// leaderships each time, and when it has gone too far, by halves between what is known to agree
/// and what is known not to. So it takes no more rounds than leaderships differ, and a few; and no
/// more than one and a half times the binary digits of their number, and a few.
extension Progress {
  /// How many hints in a row are followed before the search goes on by halves.
  private static let hintsFollowed = 2

  /// Whether the last common position may lie behind what is known to match.
  var isSearching: Bool { self.searchEnd.map { self.matched.nextIndex < $0 } ?? false }

  /// The last index that the next append may carry, of a log that ends with `last`.
  ///
  /// One entry is enough to ask a question that is likely to be followed by another.
  func sendEnd(of last: LogIndex, entriesMax: Int) -> LogIndex {
    if self.refusals > Self.hintsFollowed, self.next > self.matched.nextIndex { return self.next }
    return min(last, self.next + (min(entriesMax, self.entriesMax ?? entriesMax) - 1))
  }

  /// The peer's log lacks the entry before an append; the two agree no further than at
  /// `candidate`, and exactly there if that is an entry of both.
  ///
  /// Returns whether the answer told something new.
  mutating func rejected(
    _ rejected: LogIndex, candidate: LogIndex?, isCommon: Bool, message: UInt64
  ) -> Bool {
    guard self.inflight.contains(where: { $0.message == message }) else { return false }
    if rejected < self.matched.nextIndex {
      // It overtook the append before it, which has arrived since.
      guard case .replicating = self.state else { return false }
    }
    self.inflight.removeAll(keepingCapacity: true)
    self.state = .probing
    let end = max(min(rejected, candidate.nextIndex), self.matched.nextIndex)
    self.searchEnd = end
    self.refusals = isCommon ? 0 : self.refusals + 1
    self.next = end
    return true
  }

  /// Chooses where the next question begins.
  mutating func aim(in log: LogIDList) {
    guard let end = self.searchEnd else { return }
    let start = self.matched.nextIndex
    guard start < end else {
      self.endSearch()
      return
    }
    let leaps = self.refusals - Self.hintsFollowed
    self.next =
      leaps <= 0
      ? end : log.runStart(halfwayFrom: start, upTo: end, back: 2 << min(2 * (leaps - 1), 40))
  }

  /// A question was answered by yes: the agreement lies between here and where the peer refused.
  mutating func wentTooFar() {
    self.refusals = 64
  }

  mutating func endSearch() {
    self.searchEnd = nil
    self.refusals = 0
  }
}
