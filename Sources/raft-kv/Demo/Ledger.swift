import Raft
import RaftCommandLine
import RaftConcurrency

/// Every write that was acknowledged, and when the cluster was without a leader.
final class Ledger: Sendable {
  private struct State {
    var lines: [Line] = []
    var repeated = 0
    var hasEnded = false
    var thresholds: [(count: Int, promise: Promise<Void>)] = []
    var killedAt: ContinuousClock.Instant?
    var oldLeader: LeaderID?
    var resumed: Promise<Duration>?
  }

  private let state = Guarded(State())

  /// Notes an acknowledged write; returns how many there are.
  @discardableResult
  func note(_ line: Line, _ receipt: KVClient.Receipt) -> Int {
    let now = ContinuousClock.now
    return self.state.withLock { state in
      state.lines.append(line)
      if receipt.isRepeated { state.repeated += 1 }
      let count = state.lines.count
      state.thresholds.removeAll { threshold in
        guard threshold.count <= count else { return false }
        threshold.promise.keep(())
        return true
      }
      if let killedAt = state.killedAt, receipt.logID.leader != state.oldLeader {
        state.resumed?.keep(killedAt.duration(to: now))
        state.killedAt = nil
      }
      return count
    }
  }

  /// No more writes come: whoever waits for some goes on.
  func end() {
    self.state.withLock { state in
      state.hasEnded = true
      for threshold in state.thresholds { threshold.promise.keep(()) }
      state.thresholds = []
    }
  }

  /// Is kept as soon as so many writes are acknowledged, or no more come.
  func reaching(_ count: Int) -> Promise<Void> {
    let promise = Promise<Void>()
    self.state.withLock { state in
      if state.hasEnded || state.lines.count >= count {
        promise.keep(())
      } else {
        state.thresholds.append((count, promise))
      }
    }
    return promise
  }

  /// Is kept with the time from now until the first acknowledgement by another leader.
  func resuming(after leader: LeaderID) -> Promise<Duration> {
    let promise = Promise<Duration>()
    self.state.withLock { state in
      state.killedAt = .now
      state.oldLeader = leader
      state.resumed = promise
    }
    return promise
  }

  /// All acknowledged writes.
  var lines: [Line] { self.state.withLock { $0.lines } }

  /// How many writes are acknowledged.
  var count: Int { self.state.withLock { $0.lines.count } }

  /// How many of them were sent more than once.
  var repeatedCount: Int { self.state.withLock { $0.repeated } }
}
