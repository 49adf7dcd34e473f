internal import Raft
internal import RaftJSON

/// Puts entries that are read one by one into as few chunks as possible.
struct EntryGatherer {
  /// The entries of the chunk that is being filled.
  private struct Open {
    let first: LogID
    let kind: EntryKind
    let timestamp: Timestamp
    var bytes: [UInt8] = []
    var ends: [UInt32] = []
  }

  private enum Payload {
    case blank
    case withheld
    case command(ArraySlice<UInt8>)
    case membership(Membership)

    var kind: EntryKind {
      switch self {
      case .blank: .blank
      case .withheld: .withheld
      case .command: .command
      case .membership: .membership
      }
    }
  }

  /// Payloads of one chunk end at numbers of 32 bits.
  private static let chunkBytesMax = Int(UInt32.max)

  private var slices: [EntrySlice] = []
  private var open: Open?
  private var last: LogID?
  private var timestamp = Timestamp.epoch

  /// Reads the next entry.
  mutating func take(_ entry: JSONNode) throws(JSONError) {
    let logID = try entry.member("log_id", as: LogID.self)
    if let last = self.last, logID.index != last.index.next {
      throw entry.mismatch(expected: "the entry with index \(last.index.next)")
    }
    self.last = logID
    if let node = try entry.optional("timestamp") {
      self.timestamp = Timestamp(nanoseconds: try node.uint64())
    }
    let payload = try Self.payload(of: entry)
    guard case .membership(let membership) = payload else {
      let bytes = if case .command(let bytes) = payload { bytes } else { [UInt8]()[...] }
      guard bytes.count <= Self.chunkBytesMax else {
        throw entry.mismatch(expected: "a command of at most \(Self.chunkBytesMax) bytes")
      }
      self.add(bytes, at: logID, payload.kind)
      return
    }
    self.close()
    self.slices.append(
      EntrySlice(
        EntryChunk(
          emptyPayloads: EntryRun(
            leader: logID.leader, first: logID.index, count: 1, byteCount: 0, kind: .membership,
            timestamp: self.timestamp, membership: membership))))
  }

  /// All entries read.
  consuming func finish() -> [EntrySlice] {
    self.close()
    return self.slices
  }

  private mutating func add(_ bytes: ArraySlice<UInt8>, at logID: LogID, _ kind: EntryKind) {
    var open = self.open.take() ?? Open(first: logID, kind: kind, timestamp: self.timestamp)
    if open.first.leader != logID.leader || open.kind != kind || open.timestamp != self.timestamp
      || bytes.count > Self.chunkBytesMax - open.bytes.count
    {
      self.slices.append(Self.slice(open))
      open = Open(first: logID, kind: kind, timestamp: self.timestamp)
    }
    open.bytes.append(contentsOf: bytes)
    open.ends.append(UInt32(open.bytes.count))
    self.open = open
  }

  private mutating func close() {
    if let open = self.open.take() { self.slices.append(Self.slice(open)) }
  }

  private static func slice(_ open: Open) -> EntrySlice {
    let run = EntryRun(
      leader: open.first.leader, first: open.first.index, count: open.ends.count,
      byteCount: open.bytes.count, kind: open.kind, timestamp: open.timestamp)
    return EntrySlice(EntryChunk(run: run, bytes: open.bytes, ends: open.ends))
  }

  private static func payload(of entry: JSONNode) throws(JSONError) -> Payload {
    let node = try entry["payload"]
    let variant = try JSONVariant(node)
    switch variant.name {
    case "Blank": return .blank
    case "Withheld": return .withheld
    case AppendBody.normal:
      let command = try variant.required()
      guard let encoding = try entry.optional("encoding") else {
        return .command(command.fragment.bytes)
      }
      guard try encoding.string() == AppendBody.encoding else {
        throw encoding.mismatch(expected: "\"\(AppendBody.encoding)\"")
      }
      guard let bytes = Base64.bytes(try command.string()) else {
        throw command.mismatch(expected: "base64 with padding")
      }
      return .command(bytes[...])
    case "Membership": return .membership(try Membership(json: try variant.required()))
    default:
      throw variant.unknown("\"Blank\", {\"Normal\":…} or {\"Membership\":…}")
    }
  }
}
