internal import Raft
internal import RaftCodec
internal import RaftJSON

/// A part of a snapshot's content, on its own way.
///
/// Its body is a line of JSON that says what the bytes behind it are:
/// ```
/// {"vote":…,"snapshot":…,"offset":1048576,"crc32c":1234}
/// ```
/// Each piece says all, so that it may be sent twice, over another connection, and out of turn.
struct PieceBody: Hashable {
  /// The leader's committed vote.
  let vote: Vote
  /// What the whole snapshot stands for.
  let snapshot: SnapshotMeta
  /// How much of the content stands before this piece, in bytes.
  let offset: UInt64
  /// The content; never empty, and never beyond the end that `snapshot` announces.
  let content: [UInt8]

  /// Where the next piece begins.
  var end: UInt64 { self.offset + UInt64(self.content.count) }

  /// Whether no piece comes after this one.
  var isLast: Bool { self.end == self.snapshot.byteCount }

  /// The body of the message.
  func bytes() -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("vote", self.vote)
      writer.member("snapshot", self.snapshot)
      writer.member("offset", self.offset)
      writer.member("crc32c", UInt64(CRC32C.checksum(of: self.content)))
    }
    return writer.finish() + [UInt8(ascii: "\n")] + self.content
  }
}

extension PieceBody {
  /// Reads the body of a message.
  init(body: [UInt8]) throws(MessageFault) {
    guard let newline = body.firstIndex(of: UInt8(ascii: "\n")) else {
      throw MessageFault("the body has no line that says what the piece of a snapshot is")
    }
    let content = Array(body[(newline + 1)...])
    let checksum: UInt64
    (self, checksum) = try MessageFault.reading(Array(body[..<newline])) {
      root throws(JSONError) in
      let piece = PieceBody(
        vote: try root.member("vote", as: Vote.self),
        snapshot: try root.member("snapshot", as: SnapshotMeta.self),
        offset: try root["offset"].uint64(), content: content)
      return (piece, try root["crc32c"].uint64())
    }
    guard CRC32C.checksum(of: content) == checksum else {
      throw MessageFault(
        "the \(content.count) bytes at \(self.offset) were changed on the way: their checksum is "
          + "not \(checksum); they are sent again")
    }
    let rest = self.snapshot.byteCount.subtractingReportingOverflow(self.offset)
    guard !content.isEmpty, !rest.overflow, content.count <= rest.partialValue else {
      throw MessageFault(
        "\(content.count) bytes at \(self.offset) are no piece of a snapshot of "
          + "\(self.snapshot.byteCount) bytes")
    }
  }
}

/// What a receiver says to a piece of a snapshot.
enum PieceAnswer: Hashable {
  /// It waits for the piece that begins here.
  case awaiting(offset: UInt64)
  /// The whole snapshot is installed, or it does not want any of it.
  case done(SnapshotResponse)
}

extension PieceAnswer: JSONShape {
  /// Writes `{"next_offset":…}`, or the answer to the whole snapshot.
  func write(to writer: inout JSONWriter) {
    switch self {
    case .awaiting(let offset): writer.object { $0.member("next_offset", offset) }
    case .done(let response): response.write(to: &writer)
    }
  }

  init(json: JSONNode) throws(JSONError) {
    if let offset = try json.optional("next_offset") {
      self = .awaiting(offset: try offset.uint64())
    } else {
      self = .done(try SnapshotResponse(json: json))
    }
  }
}
