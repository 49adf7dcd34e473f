import RaftConcurrency
import Synchronization

/// What is measured of a node, if anything is: the recorder, and the statistics.
///
/// The core looks once a turn if there is anything to do; the machine's worker once for each job.
final class Instruments: Sendable {
  /// One batch of this leader's on its way.
  private struct Trace {
    /// Its last entry.
    let last: LogIndex
    let opened: Instant
    let appended: Instant
    var isFlushed = false
    var committed: Instant?
    var isApplied = false
  }

  private struct State {
    var recorder: (any MetricsRecorder)?
    var statistics: RuntimeStatistics?
    /// In the order of the log.
    var traces: [Trace] = []

    /// Lets the body at the statistics, if there are any, and at each batch through this index.
    mutating func update(
      through index: LogIndex, _ body: (inout Trace, inout RuntimeStatistics) -> Void
    ) {
      guard var statistics = self.statistics else { return }
      self.statistics = nil
      for place in self.traces.indices where self.traces[place].last <= index {
        body(&self.traces[place], &statistics)
      }
      self.traces.removeAll { $0.isFlushed && $0.isApplied }
      self.statistics = statistics
    }
  }

  private let state = Guarded(State())
  /// Grows with every change of what is to be measured.
  private let version = Atomic<UInt64>(0)
  private let timing = Atomic<Bool>(false)

  /// How many batches are timed at once.
  static let tracesMax = 1024

  // MARK: From outside

  func set(_ recorder: (any MetricsRecorder)?) {
    self.state.withLock { $0.recorder = recorder }
    self.version.wrappingAdd(1, ordering: .releasing)
  }

  func start(at time: Timestamp) {
    self.state.withLock { state in
      state.statistics = RuntimeStatistics(since: time)
      state.traces = []
    }
    self.timing.store(true, ordering: .releasing)
    self.version.wrappingAdd(1, ordering: .releasing)
  }

  func stop() -> RuntimeStatistics? {
    self.timing.store(false, ordering: .releasing)
    self.version.wrappingAdd(1, ordering: .releasing)
    return self.state.withLock { state in
      defer {
        state.statistics = nil
        state.traces = []
      }
      return state.statistics
    }
  }

  var statistics: RuntimeStatistics? { self.state.withLock { $0.statistics } }

  /// Whether times are taken now.
  var isTiming: Bool { self.timing.load(ordering: .relaxed) }

  /// The node has stopped.
  func end() {
    let recorder = self.state.withLock { $0.recorder }
    recorder?.set(.serverState, to: UInt64(ServerState.shutdown.rawValue))
  }

  // MARK: From the core

  /// Whether something else is to be measured than at this version.
  func hasChanged(since version: UInt64) -> Bool {
    self.version.load(ordering: .acquiring) != version
  }

  /// What is to be measured now, and the version of that.
  var plan: (version: UInt64, plan: Plan) {
    // The version first: what changes behind it is seen as a change later.
    let version = self.version.load(ordering: .acquiring)
    return self.state.withLock { state in
      (version, Plan(recorder: state.recorder, isTiming: state.statistics != nil))
    }
  }

  struct Plan {
    var recorder: (any MetricsRecorder)?
    var isTiming = false

    /// Whether there is nothing to do.
    var isEmpty: Bool { self.recorder == nil && !self.isTiming }
  }

  /// Adds to the statistics, if there are any.
  func update(_ body: (inout RuntimeStatistics) -> Void) {
    self.state.withLock { state in
      guard var statistics = state.statistics else { return }
      state.statistics = nil
      body(&statistics)
      state.statistics = statistics
    }
  }

  /// A batch of writes is with the log store.
  func appended(_ run: EntryRun, opened: Instant, taken: Instant, at now: Instant) {
    self.state.withLock { state in
      guard var statistics = state.statistics else { return }
      state.statistics = nil
      defer { state.statistics = statistics }
      guard state.traces.count < Self.tracesMax else {
        statistics.untimed += 1
        return
      }
      statistics.record(opened, to: taken, in: .queue)
      statistics.record(taken, to: now, in: .append)
      state.traces.append(Trace(last: run.last, opened: opened, appended: now))
    }
  }

  /// The log is durable here through this index.
  func flushed(through index: LogIndex, at now: Instant) {
    self.state.withLock { state in
      state.update(through: index) { trace, statistics in
        guard !trace.isFlushed else { return }
        trace.isFlushed = true
        statistics.record(trace.appended, to: now, in: .flush)
      }
    }
  }

  /// The log is committed through this index, and about to be handed to the machine.
  func committed(through index: LogIndex, at now: Instant) {
    self.state.withLock { state in
      state.update(through: index) { trace, statistics in
        guard trace.committed == nil else { return }
        trace.committed = now
        statistics.record(trace.appended, to: now, in: .commit)
      }
    }
  }

  /// Nobody will hear of the batches under way that are not committed.
  func abandon() {
    self.state.withLock { state in state.traces.removeAll { $0.committed == nil } }
  }

  // MARK: From the machine's worker

  /// The machine applied entries through this index, and answered their writers.
  func applied(through index: LogIndex, from start: Instant, to end: Instant) {
    self.state.withLock { state in
      state.update(through: index) { trace, statistics in
        guard let committed = trace.committed, !trace.isApplied else { return }
        trace.isApplied = true
        statistics.record(committed, to: start, in: .wait)
        statistics.record(start, to: end, in: .apply)
        statistics.record(trace.opened, to: end, in: .total)
      }
    }
  }
}
