import Raft
import RaftConcurrency

/// What a machine keeps by itself, over its lives.
final class LedgerDisk: Sendable {
  struct Content: Sendable {
    /// The last command whose effect is here.
    var last: LogID?
    var lines: [Ledger.Line] = []
    /// How often the state was replaced by a snapshot.
    var restored = 0
    /// Whether the disk cannot be read.
    var isUnreadable = false
  }

  private let content: Guarded<Content>

  init(last: LogID? = nil, lines: [Ledger.Line] = []) {
    self.content = Guarded(Content(last: last, lines: lines))
  }

  var now: Content { self.content.withLock { $0 } }

  func update(_ body: (inout Content) -> Void) { self.content.withLock(body) }
}

/// A ledger that keeps each line, and the position that it stands for, on a disk of its own.
struct KeptLedger: StateMachine {
  struct Unreadable: Error {}

  let disk: LedgerDisk

  mutating func recover() throws -> LogID? {
    let content = self.disk.now
    guard !content.isUnreadable else { throw Unreadable() }
    return content.last
  }

  mutating func apply(_ command: [UInt8], in context: ApplyContext) -> LogIndex {
    self.disk.update { content in
      content.lines.append(Ledger.Line(index: context.logID.index, command: command))
      content.last = context.logID
    }
    return context.logID.index
  }

  mutating func freeze() async throws -> any FrozenState {
    var ledger = Ledger()
    for line in self.disk.now.lines {
      let logID = LogID(leader: LeaderID(term: 1, node: 1), index: line.index)
      _ = try await ledger.apply(
        line.command, in: ApplyContext(logID: logID, timestamp: .epoch))
    }
    return try await ledger.freeze()
  }

  mutating func restore(
    from snapshot: SnapshotMeta, reading content: any SnapshotReader
  ) async throws {
    var ledger = Ledger()
    try await ledger.restore(from: snapshot, reading: content)
    let lines = ledger.lines
    self.disk.update { content in
      content.lines = lines
      content.last = snapshot.lastLogID
      content.restored += 1
    }
  }
}
