import Raft
import RaftFileStore
import RaftFiles
import RaftStoreTesting
import Synchronization
import Testing

/// One life of a store, step by step, with a crash just before each of its file operations.
///
/// The life is lived once: before each operation the disk is copied, together with what is reported
/// as durable at that moment. So each operation is a crash point exactly once.
struct CrashLife: Sendable, CustomTestStringConvertible {
  /// A moment at which the machine might have crashed.
  struct Moment: Sendable {
    /// The number of the file operation that comes next.
    let operation: Int
    let disk: SimulatedFileSystem
    /// Which of the models is reported as durable.
    let acknowledged: Int
    /// The last of the models that was begun.
    let issued: Int
    /// The last snapshot whose commit has returned.
    let snapshot: LogID?
  }

  /// What the life has come to, as the threads of the store see it.
  private final class Progress: Sendable {
    struct State: Sendable {
      var acknowledged = 0
      var issued = 0
      var snapshot: LogID?
      var moments: [Moment] = []
    }

    let state = Mutex(State())

    func note(_ operation: Int, _ disk: SimulatedFileSystem) {
      self.state.withLock { state in
        state.moments.append(
          Moment(
            operation: operation, disk: disk, acknowledged: state.acknowledged,
            issued: state.issued, snapshot: state.snapshot))
      }
    }
  }

  let name: String
  let steps: [Step]
  let segmentSize: Int
  let allocation: SegmentAllocation

  var testDescription: String { "\(self.name), \(self.allocation)" }

  /// The models before the first step and after each one.
  var models: [StoreModel] {
    self.steps.reduce(into: [StoreModel()]) { models, step in
      models.append(models[models.count - 1].after(step))
    }
  }

  /// The last model that is reported as durable before the close.
  var lastReported: Int {
    self.steps.indices.last {
      switch self.steps[$0] {
      case .adopt, .vote, .append: true
      case .note, .truncate, .purge, .snapshot: false
      }
    }.map { $0 + 1 } ?? 0
  }

  func open(_ disk: SimulatedFileSystem) async throws(StorageError) -> OpenStore {
    try await OpenStore.open(
      disk, segmentSize: self.segmentSize, allocation: self.allocation, reserveSize: 3000,
      tailSize: 1)
  }

  /// Lives from the first opening to the close; all moments on the way, and the last one.
  func live() async throws -> [Moment] {
    let disk = SimulatedFileSystem(journal: .nothing)
    let progress = Progress()
    disk.observeOperations { progress.note($0, $1) }
    try await self.live(on: disk, progress)
    progress.note(disk.operationCount + 1, disk.copy())
    return progress.state.withLock { $0.moments }
  }

  /// How many operations the life has, from the first directory on.
  func countOperations() async throws -> Int {
    let disk = SimulatedFileSystem(journal: .nothing)
    try await self.live(on: disk, Progress())
    return disk.operationCount
  }

  /// Lives on a disk that fails at this operation; where the life ended.
  func live(failingAt operation: Int, with fault: FileFault) async throws -> Moment {
    let disk = SimulatedFileSystem(journal: .nothing)
    let progress = Progress()
    disk.fail(operation: operation, with: fault.code)
    try? await self.live(on: disk, progress)
    progress.note(operation, disk.copy())
    return progress.state.withLock { $0.moments[0] }
  }

  private func live(on disk: SimulatedFileSystem, _ progress: Progress) async throws {
    let open = try await self.open(disk)
    do {
      for (place, (step, model)) in zip(self.steps, self.models).enumerated() {
        progress.state.withLock { $0.issued = place + 1 }
        try await open.take(step, next: model.next, after: model) { error in
          if error == nil { progress.state.withLock { $0.acknowledged = place + 1 } }
        }
        if case .snapshot(let logID) = step { progress.state.withLock { $0.snapshot = logID } }
      }
    } catch {
      await open.store.close()
      throw error
    }
    await open.store.close()
  }
}
