import Testing

@testable import Raft

@Suite("Digests of states are compared at a leader")
struct StateLedgerTests {
  private typealias Change = StateLedger.Change

  private static func divergence(
    of node: NodeID, at index: LogIndex, _ digest: UInt64 = 8, by verdict: StateDivergence.Verdict
  ) -> StateDivergence {
    StateDivergence(node: node, index: index, digest: digest, expected: 7, verdict: verdict)
  }

  /// A ledger of node 1 with these digests, in this order.
  private static func note(
    _ digests: [(NodeID, LogIndex, UInt64)], in ledger: inout StateLedger
  ) -> [Change] {
    digests.flatMap { node, index, value in
      let digest = StateDigest(index: index, value: value)
      return node == 1 ? ledger.note(own: digest) : ledger.note(digest, of: node)
    }
  }

  private var ledger = StateLedger(of: 1, aligningTo: 4)

  @Test("Equal states are no news, in whatever order they come")
  mutating func equal() {
    #expect(
      Self.note([(2, 4, 7), (1, 4, 7), (3, 4, 7), (1, 8, 9), (3, 8, 9)], in: &self.ledger) == [])
    #expect(self.ledger.divergences == [])
    #expect(self.ledger.newest == StateDigest(index: 8, value: 9))
  }

  @Test("The newest digest stays the newest, if an older one is heard of late")
  mutating func late() {
    #expect(Self.note([(2, 4, 7), (1, 8, 9), (1, 4, 7)], in: &self.ledger) == [])
    #expect(self.ledger.newest == StateDigest(index: 8, value: 9))
  }

  @Test("Of two that differ nobody knows which is right; a third one decides")
  mutating func decided() {
    let doubt = Self.divergence(of: 2, at: 4, by: .undecided(leader: 1))
    #expect(Self.note([(1, 4, 7), (2, 4, 8)], in: &self.ledger) == [.diverged(doubt)])
    let decision = Self.divergence(of: 2, at: 4, by: .outvoted(by: [1, 3]))
    #expect(Self.note([(3, 4, 7)], in: &self.ledger) == [.diverged(decision)])
    #expect(self.ledger.divergences == [decision])
  }

  @Test("A leader that all others contradict names itself, and clears those it doubted")
  mutating func leaderIsWrong() {
    let doubt = StateDivergence(
      node: 2, index: 4, digest: 7, expected: 8, verdict: .undecided(leader: 1))
    let decision = Self.divergence(of: 1, at: 4, by: .outvoted(by: [2, 3]))
    #expect(
      Self.note([(1, 4, 8), (2, 4, 7), (3, 4, 7)], in: &self.ledger) == [
        .diverged(doubt), .diverged(decision), .agrees(2, at: 4),
      ])
    #expect(self.ledger.divergences == [decision])
    #expect(Self.note([(1, 8, 8), (2, 8, 7)], in: &self.ledger) == [])
    #expect(self.ledger.divergences == [decision])
  }

  @Test("Where a replica differed first stays known, and is told once")
  mutating func first() {
    let first = Self.divergence(of: 3, at: 4, by: .outvoted(by: [1, 2]))
    _ = Self.note([(1, 4, 7), (2, 4, 7), (3, 4, 8)], in: &self.ledger)
    #expect(Self.note([(1, 8, 9), (3, 8, 1), (2, 8, 9), (3, 8, 1)], in: &self.ledger) == [])
    #expect(self.ledger.divergences == [first])
  }

  @Test("A replica that is like the others again is cleared by a later entry, not by an older one")
  mutating func agrees() {
    _ = Self.note([(1, 8, 7), (2, 8, 7), (3, 8, 8)], in: &self.ledger)
    #expect(Self.note([(1, 4, 1), (2, 4, 1), (3, 4, 1)], in: &self.ledger) == [])
    #expect(
      Self.note([(1, 12, 9), (2, 12, 9), (3, 12, 9)], in: &self.ledger)
        == [.agrees(3, at: 12)])
    #expect(self.ledger.divergences == [])
  }

  @Test("A digest that is not aligned here, or too old, says nothing")
  mutating func useless() {
    _ = Self.note([(1, 0, 7)], in: &self.ledger)
    #expect(Self.note([(1, 5, 7), (2, 5, 8)], in: &self.ledger) == [])
    for place in 1...UInt64(StateLedger.rowsMax) {
      _ = Self.note([(1, LogIndex(4 * place), 7)], in: &self.ledger)
    }
    #expect(Self.note([(2, 0, 8)], in: &self.ledger) == [])
    #expect(self.ledger.divergences == [])
  }

  @Test("Who leads no more forgets what peers said, and remembers its own")
  mutating func forgets() {
    _ = Self.note([(1, 4, 7), (2, 4, 8)], in: &self.ledger)
    self.ledger.forgetPeers()
    #expect(self.ledger.divergences == [])
    #expect(
      Self.note([(3, 4, 8)], in: &self.ledger) == [
        .diverged(Self.divergence(of: 3, at: 4, by: .undecided(leader: 1)))
      ])
  }

  @Test("A removed member is forgotten, and what it stated with it")
  mutating func removed() {
    _ = Self.note([(1, 4, 7), (2, 4, 8)], in: &self.ledger)
    self.ledger.keep { $0 != 2 }
    #expect(self.ledger.divergences == [])
    #expect(Self.note([(3, 4, 7)], in: &self.ledger) == [])
  }

  @Test("The text of a finding names the node, the entry and what to do")
  func text() {
    #expect(
      Self.divergence(of: 3, at: 512, by: .outvoted(by: [1, 2])).description == """
        the state of node 3 differs after entry 512 from that of node 1, node 2 (digest \
        0000000000000008 instead of 0000000000000007): remove the member and add it again with an \
        empty folder, and look for what its machine depends on
        """)
    #expect(
      Self.divergence(of: 3, at: 512, by: .undecided(leader: 1)).description == """
        the states of nodes 1 and 3 differ after entry 512 (digest 0000000000000008 instead of \
        0000000000000007), and no majority tells which is right: compare their data before one is \
        removed
        """)
  }
}
