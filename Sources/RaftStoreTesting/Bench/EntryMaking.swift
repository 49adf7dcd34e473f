internal import Raft

/// Makes entries whose payloads tell which entry they belong to.
enum EntryMaking {
  /// The payload of the entry at this position: the same bytes whenever it is asked for, and
  /// other ones at every other position.
  static func payload(of logID: LogID, byteCount: Int) -> [UInt8] {
    // For no bytes at all the initializer below would write its count into the empty array that
    // all threads share, which the thread sanitizer reports.
    guard byteCount > 0 else { return [] }
    var generator = SeededGenerator(
      seed: logID.index.rawValue ^ (logID.leader.term.rawValue << 40)
        ^ (logID.leader.node.rawValue << 56))
    return [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
      var word: UInt64 = 0
      for offset in 0..<byteCount {
        word = offset % 8 == 0 ? generator.next() : word >> 8
        (buffer.baseAddress! + offset).initialize(to: UInt8(truncatingIfNeeded: word))
      }
      count = byteCount
    }
  }

  /// When the entry at this index was taken; later for every later entry.
  static func timestamp(at index: LogIndex) -> Timestamp {
    Timestamp(nanoseconds: 1_700_000_000_123_456_789 &+ index.rawValue &* 1_000_003)
  }

  /// Entries of one kind with payloads of these lengths.
  static func chunk(
    leader: LeaderID, first: LogIndex, byteCounts: [Int], kind: EntryKind = .command,
    timestamp: Timestamp? = nil
  ) -> EntryChunk {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCounts.reduce(0, +))
    var ends: [UInt32] = []
    for (offset, byteCount) in byteCounts.enumerated() {
      let logID = LogID(leader: leader, index: first + offset)
      bytes.append(contentsOf: self.payload(of: logID, byteCount: byteCount))
      ends.append(UInt32(bytes.count))
    }
    let run = EntryRun(
      leader: leader, first: first, count: byteCounts.count, byteCount: bytes.count, kind: kind,
      timestamp: timestamp ?? self.timestamp(at: first))
    return EntryChunk(run: run, bytes: bytes, ends: ends)
  }

  /// A membership entry.
  static func chunk(
    leader: LeaderID, first: LogIndex, membership: Membership
  ) -> EntryChunk {
    EntryChunk(
      emptyPayloads: EntryRun(
        leader: leader, first: first, count: 1, byteCount: 0, kind: .membership,
        timestamp: self.timestamp(at: first), membership: membership))
  }
}
