import RaftSimulator
import Testing

@Suite("Histories that no register explains")
struct IllegalHistoryTests {
  @Test("A read that sees a value from before a finished write is stale")
  func staleRead() {
    var script = HistoryScript()
    let first = script.call(.write(1), .written)
    let second = script.call(.write(2), .written)
    let read = script.call(.read, client: 1, .saw(1))
    let evidence = script.evidence
    #expect(
      evidence?.contradiction == .overwritten(reader: read, writer: first, overwriter: second))
    #expect(evidence?.culprit.id == read)
    #expect(evidence?.prefix.map(\.id) == [first, second])
    #expect(evidence?.state.value == 2)
  }

  @Test("An acknowledged write that nobody ever sees again is lost")
  func lostUpdate() {
    var script = HistoryScript()
    let write = script.call(.write(1), .written(version: 3))
    let read = script.call(.read, client: 1, .saw(nil, 0))
    #expect(
      script.evidence?.contradiction == .versionWentBack(earlier: write, later: read))
  }

  @Test("An acknowledged write that a compare-and-set did not notice is lost")
  func unnoticedUpdate() {
    var script = HistoryScript()
    let first = script.call(.write(1), .written)
    let second = script.call(.write(2), .written)
    let swap = script.call(.compareAndSet(expecting: .value(1), to: 3), client: 1, .written)
    #expect(
      script.evidence?.contradiction
        == .overwritten(reader: swap, writer: first, overwriter: second))
  }

  @Test("A value that nobody wrote is a phantom")
  func phantom() {
    var script = HistoryScript()
    script.call(.write(1), .written)
    let read = script.call(.read, client: 1, .saw(7))
    #expect(script.evidence?.contradiction == .phantom(reader: read, value: 7))
  }

  @Test("A value that is written only later is a phantom")
  func future() {
    var script = HistoryScript()
    let read = script.call(.read, client: 1, .saw(7))
    script.call(.write(7), .written)
    #expect(script.evidence?.contradiction == .phantom(reader: read, value: 7))
    #expect(script.evidence?.culprit.id == read)
  }

  @Test("Two clients that read one after the other do not see a write come and go")
  func nonMonotonicReads() {
    var script = HistoryScript()
    script.call(.write(1), .written)
    let write = script.begin(.write(2))
    script.call(.read, client: 1, .saw(2))
    let second = script.call(.read, client: 2, .saw(1))
    script.end(write, .written)
    #expect(script.evidence?.culprit.id == second)
  }

  @Test("Two compare-and-sets cannot replace one version")
  func swappedTwice() {
    var script = HistoryScript()
    script.call(.write(1), .written(version: 1))
    let first = script.begin(.compareAndSet(expecting: .version(1), to: 2), client: 1)
    let second = script.begin(.compareAndSet(expecting: .version(1), to: 3), client: 2)
    script.end(first, .written(version: 2))
    script.end(second, .written(version: 3))
    #expect(script.evidence?.contradiction == .swappedTwice(first, second))
    #expect(script.evidence?.culprit.id == second)
  }

  @Test("Two changes cannot have one version")
  func versionReused() {
    var script = HistoryScript()
    let first = script.begin(.write(1))
    let second = script.begin(.write(2))
    script.end(first, .written(version: 1))
    script.end(second, .written(version: 1))
    #expect(script.evidence?.contradiction == .versionReused(first, second))
  }

  @Test("A write of unknown outcome takes effect at most once")
  func unknownTwice() {
    var script = HistoryScript()
    let lost = script.begin(.write(1))
    script.giveUp(on: lost)
    script.call(.read, .saw(1))
    let other = script.call(.write(2), .written)
    let read = script.call(.read, .saw(1))
    #expect(
      script.evidence?.contradiction == .overwritten(reader: read, writer: lost, overwriter: other))
  }

  @Test("A write that failed must not be seen")
  func failedWriteSeen() {
    var script = HistoryScript()
    let write = script.begin(.write(1))
    script.fail(write)
    let read = script.call(.read, .saw(1))
    #expect(script.evidence?.contradiction == .failedWriteSeen(reader: read, writer: write))
    #expect(script.evidence?.culprit.id == read)
  }

  @Test("A write that was seen must not be called failed afterwards")
  func seenWriteFails() {
    var script = HistoryScript()
    let write = script.begin(.write(1))
    let read = script.call(.read, client: 1, .saw(1))
    script.fail(write)
    #expect(script.evidence?.contradiction == .failedWriteSeen(reader: read, writer: write))
    #expect(script.evidence?.culprit.id == write)
  }

  @Test("A mismatch that found what was expected is none")
  func falseMismatch() {
    var script = HistoryScript()
    script.call(.write(1), .written)
    let swap = script.call(.compareAndSet(expecting: .value(1), to: 2), .mismatch(1))
    #expect(script.evidence?.contradiction == .mismatchWithoutReason(swap))
  }

  @Test("What happens on one key explains nothing on another")
  func otherKey() {
    var script = HistoryScript()
    script.call(.write(1), key: 0, .written)
    script.call(.read, key: 1, .saw(1))
    #expect(script.evidence?.key == 1)
  }

  @Test("Later events do not blur which event was the first without explanation")
  func firstBadEvent() {
    var script = HistoryScript()
    script.call(.write(1), .written)
    let read = script.call(.read, .saw(nil))
    for value in 2..<UInt64(40) {
      script.call(.write(value), .written)
      script.call(.read, .saw(value))
    }
    #expect(script.evidence?.culprit.id == read)
    #expect(script.evidence?.prefix.count == 1)
  }
}
