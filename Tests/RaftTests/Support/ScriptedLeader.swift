import Raft

/// What node 2, as leader of round 5, sends to node 1.
struct ScriptedLeader {
  static let vote = Vote(leader: LeaderID(term: 5, node: 2), isCommitted: true)

  static let contact = Contact(cluster: nil, sender: 2, receiver: 1)

  static func logID(_ index: LogIndex) -> LogID { LogID(leader: self.vote.leader, index: index) }

  /// Commands of one length each, from this index on.
  static func entries(from first: LogIndex, count: Int, bytes: Int = 1) -> EntrySlice {
    let run = EntryRun(
      leader: self.vote.leader, first: first, count: count, byteCount: count * bytes,
      kind: .command, timestamp: .epoch)
    return EntrySlice(
      EntryChunk(
        run: run, bytes: [UInt8](repeating: 7, count: count * bytes),
        ends: (1...count).map { UInt32($0 * bytes) }))
  }

  static func append(
    _ entries: [EntrySlice], after previous: LogIndex?, committed: LogIndex? = nil
  ) -> AppendRequest {
    AppendRequest(
      contact: self.contact,
      header: AppendHeader(
        vote: self.vote, previous: previous.map(self.logID), committed: committed.map(self.logID),
        promise: 0, session: 1), entries: entries)
  }

  /// A snapshot of a ledger with one line, of the entry where it ends.
  static func snapshot(
    at index: LogIndex, announcing byteCount: UInt64? = nil, stalledAt gate: Gate? = nil
  ) -> SnapshotRequest {
    var bytes: [UInt8] = []
    for number in [index.rawValue, 1] {
      withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }
    bytes.append(9)
    return SnapshotRequest(
      contact: self.contact, vote: self.vote,
      snapshot: SnapshotMeta(
        lastLogID: self.logID(index), membership: .none,
        byteCount: byteCount ?? UInt64(bytes.count)),
      content: PiecemealReader(bytes, gate))
  }
}

/// Gives one byte at a time; waits before the gate, if there is one, after the first byte.
private actor PiecemealReader: SnapshotReader {
  private var rest: ArraySlice<UInt8>
  private var gate: Gate?
  private var isFirst = true

  init(_ bytes: [UInt8], _ gate: Gate?) {
    self.rest = bytes[...]
    self.gate = gate
  }

  func next() async throws(StorageError) -> [UInt8]? {
    if !self.isFirst, let gate = self.gate { await gate.pass() }
    self.isFirst = false
    return self.rest.popFirst().map { [$0] }
  }
}
