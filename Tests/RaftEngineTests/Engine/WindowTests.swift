import RaftEngine
import Testing

/// How much may be under way to one peer.
@Suite("Windows")
struct WindowTests {
  private static let own = LeaderID.led(1, by: 1)

  /// A leader that knows the size of what it proposed up to so many bytes.
  private static func leader(window: Int, bytesMax: Int, appendBytesMax: Int = 0) -> Fixture {
    var configuration = EngineConfiguration.withoutPreVote
    configuration.appendWindow = window
    configuration.inflightBytesMax = bytesMax
    configuration.appendBytesMax = appendBytesMax
    configuration.entryOverhead = 3
    var leader = Fixture.leader(of: .voters(1, 2), configuration: configuration)
    leader.sizesAppends = false
    return leader
  }

  @Test("The next append waits until it is known how much the one before carries (S94)")
  func size() {
    var leader = Self.leader(window: 4, bytesMax: 1000)
    #expect(leader.propose(8).appends == ["2: after T1-N1.1 through 9"])
    #expect(leader.propose().appends == [])
    // Five of the eight entries fill a message.
    #expect(
      leader.step(.appendSent(through: 6, byteCount: 500, leader.sent[2]!)).appends == [
        "2: after T1-N1.6 through 10"
      ])
  }

  @Test("Bytes under way hold appends back, however few messages they are (S43)")
  func bytes() {
    var leader = Self.leader(window: 100, bytesMax: 1000)
    _ = leader.propose()
    let first = leader.sent[2]!
    _ = leader.propose()
    #expect(leader.step(.appendSent(through: 2, byteCount: 600, first)).appends.count == 1)
    let second = leader.sent[2]!
    _ = leader.propose()
    #expect(leader.step(.appendSent(through: 3, byteCount: 600, second)).appends == [])
    #expect(leader.engine.load.inflightBytesMax == 1200)
    // Heartbeats go on, and one answer makes room.
    leader.time += 50
    #expect(leader.step(.elapsed).contains { if case .sendHeartbeat = $0 { true } else { false } })
    #expect(
      leader.step(.appendAnswered(.matched(through: Self.own.at(2)), first)).appends == [
        "2: after T1-N1.3 through 4"
      ])
  }

  @Test("What was just proposed and fits into one append needs no report")
  func known() {
    var leader = Self.leader(window: 100, bytesMax: 40, appendBytesMax: 8)
    #expect(leader.propose(8).appends == ["2: after T1-N1.1 through 9"])
    #expect(leader.engine.load.inflightBytesMax == 32)
    #expect(leader.propose(2).appends == ["2: after T1-N1.9 through 11"])
    #expect(leader.engine.load.inflightBytesMax == 40)
    #expect(leader.propose().appends == [])
    // One answer makes room for what waited, of which the size is not known any more.
    #expect(
      leader.acknowledge(2, through: Self.own.at(11)).appends == ["2: after T1-N1.11 through 12"])
    #expect(leader.propose().appends == [])
    var other = Self.leader(window: 100, bytesMax: 1000, appendBytesMax: 8)
    #expect(other.propose(9).appends == ["2: after T1-N1.1 through 10"])
    #expect(other.propose().appends == [])
  }

  @Test("If fewer entries left than reckoned, what was sent behind them is sent again")
  func fewer() {
    var leader = Self.leader(window: 100, bytesMax: 1000, appendBytesMax: 8)
    _ = leader.propose(8)
    let first = leader.sent[2]!
    #expect(leader.propose().appends == ["2: after T1-N1.9 through 10"])
    #expect(
      leader.step(.appendSent(through: 6, byteCount: 20, first)).appends == [
        "2: after T1-N1.6 through 10"
      ])
    // All of it left, as was known.
    #expect(leader.step(.appendSent(through: 6, byteCount: 99, first)) == [])
    #expect(leader.engine.load.inflightBytesMax == 20)
  }

  @Test("An entry beyond all limits is sent, alone (S94)")
  func large() {
    var leader = Self.leader(window: 8, bytesMax: 1)
    #expect(leader.propose().appends == ["2: after T1-N1.1 through 2"])
    _ = leader.propose()
    let large = leader.sent[2]!
    #expect(leader.step(.appendSent(through: 2, byteCount: 1 << 30, large)).appends == [])
    #expect(
      leader.step(.appendAnswered(.matched(through: Self.own.at(2)), large)).appends == [
        "2: after T1-N1.2 through 3"
      ])
  }

  @Test("Sizes of appends that were answered, or of other leaderships, mean nothing")
  func strangers() {
    var leader = Self.leader(window: 4, bytesMax: 1000)
    _ = leader.propose(3)
    let sent = leader.sent[2]!
    #expect(leader.step(.appendSent(through: 9, byteCount: 1, sent)) == [])
    _ = leader.acknowledge(2)
    #expect(leader.step(.appendSent(through: 2, byteCount: 1, sent)) == [])
    let other = Sent(peer: 2, session: 9, message: sent.message, at: sent.at)
    #expect(leader.step(.appendSent(through: 2, byteCount: 1, other)) == [])
    #expect(leader.propose().appends == ["2: after T1-N1.4 through 5"])
  }
}
