import RaftSimulator
import Testing

@Suite("Histories that one register explains")
struct LegalHistoryTests {
  @Test("Nothing happened")
  func empty() {
    #expect(HistoryScript().verdict == .linearizable)
  }

  @Test("A register that was never written is absent, and has version 0")
  func absent() {
    var script = HistoryScript()
    script.call(.read, .saw(nil, 0))
    script.call(.compareAndSet(expecting: .version(0), to: 1), .written(version: 4))
    script.call(.read, .saw(1, 4))
    #expect(script.verdict == .linearizable)
  }

  @Test("Reads beside a write see the old or the new value, the old one first")
  func concurrentReads() {
    var script = HistoryScript()
    script.call(.write(1), .written)
    let write = script.begin(.write(2))
    script.call(.read, client: 1, .saw(1))
    script.call(.read, client: 2, .saw(2))
    script.end(write, .written)
    #expect(script.verdict == .linearizable)
  }

  @Test("Two writes beside each other may take effect in either order")
  func concurrentWrites() {
    var script = HistoryScript()
    let first = script.begin(.write(1))
    let second = script.begin(.write(2))
    script.end(first, .written)
    script.end(second, .written)
    script.call(.read, .saw(1))
    #expect(script.verdict == .linearizable)
  }

  @Test("A write of unknown outcome may never take effect")
  func unknownNever() {
    var script = HistoryScript()
    script.call(.write(1), .written)
    let lost = script.begin(.write(2))
    script.giveUp(on: lost)
    script.call(.read, .saw(1))
    #expect(script.verdict == .linearizable)
  }

  @Test("A write of unknown outcome may take effect long after its client gave up")
  func unknownLate() {
    var script = HistoryScript()
    let lost = script.begin(.write(2))
    script.giveUp(on: lost)
    script.call(.write(1), .written)
    script.call(.read, .saw(1))
    script.call(.read, .saw(2))
    #expect(script.verdict == .linearizable)
  }

  @Test("A compare-and-set of unknown outcome may have paved the way for another")
  func unknownSwap() {
    var script = HistoryScript()
    script.call(.write(1), .written(version: 1))
    let lost = script.begin(.compareAndSet(expecting: .version(1), to: 2))
    script.giveUp(on: lost)
    script.call(.compareAndSet(expecting: .version(1), to: 3), .mismatch(2, 5))
    script.call(.compareAndSet(expecting: .version(5), to: 4), .written(version: 6))
    #expect(script.verdict == .linearizable)
  }

  @Test("An operation that failed leaves no trace")
  func failed() {
    var script = HistoryScript()
    let write = script.begin(.write(1))
    script.fail(write)
    script.call(.read, .saw(nil))
    #expect(script.verdict == .linearizable)
  }

  @Test("A value may come back if it is written twice")
  func valueComesBack() {
    var script = HistoryScript()
    script.call(.write(1), .written)
    script.call(.write(2), .written)
    script.call(.write(1), .written)
    script.call(.read, .saw(1))
    script.call(.compareAndSet(expecting: .value(1), to: 2), .written)
    script.call(.read, .saw(2))
    #expect(script.verdict == .linearizable)
  }

  @Test("An operation that is still pending is of unknown outcome")
  func pending() {
    var script = HistoryScript()
    _ = script.begin(.write(1))
    script.call(.read, .saw(nil))
    script.call(.read, .saw(1))
    #expect(script.verdict == .linearizable)
  }
}
