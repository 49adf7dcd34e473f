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
  var model: LogModel
  /// Who writes the next entries.
  var leader = LeaderID(term: 1, node: 1)

  let completions = CompletionRecorder()
  private let limit: Duration
  private let opening: () async throws -> StorePair
  private let askingAnother: () async throws -> StoredLog
  private var isOpen = true

  /// Opens the stores and loads the log.
  init(
    waitingAtMost limit: Duration, opening: @escaping () async throws -> StorePair,
    askingAnother: @escaping () async throws -> StoredLog
  ) async throws {
    self.limit = limit
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
    let pair = try await self.opening()
    self.log = pair.log
    self.snapshots = pair.snapshots
    self.isOpen = true
  }
}
