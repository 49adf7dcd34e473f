import Raft
import RaftConcurrency
import RaftMemoryStore

/// A way in which a state machine may break its contract.
enum MachineFault: String, CaseIterable, Sendable {
  case ignoresCommands
  case dependsOnChance
  case dependsOnChanceSeldom
  case freezingClears
  case frozenStateIsShared
  case forgetsHalfInSnapshots
  case restoreKeepsTheOld
  case restoreOfNothingFails
  case restoreForgetsCount
  case readsOnePieceOnly
  case missesReadErrors
  case missesWriteErrors

  /// A case that must find the fault.
  var finder: String {
    switch self {
    case .ignoresCommands: "Commands change the state, so that the suite sees something"
    case .dependsOnChance: "A single command has the same effect on every machine"
    case .dependsOnChanceSeldom: "Many commands have the same effect on every machine"
    case .freezingClears: "Freezing leaves the state as it is"
    case .frozenStateIsShared: "A frozen state does not see later commands"
    case .forgetsHalfInSnapshots: "A snapshot restores the state on another machine"
    case .restoreKeepsTheOld: "Restoring leaves nothing of the state before"
    case .restoreOfNothingFails: "A snapshot of the first state restores that state"
    case .restoreForgetsCount: "A restored machine goes on like the one that was frozen"
    case .readsOnePieceOnly: "Content is understood in pieces of any size"
    case .missesReadErrors: "Restoring from content that breaks off fails"
    case .missesWriteErrors: "Writing to a sink that refuses fails"
    }
  }
}

/// Keeps the commands it was given, and counts them.
struct SumMachine: StateMachine {
  final class Storage: Sendable {
    let commands: Guarded<[UInt8]>

    init(_ commands: [UInt8]) { self.commands = Guarded(commands) }
  }

  let fault: MachineFault?
  private(set) var storage = Storage([])
  private var count = 0

  init(fault: MachineFault?) {
    self.fault = fault
  }

  var commands: [UInt8] { self.storage.commands.withLock { $0 } }

  mutating func apply(_ command: [UInt8], in context: ApplyContext) async throws -> Int {
    guard self.fault != .ignoresCommands else { return 0 }
    var bytes = command
    switch self.fault {
    case .dependsOnChance: bytes += (0..<8).map { _ in .random(in: 0...255) }
    case .dependsOnChanceSeldom where context.logID.index > 30:
      bytes += (0..<8).map { _ in .random(in: 0...255) }
    case .restoreForgetsCount: bytes.append(UInt8(self.count))
    default: break
    }
    self.count += 1
    self.storage.commands.withLock { $0 += bytes }
    return self.count
  }

  mutating func freeze() async throws -> any FrozenState {
    let commands = self.commands
    if self.fault == .freezingClears { self.storage = Storage([]) }
    let kept = self.fault == .forgetsHalfInSnapshots ? commands.count / 2 : commands.count
    let isShared = self.fault == .frozenStateIsShared
    return Frozen(
      storage: isShared ? self.storage : Storage(Array(commands.prefix(kept))),
      missesErrors: self.fault == .missesWriteErrors)
  }

  mutating func restore(
    from snapshot: SnapshotMeta, reading content: any SnapshotReader
  ) async throws {
    var commands: [UInt8] = self.fault == .restoreKeepsTheOld ? self.commands : []
    do {
      while let piece = try await content.next() {
        commands += piece
        if self.fault == .readsOnePieceOnly { break }
      }
    } catch {
      guard self.fault == .missesReadErrors else { throw error }
    }
    if self.fault == .restoreOfNothingFails, commands.isEmpty {
      throw StorageError(.application, "there is nothing in this snapshot")
    }
    self.storage = Storage(commands)
  }

  private struct Frozen: FrozenState {
    let storage: Storage
    let missesErrors: Bool

    func write(to sink: SnapshotSink) async throws {
      do {
        try await sink.write(self.storage.commands.withLock { $0 })
      } catch {
        guard self.missesErrors else { throw error }
      }
    }
  }
}
