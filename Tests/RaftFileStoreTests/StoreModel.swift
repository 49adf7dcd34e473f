import Raft
import RaftFileStore
import Testing

/// What a file store must hold after some steps.
struct StoreModel: Hashable, Sendable {
  /// One entry, as far as it can be told from others.
  struct Item: Hashable, Sendable {
    let logID: LogID
    let payload: [UInt8]
  }

  var cluster: ClusterID?
  var vote: Vote?
  var purged: LogID?
  var committed: LogID?
  var entries: [Item] = []
  var snapshot: LogID?

  var last: LogID? { self.entries.last?.logID ?? self.purged }
  var next: LogIndex { self.last.map { $0.index.next } ?? 0 }

  /// The model after one more step.
  func after(_ step: Step) -> StoreModel {
    var model = self
    switch step {
    case .adopt(let cluster): model.cluster = cluster
    case .vote(let vote): model.vote = vote
    case .note(let index): model.committed = self.item(index)?.logID
    case .truncate(let index): model.entries.removeAll { $0.logID.index > index }
    case .purge(let logID):
      model.entries.removeAll { $0.logID.index <= logID.index }
      model.purged = logID
    case .append(let term, let sizes):
      model.entries += step.slice(from: self.next).map { Self.items($0) } ?? []
      precondition(model.last?.leader.term == Term(term) && !sizes.isEmpty)
    case .snapshot(let logID): model.snapshot = logID
    }
    return model
  }

  func item(_ index: LogIndex) -> Item? {
    self.entries.first { $0.logID.index == index }
  }

  /// The entries of a slice.
  static func items(_ slice: EntrySlice) -> [Item] {
    (slice.first.rawValue...slice.last.rawValue).map { index in
      Item(
        logID: LogID(leader: slice.chunk.run.leader, index: LogIndex(index)),
        payload: Array(slice.payload(at: LogIndex(index))))
    }
  }
}

/// One thing that a node does with its stores.
enum Step: Hashable, Sendable {
  case adopt(ClusterID)
  case vote(Vote)
  case append(term: UInt64, sizes: [Int])
  case note(LogIndex)
  case truncate(after: LogIndex)
  case purge(through: LogID)
  case snapshot(LogID)

  /// The entries of an append.
  func slice(from first: LogIndex) -> EntrySlice? {
    guard case .append(let term, let sizes) = self else { return nil }
    var bytes: [UInt8] = []
    var ends: [UInt32] = []
    for (place, size) in sizes.enumerated() {
      let mark = UInt8(truncatingIfNeeded: first.rawValue + UInt64(place) + 31 * term)
      bytes += (0..<size).map { mark ^ UInt8(truncatingIfNeeded: $0) }
      ends.append(UInt32(bytes.count))
    }
    let run = EntryRun(
      leader: LeaderID(term: Term(term), node: 1), first: first, count: sizes.count,
      byteCount: bytes.count, kind: .command, timestamp: Timestamp(nanoseconds: term))
    return EntrySlice(EntryChunk(run: run, bytes: bytes, ends: ends))
  }

  static func vote(_ term: UInt64) -> Step {
    .vote(Vote(leader: LeaderID(term: Term(term), node: 1), isCommitted: false))
  }

  /// The content of a snapshot at this position.
  static func content(_ logID: LogID) -> [UInt8] {
    (0..<700).map { UInt8(truncatingIfNeeded: $0 &* Int(logID.index.rawValue + 3)) }
  }
}
