import RaftConcurrency
import RaftMemoryStore
import Testing

@testable import Raft

@Suite("Measuring: recorders and statistics", .timeLimit(.minutes(5)))
struct MeasuringTests {
  /// Keeps what it is told.
  final class Notebook: MetricsRecorder {
    struct Notes: Sendable {
      var counters: [Measure.Counter: Int] = [:]
      var gauges: [Measure.Gauge: [UInt64]] = [:]
      var sizes: [Measure.Histogram: [Int]] = [:]
    }

    private let kept = Guarded(Notes())

    var notes: Notes { self.kept.withLock { $0 } }

    func add(_ count: Int, to counter: Measure.Counter) {
      self.kept.withLock { $0.counters[counter, default: 0] += count }
    }

    func set(_ gauge: Measure.Gauge, to value: UInt64) {
      self.kept.withLock { $0.gauges[gauge, default: []].append(value) }
    }

    func record(_ size: Int, in histogram: Measure.Histogram) {
      self.kept.withLock { $0.sizes[histogram, default: []].append(size) }
    }
  }

  @Test("A recorder hears of elections, batches and every new value of a gauge")
  func recorder() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      let notebook = Notebook()
      solo.node.setMetricsRecorder(notebook)
      try await solo.lead()
      _ = try await solo.node.write(contentsOf: [[1], [2], [3]])
      solo.node.triggers.buildSnapshot()
      try await solo.node.wait(for: .snapshot(atLeast: 4), within: TestCluster.limit)
      try await solo.turn()
      let notes = notebook.notes
      #expect(notes.counters == [.elections: 1, .snapshotsBuilt: 1])
      #expect(notes.gauges[.term]?.last == 1)
      #expect(notes.gauges[.serverState]?.last == UInt64(ServerState.leader.rawValue))
      for gauge in [.lastLogIndex, .flushedIndex, .committedIndex, .appliedIndex]
        as [Measure.Gauge]
      {
        #expect(notes.gauges[gauge]?.last == 4, "\(gauge)")
      }
      #expect(notes.gauges[.snapshotIndex] == [4])
      #expect(notes.sizes[.writeBatch] == [3])
      #expect(notes.sizes[.appendBatch] == [1, 1, 3])
      #expect(notes.sizes[.applyBatch]?.reduce(0, +) == 5)
      await solo.node.shutdown()
      #expect(notebook.notes.gauges[.serverState]?.last == UInt64(ServerState.shutdown.rawValue))
    }
  }

  @Test("A leader whose disk is nearly full counts what it refuses")
  func refusals() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      let notebook = Notebook()
      solo.node.setMetricsRecorder(notebook)
      try await solo.lead()
      solo.log.setShortage(StorageError(.full, "nearly"))
      await #expect(throws: WriteError.storageFull) { try await solo.node.write([1]) }
      #expect(notebook.notes.counters[.refusals] == 1)
    }
  }

  @Test("A recorder that comes late is told all gauges, one that left hears nothing more")
  func lateRecorder() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      try await solo.lead()
      let notebook = Notebook()
      solo.node.setMetricsRecorder(notebook)
      try await solo.turn()
      #expect(notebook.notes.gauges[.term] == [1])
      #expect(notebook.notes.gauges[.appliedIndex] == [1])
      solo.node.setMetricsRecorder(nil)
      try await solo.turn()
      let before = notebook.notes.sizes
      _ = try await solo.node.write([1])
      try await solo.turn()
      #expect(notebook.notes.sizes == before)
    }
  }

  @Test("A leader counts what it sends to its peers")
  func sent() async throws {
    try await withSoloNode(SoloNode(transport: ScriptedTransport.obedient)) { solo, _ in
      let notebook = Notebook()
      solo.node.setMetricsRecorder(notebook)
      try await solo.lead(with: [2, 3])
      let before = notebook.notes
      _ = try await solo.node.write(contentsOf: [[1], [2]])
      let notes = notebook.notes
      #expect(before.counters[.elections] == 1)
      #expect((before.counters[.voteRequests] ?? 0) >= 2)
      #expect((notes.counters[.appends] ?? 0) >= (before.counters[.appends] ?? 0) + 2)
      #expect(notes.sizes[.replicationBatch]?.filter { $0 == 2 }.count == 2)
    }
  }

  @Test("Statistics time each batch once in every stage, and stop when told")
  func statistics() async throws {
    try await withSoloNode(SoloNode()) { solo, _ in
      try await solo.lead()
      #expect(solo.node.statistics == nil)
      _ = try await solo.node.write([0])
      // The report about it comes after its answer.
      try await solo.node.wait(for: .applied(exactly: 2), within: TestCluster.limit)
      solo.node.startMeasuring()
      try await solo.turn()
      for number in 1...10 as ClosedRange<UInt8> { _ = try await solo.node.write([number]) }
      _ = try await solo.node.write(contentsOf: [[11], [12], [13]])
      try await solo.turn()
      let found = try #require(solo.node.stopMeasuring())
      for stage in RuntimeStatistics.Stage.allCases {
        #expect(found[stage].count == 11, "\(stage)")
      }
      #expect(found[.writeBatch].count == 11)
      #expect(found[.writeBatch].sum == 13)
      #expect(found[.applyBatch].sum == 13)
      #expect(found.inputs["proposed"] == 11)
      #expect(found.untimed == 0)
      #expect(found[.total].quantile(1) >= found[.apply].quantile(1))
      _ = try await solo.node.write([14])
      #expect(solo.node.statistics == nil)
      #expect(solo.node.stopMeasuring() == nil)
    }
  }

  @Test("A batch that waits for a disk or a machine shows it in that stage, in virtual time")
  func stages() {
    let instruments = Instruments()
    instruments.start(at: .epoch)
    func moment(_ nanoseconds: Int64) -> Instant { Instant(nanoseconds: nanoseconds) }
    let run = EntryRun(
      leader: LeaderID(term: 1, node: 1), first: 5, count: 2, byteCount: 2, kind: .command,
      timestamp: .epoch)
    instruments.appended(run, opened: moment(0), taken: moment(1), at: moment(3))
    instruments.committed(through: 5, at: moment(4))
    instruments.committed(through: 6, at: moment(7))
    instruments.applied(through: 6, from: moment(12), to: moment(20))
    instruments.flushed(through: 6, at: moment(15))
    // All of it is known; what comes again is not counted again.
    instruments.flushed(through: 9, at: moment(99))
    instruments.committed(through: 9, at: moment(99))
    instruments.applied(through: 9, from: moment(98), to: moment(99))
    let found = instruments.statistics
    let sums = RuntimeStatistics.Stage.allCases.map { found?[$0].sum }
    #expect(sums == [1, 2, 12, 4, 5, 8, 20])
    #expect(RuntimeStatistics.Stage.allCases.allSatisfy { found?[$0].count == 1 })
  }

  @Test("Batches whose leadership ends are timed no further, and not too many are at once")
  func bounds() {
    let instruments = Instruments()
    instruments.start(at: .epoch)
    let moment = Instant(nanoseconds: 1)
    for index in 0..<UInt64(Instruments.tracesMax + 3) {
      let run = EntryRun(
        leader: LeaderID(term: 1, node: 1), first: LogIndex(index), count: 1, byteCount: 0,
        kind: .command, timestamp: .epoch)
      instruments.appended(run, opened: moment, taken: moment, at: moment)
    }
    #expect(instruments.statistics?.untimed == 3)
    instruments.committed(through: 0, at: moment)
    instruments.abandon()
    instruments.committed(through: 2000, at: moment)
    instruments.applied(through: 2000, from: moment, to: moment)
    #expect(instruments.statistics?[.commit].count == 1)
    #expect(instruments.statistics?[.total].count == 1)
  }

  @Test("Quantiles are exact for small numbers, and at most an eighth too large for others")
  func quantiles() {
    var small = RuntimeStatistics.Distribution()
    for number in 1...10 as ClosedRange<UInt64> { small.add(number) }
    #expect(small.quantile(0.5) == 5)
    #expect(small.quantile(1) == 10)
    #expect(small.quantile(0) == 1)
    #expect(small.mean == 5)
    for exponent in 0..<64 {
      for number in [UInt64(1) << exponent, UInt64(1) << exponent &+ (1 << exponent - 1)] {
        var one = RuntimeStatistics.Distribution()
        one.add(number)
        one.add(.max)
        let found = one.quantile(0.5)
        #expect(found >= number)
        #expect(found - number <= number / 8, "\(number)")
      }
    }
    #expect(RuntimeStatistics.Distribution().quantile(0.5) == 0)
    #expect(RuntimeStatistics.Distribution().mean == 0)
  }

  /// A clock that counts how often it is read.
  final class CountingClock: NodeClock {
    private let readings = Guarded(0)

    var count: Int { self.readings.withLock { $0 } }

    func now() -> Instant {
      self.readings.withLock { $0 += 1 }
      return Instant(nanoseconds: 7)
    }

    func timestamp() -> Timestamp { .epoch }

    func sleep(until deadline: Instant) async {}
  }

  @Test("The clock is read once for each batch that is timed, and never for others")
  func clock() async {
    let clock = CountingClock()
    let mailbox = Mailbox(pendingBytesMax: 1 << 20, writeBytesMax: 1 << 20)
    for isTimed in [false, true, false] {
      for _ in 0..<10 {
        _ = mailbox.propose(
          count: 1, form: .single, token: ReplyToken(raw: 0), opened: isTimed ? clock.now() : nil
        ) { writer, _ in writer.write([1]) }
      }
      var batch = Mailbox.Batch()
      #expect(mailbox.take(into: &batch, pendingBytes: 0))
      #expect(batch.writes.ends.count == 10)
      #expect(batch.writes.opened == (isTimed ? Instant(nanoseconds: 7) : nil))
    }
    #expect(clock.count == 1)
  }
}
