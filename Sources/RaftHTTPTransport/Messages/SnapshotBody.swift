internal import Raft
import RaftConcurrency
internal import RaftJSON

/// The body of a snapshot that is sent as a whole: `[vote, meta, [bytes as numbers]]`.
///
/// The whole content lies in one body, so a snapshot is as large as the body's limit allows at
/// most: one byte takes up to four.
struct SnapshotBody: JSONWritable {
  let vote: Vote
  let snapshot: SnapshotMeta
  let content: [UInt8]

  func write(to writer: inout JSONWriter) {
    writer.array { writer in
      writer.write(self.vote)
      writer.write(self.snapshot)
      writer.bytes(self.content)
    }
  }
}

extension SnapshotRequest {
  /// Reads the body of an offered snapshot.
  init(body: [UInt8], contact: Contact) throws(MessageFault) {
    self = try MessageFault.reading(body) { node throws(JSONError) in
      var elements = try node.elements()
      guard let vote = elements.next(), let meta = elements.next(), let content = elements.next(),
        elements.next() == nil
      else { throw node.mismatch(expected: "[vote, snapshot meta, [bytes]]") }
      return SnapshotRequest(
        contact: contact, vote: try Vote(json: vote), snapshot: try SnapshotMeta(json: meta),
        content: ReceivedContent(try content.bytes()))
    }
  }
}

/// The content of a snapshot that has arrived as a whole.
final class ReceivedContent: SnapshotReader {
  private static let pieceBytes = 1 << 18

  private let rest: Guarded<ArraySlice<UInt8>>

  init(_ bytes: [UInt8]) {
    self.rest = Guarded(bytes[...])
  }

  func next() async throws(StorageError) -> [UInt8]? {
    self.rest.withLock { rest in
      guard !rest.isEmpty else { return nil }
      defer { rest = rest.dropFirst(Self.pieceBytes) }
      return Array(rest.prefix(Self.pieceBytes))
    }
  }
}
