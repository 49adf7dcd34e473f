import Raft
import RaftConcurrency
import RaftMemoryStore

/// What a naive snapshot store holds.
struct NaiveSnapshotDisk: Sendable {
  let fault: SnapshotFault?
  var newest: NaiveSnapshot?
  /// What the writers under way have written, by number.
  var drafts: [Int: (meta: SnapshotMeta, pieces: [[UInt8]])] = [:]
  var nextDraft = 0
  var isBroken = false
  var isDamaged = false
  /// The newest one before the last commit.
  private var beforeCommit: NaiveSnapshot?

  init(fault: SnapshotFault?) {
    self.fault = fault
    guard fault == .bornWithSnapshot else { return }
    let meta = SnapshotMeta(lastLogID: LogID(term: 0, node: 0, index: 0), membership: .none)
    self.newest = NaiveSnapshot(meta: meta, pieces: [])
  }

  /// The snapshot of a draft, with what the fault does to it.
  func snapshot(_ meta: SnapshotMeta, _ written: [[UInt8]]) -> NaiveSnapshot {
    var meta = meta
    var pieces = written
    switch self.fault {
    case .piecesInReverse: pieces.reverse()
    case .contentOfAtMostOneMegabyte: pieces = [Array(written.reduce([], +).prefix(1 << 20))]
    case .forgetsForm: meta.form = .data
    case .forgetsTimestamp: meta.timestamp = .epoch
    case .forgetsMembership: meta.membership = .none
    case .inventsMembership where meta.membership.logID == nil:
      meta.membership = LoggedMembership(logID: meta.lastLogID, membership: Self.invented)
    default: break
    }
    var hasher = ContentSum()
    if self.fault != .hashIsConstant {
      for piece in pieces { hasher.add(piece) }
    }
    if self.fault == .hashesPieces { for _ in pieces { hasher.add([1]) } }
    meta.contentHash = hasher.value
    meta.byteCount = UInt64(pieces.reduce(0) { $0 + $1.count })
    return NaiveSnapshot(meta: meta, pieces: pieces)
  }

  mutating func commit(_ snapshot: NaiveSnapshot) {
    if self.fault == .emptyIsNone, snapshot.meta.byteCount == 0 { return }
    if let newest, self.fault != .olderReplaces {
      guard self.fault != .firstStays, newest.meta.lastLogID <= snapshot.meta.lastLogID else {
        return
      }
    }
    self.beforeCommit = self.newest
    self.newest = snapshot
  }

  /// The disk after a power cut.
  func remains() -> NaiveSnapshotDisk {
    var left = self
    switch self.fault {
    case .commitsAreLostByPowerCuts: left.newest = self.beforeCommit
    case .halfWrittenAfterPowerCuts:
      if let draft = self.drafts.values.first, !draft.pieces.isEmpty {
        left.newest = self.snapshot(draft.meta, draft.pieces)
      }
    default: break
    }
    left.drafts = [:]
    return left
  }

  /// What a store finds whose newest snapshot was damaged.
  func damagedNewest() throws(StorageError) -> NaiveSnapshot? {
    switch self.fault {
    case .damageIsTakenForAbsence: return nil
    case .damageIsHandedOut:
      return self.newest.map { NaiveSnapshot(meta: $0.meta, pieces: $0.pieces.reversed()) }
    default: throw StorageError(.corrupted, "the snapshot is damaged")
    }
  }

  mutating func reopened() {
    switch self.fault {
    case .forgetsWhenReopened:
      self.newest = nil
    case .unfinishedAppearsWhenReopened:
      for draft in self.drafts.values { self.commit(self.snapshot(draft.meta, draft.pieces)) }
    default:
      break
    }
    self.drafts = [:]
  }

  private static let invented: Membership = {
    do {
      return try Membership(voters: [Member(id: 1, address: "a")])
    } catch {
      preconditionFailure("no membership: \(error)")
    }
  }()
}

/// A sum that depends on every byte and its place.
private struct ContentSum {
  var value: UInt64 = 1

  mutating func add(_ bytes: [UInt8]) {
    var value = self.value
    bytes.withUnsafeBufferPointer { buffer in
      for byte in buffer {
        value = value &* 6_364_136_223_846_793_005 &+ UInt64(byte) &+ 1
      }
    }
    self.value = value
  }
}

