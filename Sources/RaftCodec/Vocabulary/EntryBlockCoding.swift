public import RaftEngine

/// Where the fields of an entry block stand; after its header come the payloads' ends, then the
/// payloads.
enum EntryBlockFormat {
  static let byteCountOffset = 36
  static let headerSize = 48
}

extension ByteWriter {
  /// Writes entries with their payloads.
  public mutating func write(_ block: EntryBlock) {
    let run = block.run
    guard let membership = run.membership else {
      let range = block.byteRange
      self.writeHeader(of: run, byteCount: range.count)
      self.write(block.ends[block.offsets], relativeTo: UInt32(range.lowerBound))
      self.write(bytes: block.bytes[range])
      return
    }
    // The content of a membership entry takes the place of its payload.
    let header = self.count
    self.writeHeader(of: run, byteCount: 0)
    self.write(UInt32(0))
    let start = self.count
    self.write(membership)
    let byteCount = UInt32(self.count - start)
    self.overwrite(at: header + EntryBlockFormat.byteCountOffset, with: byteCount)
    self.overwrite(at: header + EntryBlockFormat.headerSize, with: byteCount)
  }

  private mutating func writeHeader(of run: EntryRun, byteCount: Int) {
    self.write(run.leader)
    self.write(run.first)
    self.write(run.timestamp.nanoseconds)
    self.write(count: run.count)
    self.write(count: byteCount)
    self.write(run.kind.rawValue)
    self.write(zeros: 7)
  }

  private mutating func write(_ ends: ArraySlice<UInt32>, relativeTo start: UInt32) {
    #if _endian(little)
    if start == 0 {
      ends.withUnsafeBytes { self.write(bytes: $0) }
      return
    }
    #endif
    for end in ends { self.write(end - start) }
  }
}

extension ByteReader {
  /// Reads entries with their payloads, into arrays of their own.
  public mutating func readEntryBlock() throws(CodecError) -> EntryBlock {
    let header = try self.readEntryBlockHeader()
    let ends = try self.readEnds(count: header.count, byteCount: header.byteCount)
    if header.kind == .membership {
      let membership = try self.readPayloadOfMembership(header)
      return EntryBlock(run: header.run(carrying: membership), bytes: [], ends: [0])
    }
    let bytes = try self.readBytes(header.byteCount, "the payloads")
    return EntryBlock(run: header.run(carrying: nil), bytes: bytes, ends: ends)
  }

  /// Reads what the protocol must know of a block's entries and passes over the payloads.
  public mutating func readEntryRun() throws(CodecError) -> EntryRun {
    let header = try self.readEntryBlockHeader()
    _ = try self.skip(4 * header.count, "the payloads' ends")
    if header.kind == .membership {
      return header.run(carrying: try self.readPayloadOfMembership(header))
    }
    _ = try self.skip(header.byteCount, "the payloads")
    return header.run(carrying: nil)
  }

  private mutating func readEntryBlockHeader() throws(CodecError) -> EntryBlockHeader {
    let leader = try self.readLeaderID()
    let first = try self.readLogIndex()
    let timestamp = Timestamp(nanoseconds: try self.readUInt64("the entries' timestamp"))
    let count = Int(try self.readUInt32("the number of entries"))
    let byteCount = Int(try self.readUInt32("the length of the payloads"))
    let kind = try self.readCase(of: EntryKind.self, "the kind of entries")
    try self.readReserved(7, "the entries' flags")
    let needed = 4 * count + byteCount
    guard needed <= self.remaining else {
      throw self.error(.truncated(needed: needed, available: self.remaining), "an entry block")
    }
    guard count >= 1, kind != .membership || count == 1 else {
      throw self.error(.invalid("\(count) \(kind) entries in one block"), "an entry block")
    }
    guard first.rawValue + UInt64(count) <= positionLimit else {
      throw self.error(.invalid("\(count) entries from \(first) on"), "an entry block")
    }
    return EntryBlockHeader(
      leader: leader, first: first, timestamp: timestamp, count: count, byteCount: byteCount,
      kind: kind)
  }

  private mutating func readEnds(
    count: Int, byteCount: Int
  ) throws(CodecError) -> [UInt32] {
    let range = try self.skip(4 * count, "the payloads' ends")
    let ends = self.bytes.withUnsafeBytes { bytes in
      [UInt32](unsafeUninitializedCapacity: count) { ends, initialized in
        for place in 0..<count {
          let end = bytes.loadUnaligned(
            fromByteOffset: range.lowerBound + 4 * place, as: UInt32.self)
          (ends.baseAddress! + place).initialize(to: UInt32(littleEndian: end))
        }
        initialized = count
      }
    }
    var previous: UInt32 = 0
    for end in ends {
      guard end >= previous else {
        throw self.error(.invalid("they go back"), "the payloads' ends", back: 4 * count)
      }
      previous = end
    }
    guard Int(previous) == byteCount else {
      throw self.error(
        .invalid("the last is \(previous), for \(byteCount) bytes"), "the payloads' ends",
        back: 4 * count)
    }
    return ends
  }

  private mutating func readPayloadOfMembership(
    _ header: EntryBlockHeader
  ) throws(CodecError) -> Membership {
    let origin = self.offset
    let range = try self.skip(header.byteCount, "a membership entry's payload")
    var payload = ByteReader(self.bytes, in: range, origin: origin)
    let membership = try payload.readMembership()
    try payload.expectEnd(of: "a membership entry's payload")
    return membership
  }
}

/// The fields in front of a block's payloads.
private struct EntryBlockHeader {
  let leader: LeaderID
  let first: LogIndex
  let timestamp: Timestamp
  let count: Int
  let byteCount: Int
  let kind: EntryKind

  func run(carrying membership: Membership?) -> EntryRun {
    EntryRun(
      leader: self.leader, first: self.first, count: self.count,
      byteCount: membership == nil ? self.byteCount : 0, kind: self.kind,
      timestamp: self.timestamp, membership: membership)
  }
}
