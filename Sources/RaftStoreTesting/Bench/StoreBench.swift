internal import Raft

/// One case's stores, used in the way a node uses them, beside a model of what they must hold.
final class StoreBench {
  /// The log store as it is open now.
  private(set) var log: any LogStore
  /// The snapshot store as it is open now.
  private(set) var snapshots: any SnapshotStore
  /// What the log store said when it was opened last.
  private(set) var loaded: StoredLog
  /// What the log store must hold.
  var model: LogModel {
    didSet { self.past?.changed(to: self.model) }
  }
  /// Who writes the next entries.
  var leader = LeaderID(term: 1, node: 1)

  private(set) var completions = CompletionRecorder()
  /// What a power cut would have left at each moment, once ``cutEverywhere()`` was called.
  var past: PowerCutRecord?
  let device: StoreDevice
  /// How long a store may take to report; `nil` is as long as it likes.
  let limit: Duration?
  private let opening: () async throws -> StorePair
  private let askingAnother: () async throws -> StoredLog
  private var isOpen = true

  /// Opens the stores and loads the log.
  init(
    waitingAtMost limit: Duration?, device: StoreDevice,
    opening: @escaping () async throws -> StorePair,
    askingAnother: @escaping () async throws -> StoredLog
  ) async throws {
    self.limit = limit
    self.device = device
    self.opening = opening
    self.askingAnother = askingAnother
    let pair = try await opening()
    self.log = pair.log
    self.snapshots = pair.snapshots
    self.loaded = try await pair.log.load()
    self.model = LogModel(self.loaded)
  }

  /// What a fresh store at another place says when it is opened.
  func loadedElsewhere() async throws -> StoredLog {
    try await self.askingAnother()
  }

  /// Waits until everything written so far is durable.
  func settle() async throws {
    try await self.completions.expectDurable(within: self.limit)
  }

  /// Waits until the store reports a failure, and not one write after this as durable.
  ///
  /// What is written afterwards is held apart from what failed.
  func settleAsFailed(durableAtMost last: UInt64) async throws {
    try await self.completions.expectFailure(durableAtMost: last, within: self.limit)
    self.completions = CompletionRecorder(after: self.completions.issued)
  }

  /// Closes the log store; does nothing if it is closed already.
  func close() async {
    guard self.isOpen else { return }
    self.isOpen = false
    await self.log.close()
  }

  /// Closes the stores, opens them again, and expects the log to be what it was.
  func reopen() async throws {
    try await self.openAgain()
    self.loaded = try await self.log.load()
    try self.model.expectSame(self.loaded)
    self.model.adopt(watermarkOf: self.loaded)
    try await self.expectOutline()
    try await self.expectContents()
  }

  /// Closes the stores, opens them again, and does with them what a node does when it starts.
  func recover() async throws -> Recovery {
    try await self.openAgain()
    return try await Recovery(logStore: self.log, snapshotStore: self.snapshots)
  }

  /// Closes the stores and opens them again; the log is not loaded yet.
  private func openAgain() async throws {
    await self.close()
    try await self.settle()
    try await self.openAnew()
  }

  /// Opens the stores after a failure, and loads the log.
  func openAfterFailure() async throws {
    await self.close()
    try await self.openAnew()
    self.loaded = try await self.log.load()
  }

  private func openAnew() async throws {
    let pair = try await self.opening()
    self.log = pair.log
    self.snapshots = pair.snapshots
    self.isOpen = true
  }
}
