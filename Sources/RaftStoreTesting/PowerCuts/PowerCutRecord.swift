internal import Raft
import RaftConcurrency

/// What a life of stores did, step by step, and what a power cut would have left at each moment.
final class PowerCutRecord: Sendable {
  /// A moment at which the power might have been cut.
  struct Moment: Sendable {
    /// When, for people.
    let name: String
    /// Which of the models is reported as durable.
    let acknowledged: Int
    /// The last snapshot whose commit had returned.
    let snapshot: LogID?
    let remains: StoreRemains
  }

  /// A snapshot that somebody began to write.
  struct Draft: Sendable {
    let meta: SnapshotMeta
    let content: [UInt8]
  }

  private struct State: Sendable {
    var models: [LogModel]
    /// The model after each write, by its sequence number.
    var places: [UInt64: Int] = [:]
    var acknowledged = 0
    var drafts: [Draft] = []
    var snapshot: LogID?
    var moments: [Moment] = []
    var failure: Deviation?
    var seed: UInt64 = 0
  }

  private let state: Guarded<State>
  private let cutting: @Sendable (UInt64) throws -> StoreRemains

  init(_ start: LogModel, cutting: @escaping @Sendable (UInt64) throws -> StoreRemains) {
    self.state = Guarded(State(models: [start]))
    self.cutting = cutting
  }

  /// The log must hold this now.
  func changed(to model: LogModel) {
    self.state.withLock { $0.models.append(model) }
  }

  /// The write of this number is about to be made.
  func issued(_ sequence: UInt64) {
    self.state.withLock { $0.places[sequence] = $0.models.count - 1 }
  }

  /// The write of this number was reported as durable; the power is cut before anybody reacts.
  func reported(_ sequence: UInt64) {
    self.state.withLock { state in
      guard let place = state.places[sequence] else { return }
      state.acknowledged = max(state.acknowledged, place)
    }
    self.cut("when write \(sequence) was reported")
  }

  /// A snapshot is about to be written.
  func began(_ meta: SnapshotMeta, content: [UInt8]) {
    self.state.withLock { $0.drafts.append(Draft(meta: meta, content: content)) }
  }

  /// The commit of a snapshot has returned.
  func committed(_ logID: LogID) {
    self.state.withLock { $0.snapshot = max($0.snapshot ?? logID, logID) }
  }

  /// Notes what a cut would leave now.
  func cut(_ name: String) {
    let (acknowledged, snapshot, seed) = self.state.withLock { state in
      state.seed += 1
      return (state.acknowledged, state.snapshot, state.seed)
    }
    do {
      let remains = try self.cutting(seed)
      let moment = Moment(
        name: name, acknowledged: acknowledged, snapshot: snapshot, remains: remains)
      self.state.withLock { $0.moments.append(moment) }
    } catch {
      let deviation = Deviation(expected: "the remains of a power cut \(name)", error: error)
      self.state.withLock { $0.failure = $0.failure ?? deviation }
    }
  }

  /// All moments, in the order in which their remains were taken.
  func moments() throws(Deviation) -> [Moment] {
    if let failure = self.state.withLock({ $0.failure }) { throw failure }
    return self.state.withLock { $0.moments }
  }

  /// What the log may hold after a cut at this moment.
  func possibleModels(at moment: Moment) -> ArraySlice<LogModel> {
    self.state.withLock { $0.models[moment.acknowledged...] }
  }

  /// The snapshot that was begun with this position, if one was.
  func draft(at logID: LogID) -> Draft? {
    self.state.withLock { state in state.drafts.last { $0.meta.lastLogID == logID } }
  }
}
