import Raft
import RaftConcurrency

@testable import RaftHTTPTransport

/// Messages with texts that are short enough to be read.
enum Sample {
  static let leader = LeaderID(term: 2, node: 1)
  static let vote = Vote(leader: leader, isCommitted: true)
  static let voteText = #"{"leader_id":{"term":2,"node_id":1},"committed":true}"#
  static let contact = Contact(
    cluster: ClusterID(high: 1, low: 2), sender: 1, senderIncarnation: Incarnation(10), receiver: 2,
    receiverIncarnation: Incarnation(11))

  static func logID(_ index: LogIndex) -> LogID { LogID(leader: leader, index: index) }

  static func logIDText(_ index: LogIndex) -> String {
    #"{"leader_id":{"term":2,"node_id":1},"index":\#(index)}"#
  }

  static func slice(
    from first: LogIndex, _ payloads: [String], kind: EntryKind = .command, at time: UInt64 = 0
  ) -> EntrySlice {
    var bytes: [UInt8] = []
    var ends: [UInt32] = []
    for payload in payloads {
      bytes += payload.utf8
      ends.append(UInt32(bytes.count))
    }
    return EntrySlice(
      EntryChunk(
        run: EntryRun(
          leader: leader, first: first, count: payloads.count, byteCount: bytes.count, kind: kind,
          timestamp: Timestamp(nanoseconds: time)),
        bytes: bytes, ends: ends))
  }

  static func append(_ entries: [EntrySlice], contact: Contact = Sample.contact) -> AppendRequest {
    AppendRequest(
      contact: contact,
      header: AppendHeader(
        vote: vote, previous: entries.first?.first.previous.map(logID), committed: logID(0),
        promise: 150_000_000, session: 7),
      entries: entries)
  }

  static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

/// Where a snapshot comes from in tests: pieces in memory.
final class Pieces: SnapshotReader {
  private let rest: Guarded<[Result<[UInt8], StorageError>]>

  init(_ pieces: [Result<[UInt8], StorageError>]) {
    self.rest = Guarded(pieces)
  }

  func next() async throws(StorageError) -> [UInt8]? {
    let piece = self.rest.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    return try piece?.get()
  }
}
