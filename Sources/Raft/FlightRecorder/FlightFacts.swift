/// What an engine was told, in a few numbers.
///
/// Which number means what depends on the kind; `FORMATS.md` has the table. What is written here
/// is read in `FlightFacts+Description`.
package struct FlightFacts: Hashable, Sendable {
  /// How many numbers there are.
  static let wordCount = 6

  /// The kind's number; kinds of later builds are kept as they are.
  package let kindNumber: UInt8
  private(set) var flags: UInt8 = 0
  private var hasPeer = false
  private(set) var peer: UInt64 = 0
  /// The numbers; the last two of the vector stay 0.
  var words = SIMD8<UInt64>(repeating: 0)

  init(_ kind: FlightKind) {
    self.kindNumber = kind.rawValue
  }

  /// The kind; `nil` if a later build added it.
  package var kind: FlightKind? { FlightKind(rawValue: self.kindNumber) }

  /// The other node that this is about, such as a message's sender.
  package var peerID: NodeID? { self.hasPeer ? NodeID(self.peer) : nil }

  /// The word that holds kind and flags.
  var head: UInt64 {
    UInt64(self.kindNumber) | UInt64(self.flags) << 8 | (self.hasPeer ? 1 << 16 : 0)
  }

  init(head: UInt64, peer: UInt64, words: ArraySlice<UInt64>) {
    self.kindNumber = UInt8(truncatingIfNeeded: head)
    self.flags = UInt8(truncatingIfNeeded: head >> 8)
    self.hasPeer = head & 1 << 16 != 0
    self.peer = peer
    for (place, word) in words.prefix(Self.wordCount).enumerated() { self.words[place] = word }
  }

  // MARK: Parts

  /// The first flag: a vote is committed, or whatever the kind says.
  mutating func setFlag(_ flag: Bool, _ number: UInt8 = 0) {
    if flag { self.flags |= 1 << number }
  }

  func flag(_ number: UInt8 = 0) -> Bool { self.flags & 1 << number != 0 }

  mutating func set(peer: NodeID) {
    self.hasPeer = true
    self.peer = peer.rawValue
  }

  mutating func set(_ vote: Vote, at place: Int) {
    self.words[place] = vote.leader.term.rawValue
    self.words[place + 1] = vote.leader.node.rawValue
    self.setFlag(vote.isCommitted)
  }

  func vote(at place: Int) -> Vote {
    Vote(
      leader: LeaderID(term: Term(self.words[place]), node: NodeID(self.words[place + 1])),
      isCommitted: self.flag())
  }

  mutating func set(_ logID: LogID?, at place: Int) {
    guard let logID else { return }
    self.words[place] = logID.leader.term.rawValue
    self.words[place + 1] = logID.leader.node.rawValue
    self.words[place + 2] = logID.index.rawValue &+ 1
  }

  func logID(at place: Int) -> LogID? {
    LogID(
      recordedTerm: self.words[place], node: self.words[place + 1], next: self.words[place + 2])
  }

  /// An index beside its term, where there is no room for the node.
  mutating func set(place logID: LogID?, index: Int, term: Int) {
    guard let logID else { return }
    self.words[index] = logID.index.rawValue &+ 1
    self.words[term] = logID.leader.term.rawValue
  }
}

extension LogID {
  /// A position as recordings hold it; `nil` if it is none.
  init?(recordedTerm term: UInt64, node: UInt64, next: UInt64) {
    guard next > 0 else { return nil }
    self.init(term: Term(term), node: NodeID(node), index: LogIndex(next - 1))
  }
}