struct NaiveSnapshot: StoredSnapshot {
  let meta: SnapshotMeta
  let pieces: [[UInt8]]
  /// Faults: where reads are counted, and where the newest content comes from.
  var sharedReader: NaiveSnapshotReader?
  var disk: Guarded<NaiveSnapshotDisk>?

  func read() async throws(StorageError) -> any SnapshotReader {
    let newest = self.disk?.withLock { $0.newest?.pieces }
    return self.sharedReader ?? NaiveSnapshotReader(newest ?? self.pieces)
  }
}

final class NaiveSnapshotReader: SnapshotReader {
  private let rest: Guarded<ArraySlice<[UInt8]>>

  init(_ pieces: [[UInt8]]) {
    self.rest = Guarded(pieces[...])
  }

  func next() async throws(StorageError) -> [UInt8]? {
    self.rest.withLock { $0.popFirst() }
  }
}

/// A snapshot store that can be made with a fault.
final class NaiveSnapshotStore: SnapshotStore {
  private let disk: Guarded<NaiveSnapshotDisk>

  init(_ disk: Guarded<NaiveSnapshotDisk>) {
    self.disk = disk
    disk.withLock { $0.reopened() }
  }

  func latest() async throws(StorageError) -> (any StoredSnapshot)? {
    try self.disk.withLock { disk throws(StorageError) in
      if disk.isDamaged { return try disk.damagedNewest() }
      if disk.fault == .visibleBeforeCommit, let draft = disk.drafts.values.first {
        return disk.snapshot(draft.meta, draft.pieces)
      }
      return disk.newest.map { self.faulty($0, disk.fault) }
    }
  }

  func begin(_ meta: SnapshotMeta) async throws(StorageError) -> any SnapshotWriter {
    let number = self.disk.withLock { disk in
      disk.nextDraft += disk.fault == .writersShareADraft && !disk.drafts.isEmpty ? 0 : 1
      disk.drafts[disk.nextDraft] = (meta, disk.drafts[disk.nextDraft]?.pieces ?? [])
      return disk.nextDraft
    }
    return NaiveSnapshotWriter(number, meta, in: self, self.disk)
  }

  func faulty(_ snapshot: NaiveSnapshot, _ fault: SnapshotFault?) -> NaiveSnapshot {
    var snapshot = snapshot
    if fault == .readsOnlyOnce { snapshot.sharedReader = NaiveSnapshotReader(snapshot.pieces) }
    if fault == .heldFollowsNewest { snapshot.disk = self.disk }
    return snapshot
  }
}

final class NaiveSnapshotWriter: SnapshotWriter {
  private let number: Int
  private let meta: SnapshotMeta
  private let store: NaiveSnapshotStore
  private let disk: Guarded<NaiveSnapshotDisk>

  init(
    _ number: Int, _ meta: SnapshotMeta, in store: NaiveSnapshotStore,
    _ disk: Guarded<NaiveSnapshotDisk>
  ) {
    self.number = number
    self.meta = meta
    self.store = store
    self.disk = disk
  }

  func write(_ bytes: [UInt8]) async throws(StorageError) {
    self.disk.withLock { $0.drafts[self.number]?.pieces.append(bytes) }
  }

  func commit() async throws(StorageError) -> any StoredSnapshot {
    try self.disk.withLock { disk throws(StorageError) -> any StoredSnapshot in
      let snapshot = disk.snapshot(self.meta, disk.drafts[self.number]?.pieces ?? [])
      if disk.isBroken {
        guard disk.fault == .commitsNothingInSilence else {
          throw StorageError(.io, "the device is gone")
        }
        return self.store.faulty(snapshot, disk.fault)
      }
      if disk.fault != .takesAnyContent {
        try snapshot.meta.requireContent(announcedBy: self.meta)
      }
      if disk.fault != .writersShareADraft { disk.drafts[self.number] = nil }
      disk.commit(snapshot)
      guard disk.fault == .commitReturnsAnother else {
        return self.store.faulty(snapshot, disk.fault)
      }
      return disk.snapshot(self.meta, [])
    }
  }

  func abandon() async {
    self.disk.withLock { disk in
      switch disk.fault {
      case .abandonCommits:
        disk.commit(disk.snapshot(self.meta, disk.drafts[self.number]?.pieces ?? []))
      case .abandonDropsLatest: disk.newest = nil
      default: break
      }
      disk.drafts[self.number] = nil
    }
  }
}
