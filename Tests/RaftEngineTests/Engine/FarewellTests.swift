import Testing

@testable import RaftEngine

@Suite("A leader's farewell to a removed peer")
struct FarewellTests {
  private static let start = Instant(nanoseconds: 0)

  /// A peer whose log agrees through entry 2, and that is removed by entry 3, which is committed.
  private static func removedPeer() -> Progress {
    var progress = Progress(id: 3, session: 1, next: 0)
    progress.sent(through: 2, byteCount: nil, committed: nil, message: 1, at: Self.start)
    progress.matched(through: 2, message: 1, messages: 1)
    progress.removed(at: 3, until: Instant(nanoseconds: 1_000_000_000))
    return progress
  }

  private static func answer(_ message: UInt64) -> Sent {
    Sent(peer: 3, session: 1, message: message, at: Self.start)
  }

  @Test("A commit that a message carries and does not prove is not told")
  func unproven() {
    var progress = Self.removedPeer()
    progress.told(committed: 3, proving: 2, message: 2)
    progress.sent(through: 3, byteCount: nil, committed: nil, message: 3, at: Self.start)
    progress.acknowledged(Self.answer(2))
    progress.acknowledged(Self.answer(3))
    progress.matched(through: 3, message: 3, messages: 3)
    #expect(!progress.isForgotten(at: Self.start))
  }

  @Test("An append that carries less than it might tells a commit only as far as it goes")
  func shortened() {
    var progress = Self.removedPeer()
    progress.sent(through: 5, byteCount: nil, committed: 5, message: 2, at: Self.start)
    #expect(progress.committedSent == nil)
    progress.sized(through: 3, byteCount: 8, message: 2)
    #expect(progress.committedSent == 3)
  }

  @Test("Once a message has proven its removal, and is answered, the peer is forgotten")
  func proven() {
    var progress = Self.removedPeer()
    progress.sent(through: 3, byteCount: nil, committed: 3, message: 2, at: Self.start)
    progress.sized(through: 3, byteCount: 8, message: 2)
    #expect(!progress.isForgotten(at: Self.start))
    progress.acknowledged(Self.answer(2))
    progress.matched(through: 3, message: 2, messages: 2)
    #expect(progress.isForgotten(at: Self.start))
  }

  @Test("A peer that cannot be told is forgotten when the time is over")
  func silent() {
    let progress = Self.removedPeer()
    #expect(!progress.isForgotten(at: Instant(nanoseconds: 999_999_999)))
    #expect(progress.isForgotten(at: Instant(nanoseconds: 1_000_000_000)))
  }
}
