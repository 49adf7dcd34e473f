public import RaftEngine

/// A leader's append with its entries.
public struct AppendMessage: Hashable, Sendable {
  /// What the leader says beside the entries.
  public var header: AppendHeader
  /// The entries, each block right behind the one before it, the first behind `header.previous`.
  public var blocks: [EntryBlock]

  /// An append.
  public init(header: AppendHeader, blocks: [EntryBlock]) {
    self.header = header
    self.blocks = blocks
  }
}

/// The answer to an append or heartbeat.
public struct AppendReplyMessage: Hashable, Sendable {
  /// The replication session that the append named.
  public var session: UInt64
  /// How the append was taken.
  public var response: AppendResponse

  /// An answer.
  public init(session: UInt64, response: AppendResponse) {
    self.session = session
    self.response = response
  }
}

/// The numbers of the ways to take an append.
private enum OutcomeKind: UInt8 {
  case matched = 0
  case conflict = 1
  case higherVote = 2
}

extension ByteWriter {
  /// Writes what a leader says with every append and heartbeat.
  mutating func write(_ header: AppendHeader) {
    self.write(header.vote)
    self.write(header.previous)
    self.write(header.committed)
    self.write(header.promise)
    self.write(header.session)
  }

  mutating func write(_ message: AppendMessage) {
    self.write(message.header)
    self.write(count: message.blocks.count)
    for block in message.blocks { self.write(block) }
  }

  mutating func write(_ message: AppendReplyMessage) {
    self.write(message.session)
    switch message.response.outcome {
    case .matched(let last):
      self.write(OutcomeKind.matched.rawValue)
      self.write(last)
    case .conflict(let rejected, let hint):
      self.write(OutcomeKind.conflict.rawValue)
      self.write(rejected)
      self.write(hint)
    case .higherVote(let vote):
      self.write(OutcomeKind.higherVote.rawValue)
      self.write(vote)
    }
    self.write(message.response.incarnation)
    self.write(message.response.digest)
    self.write(message.response.flushAge)
  }
}

extension ByteReader {
  /// Reads what a leader says with every append and heartbeat.
  mutating func readAppendHeader() throws(CodecError) -> AppendHeader {
    AppendHeader(
      vote: try self.readVote(), previous: try self.readOptionalLogID(),
      committed: try self.readOptionalLogID(),
      promise: try self.readNanoseconds("the promise asked for"),
      session: try self.readUInt64("a replication session"))
  }

  mutating func readAppendMessage() throws(CodecError) -> AppendMessage {
    let header = try self.readAppendHeader()
    let count = try self.readCount("the entry blocks", ofSize: EntryBlockFormat.headerSize + 4)
    var blocks: [EntryBlock] = []
    blocks.reserveCapacity(count)
    var next: LogIndex = header.previous?.index.next ?? 0
    for _ in 0..<count {
      let start = self
      let block = try self.readEntryBlock()
      guard block.run.first == next else {
        throw start.error(
          .invalid("entries from \(block.run.first) on where \(next) is next"), "an append")
      }
      next = block.run.last.next
      blocks.append(block)
    }
    return AppendMessage(header: header, blocks: blocks)
  }

  mutating func readAppendReplyMessage() throws(CodecError) -> AppendReplyMessage {
    let session = try self.readUInt64("a replication session")
    let outcome: AppendOutcome =
      switch try self.readCase(of: OutcomeKind.self, "the outcome of an append") {
      case .matched: .matched(through: try self.readOptionalLogID())
      case .conflict:
        .conflict(rejected: try self.readOptionalLogID(), hint: try self.readOptionalLogID())
      case .higherVote: .higherVote(try self.readVote())
      }
    return AppendReplyMessage(
      session: session,
      response: AppendResponse(
        outcome: outcome, incarnation: try self.readOptionalIncarnation(),
        digest: try self.readOptionalDigest(), flushAge: try self.readUInt32("a flush's age")))
  }
}
