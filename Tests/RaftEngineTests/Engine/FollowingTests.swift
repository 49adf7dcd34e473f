import RaftEngine
import Testing

@Suite("Following")
struct FollowingTests {
  private static let one = LeaderID.led(1, by: 2)
  private static let two = LeaderID.led(2, by: 3)
  private static let zero = LeaderID.led(0, by: 1)

  /// Entries 0 of round 0, 1...3 of round 1, written by node 2.
  private func follower(committed: LogIndex = 0) -> Fixture {
    .follower(log: [Self.zero, Self.one, Self.one, Self.one], committed: committed)
  }

  @Test("Entries that follow the log are stored, and confirmed once they are durable (S26, S37)")
  func stores() {
    var follower = self.follower()
    let io = follower.io(1, Self.one.chosen, Self.one.at(5))
    #expect(
      follower.append([Self.one.run(4...5)], after: Self.one.at(3), under: Self.one) == [
        .appendReceived(first: 4, through: 5, io)
      ])
    #expect(
      follower.flush() == [.respond(Ticket(1), .append(.matched(through: Self.one.at(5))))])
  }

  @Test("A gap is refused with the end of the log as hint, and changes nothing (S26, S38)")
  func refusesGap() {
    var follower = self.follower()
    let before = follower.engine.log
    #expect(
      follower.append([Self.one.run(8...9)], after: Self.one.at(7), under: Self.one) == [
        .respond(
          Ticket(1), .append(.conflict(rejected: Self.one.at(7), hint: Self.one.at(3))))
      ])
    #expect(follower.engine.log == before)
  }

  @Test("Another entry before the message is refused; the hint passes over its whole round (S41)")
  func refusesOther() {
    var follower = Fixture.follower(
      log: [Self.zero, Self.zero] + Array(repeating: .led(3, by: 1), count: 5),
      committed: 0)
    let previous = LeaderID.led(2, by: 2).at(5)
    _ = follower.append([], after: previous, under: .led(4, by: 2))
    #expect(
      follower.flush().last
        == .respond(
          Ticket(1), .append(.conflict(rejected: previous, hint: Self.zero.at(1)))))
  }

  @Test("A late message that agrees cuts nothing off behind its end (S27)")
  func keepsAgreeingTail() {
    var follower = self.follower()
    #expect(
      follower.append([Self.one.run(1...2)], after: Self.zero.at(0), under: Self.one) == [
        .respond(Ticket(1), .append(.matched(through: Self.one.at(2))))
      ])
    #expect(follower.engine.log.last == Self.one.at(3))
  }

  @Test("From the first entry that conflicts on, the log is replaced (S28)")
  func replacesConflict() {
    var follower = self.follower()
    let saved = follower.io(1, Self.two.chosen, Self.one.at(3))
    let written = follower.io(2, Self.two.chosen, Self.two.at(2))
    let runs = [Self.one.run(1...1), Self.two.run(2...2)]
    #expect(
      follower.append(runs, after: Self.zero.at(0), under: Self.two) == [
        .saveVote(Self.two.chosen, saved),
        .truncate(after: Self.one.at(1)),
        .appendReceived(first: 2, through: 2, written),
      ])
    #expect(follower.engine.log.leaders == [Self.zero, Self.one, Self.two])
  }

  @Test("A message that contradicts what is committed stops the node and changes nothing (S29)")
  func stopsWhenDiverged() {
    var follower = self.follower(committed: 2)
    #expect(
      follower.append([Self.two.run(2...2)], after: Self.one.at(1), under: Self.two).suffix(2) == [
        .respond(Ticket(1), .refused(.malformed)), .stop(.diverged(at: Self.two.at(2))),
      ])
    #expect(follower.engine.log.last == Self.one.at(3))
    var other = self.follower(committed: 2)
    #expect(
      other.append([], after: Self.two.at(2), under: Self.two).last
        == .stop(.diverged(at: Self.two.at(2))))
  }

  @Test("A late report about entries that were replaced does not make the new ones durable (S30)")
  func lateReport() {
    var follower = self.follower()
    _ = follower.append([Self.one.run(4...5)], after: Self.one.at(3), under: Self.one)
    _ = follower.append(
      [Self.two.run(4...5)], after: Self.one.at(3), under: Self.two, committed: Self.two.at(5))
    #expect(follower.engine.committed == Self.two.at(5))
    // The first of three writes: entries of round 1. Then the vote, then entries of round 2.
    let commands = follower.flush(through: 1, logID: Self.one.at(5))
    #expect(commands == [.respond(Ticket(1), .append(.higherVote(Self.two.chosen)))])
    #expect(follower.engine.io.durable == 3)
    #expect(follower.flush(through: 2, logID: Self.one.at(5)) == [])
    #expect(follower.engine.io.durable == 3)
    #expect(
      follower.flush(through: 3, logID: Self.two.at(5)) == [
        .respond(Ticket(2), .append(.matched(through: Self.two.at(5)))),
        .apply(through: Self.two.at(5)),
      ])
  }

  @Test("A follower takes for committed only what this very message proved (S31)")
  func provenOnly() {
    var follower = self.follower()
    let heartbeat = follower.append(
      [], after: Self.one.at(2), under: Self.one, committed: Self.one.at(9))
    #expect(
      heartbeat == [
        .respond(Ticket(1), .append(.matched(through: Self.one.at(2)))),
        .noteCommitted(Self.one.at(2)), .apply(through: Self.one.at(2)),
      ])
    var other = self.follower()
    _ = other.append([], after: nil, under: Self.two, committed: Self.two.at(3))
    #expect(other.engine.committed == Self.zero.at(0))
  }

  @Test("What is committed stays so, whatever a message says (S32)")
  func commitStays() {
    var follower = self.follower(committed: 3)
    _ = follower.append([], after: Self.one.at(3), under: Self.one, committed: Self.zero.at(0))
    #expect(follower.engine.committed == Self.one.at(3))
  }

  @Test("A follower applies only what is durable on it")
  func appliesDurable() {
    var follower = self.follower()
    #expect(
      follower.append(
        [Self.one.run(4...4)], after: Self.one.at(3), under: Self.one, committed: Self.one.at(4)
      ).suffix(2) == [.noteCommitted(Self.one.at(4)), .apply(through: Self.one.at(3))])
    #expect(follower.flush().last == .apply(through: Self.one.at(4)))
  }

  @Test("A new leader's vote is stored before its first append is confirmed")
  func storesVote() {
    var follower = self.follower()
    let io = follower.io(1, Self.two.chosen, Self.one.at(3))
    #expect(
      follower.append([], after: Self.one.at(3), under: Self.two) == [
        .saveVote(Self.two.chosen, io)
      ])
    #expect(follower.flush().responses == [.append(.matched(through: Self.one.at(3)))])
  }

  @Test("The first leader binds a fresh node to its cluster")
  func adoptsCluster() {
    var fresh = Fixture.fresh(4)
    let saved = fresh.io(1, Self.one.chosen, nil)
    let adopted = fresh.io(2, Self.one.chosen, nil)
    #expect(
      fresh.append([], after: nil, under: Self.one) == [
        .saveVote(Self.one.chosen, saved), .adoptCluster(.test, adopted),
      ])
  }

  @Test("A change that a new leader overwrites is undone (S84)")
  func undoesChange() {
    var follower = self.follower()
    let change = Self.one.run(4...4, kind: .membership, membership: .joint([[1, 2, 3], [1, 2]]))
    _ = follower.append([change], after: Self.one.at(3), under: Self.one)
    #expect(follower.engine.effective == .joint([[1, 2, 3], [1, 2]]))
    _ = follower.append([Self.two.run(4...4)], after: Self.one.at(3), under: Self.two)
    #expect(follower.engine.effective == .voters(1, 2, 3))
  }

  @Test("Entries from before a purge that arrive late are passed over")
  func passesOverPurged() {
    var follower = Fixture.follower(
      log: [Self.zero, Self.one, Self.one, Self.one], committed: 3, purged: 2)
    let io = follower.io(1, Self.one.chosen, Self.one.at(4))
    #expect(
      follower.append([Self.one.run(1...4)], after: Self.zero.at(0), under: Self.one) == [
        .appendReceived(first: 4, through: 4, io)
      ])
  }
}
