internal import Raft
import RaftConcurrency
internal import RaftMemoryStore

/// Numbers a store's writes and keeps a record of what the store says of them.
final class CompletionRecorder: Sendable {
  private struct State: Sendable {
    var issued: UInt64 = 0
    /// All writes up to this one are durable.
    var watermark: UInt64 = 0
    var failure: (io: IOID, error: StorageError)?
    /// What each write's call returned.
    var returned: [UInt64: Durability] = [:]
    /// How often each write's completion was called.
    var reports: [UInt64: Int] = [:]
    var waiters: [UInt64: Waiter] = [:]
    var nextWaiter: UInt64 = 0

    /// Whether there is nothing to wait for with this write.
    func isOver(_ sequence: UInt64) -> Bool {
      sequence <= self.watermark || self.failure != nil
    }

    /// Takes the waiters out whose wait is over.
    mutating func released() -> [CheckedContinuation<Void, Never>] {
      let over = self.waiters.filter { self.isOver($0.value.sequence) }
      for number in over.keys { self.waiters[number] = nil }
      return over.values.compactMap(\.continuation)
    }
  }

  private struct Waiter: Sendable {
    let sequence: UInt64
    var continuation: CheckedContinuation<Void, Never>?
  }

  private let state: Guarded<State>

  /// A recorder for the writes behind this one.
  init(after sequence: UInt64 = 0) {
    self.state = Guarded(State(issued: sequence))
  }

  /// How many writes were made.
  var issued: UInt64 { self.state.withLock { $0.issued } }

  /// Hears of each write that was reported as durable, before anybody else.
  private let listener = Guarded<(@Sendable (UInt64) -> Void)?>(nil)

  /// From now on this is called with each write that is reported as durable.
  func listen(_ body: @escaping @Sendable (UInt64) -> Void) {
    self.listener.withLock { $0 = body }
  }

  /// The completion of the next write.
  func makeCompletion(vote: Vote, logID: LogID?) -> IOCompletion {
    let sequence = self.state.withLock { state in
      state.issued += 1
      return state.issued
    }
    let io = IOID(sequence: sequence, vote: vote, logID: logID)
    return IOCompletion(io: io) { [self] io, error in self.reported(io, error) }
  }

  /// The write's call returned this.
  func returned(_ durability: Durability, from io: IOID) {
    if durability == .flushed { self.listener.withLock { $0 }?(io.sequence) }
    self.update { state in
      state.returned[io.sequence] = durability
      if durability == .flushed { state.watermark = max(state.watermark, io.sequence) }
    }
  }

  private func reported(_ io: IOID, _ error: StorageError?) {
    if error == nil { self.listener.withLock { $0 }?(io.sequence) }
    self.update { state in
      state.reports[io.sequence, default: 0] += 1
      if let error {
        if state.failure == nil { state.failure = (io, error) }
      } else {
        state.watermark = max(state.watermark, io.sequence)
      }
    }
  }

  private func update(_ body: (inout State) -> Void) {
    let released = self.state.withLock { state in
      body(&state)
      return state.released()
    }
    for continuation in released { continuation.resume() }
  }

  /// Waits until everything written so far is durable.
  func expectDurable(within limit: Duration?) async throws(Deviation) {
    let sequence = self.state.withLock { $0.issued }
    await self.wait(for: sequence, within: limit)
    let (watermark, failure) = self.state.withLock { ($0.watermark, $0.failure) }
    let expected = "write \(sequence) becomes durable within \(described(limit))"
    if let failure {
      throw Deviation(
        expected: expected, found: "the store failed at \(failure.io): \(failure.error)")
    }
    guard watermark < sequence else { return }
    throw Deviation(expected: expected, found: "the store told only of writes up to \(watermark)")
  }

  /// Waits until the store reports a failure, and none of the writes as durable.
  func expectFailure(durableAtMost last: UInt64, within limit: Duration?) async throws(Deviation) {
    let sequence = self.state.withLock { $0.issued }
    await self.wait(for: sequence, within: limit)
    try self.expectNothingDurable(after: last)
    guard self.state.withLock({ $0.failure }) == nil else { return }
    throw Deviation(
      expected: "the failure of write \(sequence), or of one before it, within \(described(limit))",
      found: "no report")
  }

  /// Throws a deviation if a write behind this one was reported as durable.
  func expectNothingDurable(after last: UInt64) throws(Deviation) {
    let watermark = self.state.withLock { $0.watermark }
    guard watermark > last else { return }
    throw Deviation(
      expected: "no write after \(last) to be reported as durable: the device fails",
      found: "write \(watermark) was")
  }

  /// The last write that was reported as durable; 0 is none.
  var durable: UInt64 { self.state.withLock { $0.watermark } }

  /// Throws a deviation if a completion was called too often.
  func expectOnce() throws(Deviation) {
    let (returned, reports) = self.state.withLock { ($0.returned, $0.reports) }
    for (sequence, count) in reports.sorted(by: { $0.key < $1.key }) {
      if returned[sequence] == .flushed {
        throw Deviation(
          expected: "no call of the completion of write \(sequence), durable when it returned",
          found: "\(count) call\(count == 1 ? "" : "s")")
      }
      guard count == 1 else {
        throw Deviation(
          expected: "at most one call of the completion of write \(sequence)",
          found: "\(count) calls")
      }
    }
  }

  private func wait(for sequence: UInt64, within limit: Duration?) async {
    guard !self.state.withLock({ $0.isOver(sequence) }) else { return }
    guard let limit else {
      await self.report(of: sequence)
      return
    }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.report(of: sequence) }
      group.addTask { try? await ContinuousClock().sleep(for: limit) }
      await group.next()
      group.cancelAll()
    }
  }

  /// Returns when the write is durable, or failed, or the task is cancelled.
  private func report(of sequence: UInt64) async {
    let number = self.state.withLock { state in
      state.nextWaiter += 1
      state.waiters[state.nextWaiter] = Waiter(sequence: sequence)
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = self.state.withLock { state in
          guard state.waiters[number] != nil else { return true }
          guard !state.isOver(sequence) else {
            state.waiters[number] = nil
            return true
          }
          state.waiters[number]?.continuation = continuation
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      let waiter = self.state.withLock { $0.waiters.removeValue(forKey: number) }
      waiter?.continuation?.resume()
    }
  }
}
