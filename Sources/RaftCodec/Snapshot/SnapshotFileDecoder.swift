public import RaftEngine

/// Reads a snapshot file from its beginning, piece by piece, and checks it.
///
/// It reads no file itself: it says how many bytes it ``Step/wants(_:)`` next, and goes on when it
/// was given them by ``supply(_:)``. Each piece of content comes out checked by its own checksum;
/// the end also proves that no piece is missing.
public struct SnapshotFileDecoder: Sendable {
  /// How many bytes the end of a file takes, for ``meta(fromEnd:at:)``.
  public static let endSize = SnapshotSection.headerSize + SnapshotEnd.size
  private static let markSize = 8

  /// What the decoder has for its caller.
  public enum Step: Hashable, Sendable {
    /// The decoder needs this many further bytes, by ``SnapshotFileDecoder/supply(_:)``.
    case wants(Int)
    /// What the file says of itself; always the first that comes.
    case description(SnapshotDescription)
    /// The next piece of the content.
    case content([UInt8])
    /// The content was complete and right; the file must end here.
    case end(SnapshotMeta)
  }

  private enum Phase: Sendable {
    case mark
    case header
    case body(SnapshotSection)
    case over(SnapshotMeta)
  }

  /// Where in the file the next bytes stand.
  public private(set) var offset = 0
  /// What the file says of itself; `nil` until it was read.
  public private(set) var description: SnapshotDescription?
  private var phase = Phase.mark
  private var supplied: [UInt8]?
  private var hash = ContentHash()
  private var sections: UInt32 = 0
  private var mark: UInt32 = 0
  private var file: UInt32 = 0

  /// A decoder at the beginning of a file.
  public init() {}

  /// Gives the decoder the bytes that it asked for; if they are fewer, the file ends there.
  public mutating func supply(_ bytes: [UInt8]) {
    self.supplied = bytes
  }

  /// Goes on to the next thing that the file holds.
  ///
  /// - Throws: ``CodecError`` if the file is damaged, incomplete or unknown to this build.
  public mutating func next() throws(CodecError) -> Step {
    while true {
      if case .over(let meta) = self.phase { return .end(meta) }
      guard let bytes = self.supplied else { return .wants(self.wanted) }
      self.supplied = nil
      let start = self.offset
      self.offset += bytes.count
      switch self.phase {
      case .mark: try self.readMark(bytes)
      case .header: try self.readHeader(bytes, at: start)
      case .body(let section):
        try section.check(bytes, offset: start)
        self.sections += 1
        self.phase = .header
        return try self.read(section, bytes, at: start)
      case .over: break
      }
    }
  }

  private var wanted: Int {
    switch self.phase {
    case .mark: Self.markSize
    case .header: SnapshotSection.headerSize
    case .body(let section): section.bodyLength
    case .over: 0
    }
  }

  /// Reads the end of a file whose description was read, without what lies in between.
  ///
  /// So a snapshot's length and hash are known without reading its content.
  ///
  /// - Parameters:
  ///   - bytes: The last ``endSize`` bytes of the file.
  ///   - offset: Where they stand in the file.
  /// - Precondition: the description was read.
  public func meta(fromEnd bytes: [UInt8], at offset: Int) throws(CodecError) -> SnapshotMeta {
    guard let description = self.description else {
      preconditionFailure("the end of a snapshot file before its description")
    }
    guard bytes.count == Self.endSize else {
      throw CodecError(
        .truncated(needed: Self.endSize, available: bytes.count), in: "a snapshot's end",
        at: offset)
    }
    let header = Array(bytes[..<SnapshotSection.headerSize])
    let body = Array(bytes[SnapshotSection.headerSize...])
    let section = try SnapshotSection(header, offset: offset)
    guard section.kind == .end, section.file == self.file else {
      throw CodecError(
        .invalid("the file does not end as a snapshot does"), in: "a snapshot's end", at: offset)
    }
    try section.check(body, offset: offset)
    return try SnapshotEnd(body, offset: offset).completing(description.meta)
  }

  private mutating func readMark(_ bytes: [UInt8]) throws(CodecError) {
    var reader = ByteReader(bytes)
    let what = "a snapshot file"
    try reader.readMagic(SnapshotFileEncoder.magic, what)
    _ = try reader.readVersion(newestKnown: SnapshotFileEncoder.newestVersion, what)
    try reader.readReserved(3, what)
    try reader.expectEnd(of: what)
    self.mark = CRC32C.checksum(of: bytes)
    self.phase = .header
  }

  private mutating func readHeader(_ bytes: [UInt8], at offset: Int) throws(CodecError) {
    let isFirst = self.sections == 0
    let section = try SnapshotSection(
      bytes, offset: offset, after: isFirst ? self.mark : CRC32C.empty)
    guard section.number == self.sections, section.file == self.file,
      (section.kind == .description) == isFirst
    else {
      throw CodecError(
        .invalid("it does not follow the section before it"), in: "a snapshot section", at: offset)
    }
    self.file = isFirst ? section.checksum : self.file
    self.phase = .body(section)
  }

  /// Takes a section whose body is right.
  private mutating func read(
    _ section: SnapshotSection, _ body: [UInt8], at offset: Int
  ) throws(CodecError) -> Step {
    switch section.kind {
    case .description:
      var reader = ByteReader(body, in: 0..<body.count, origin: offset)
      let description = try reader.readSnapshotDescription()
      self.description = description
      return .description(description)
    case .content:
      guard !body.isEmpty else {
        throw CodecError(.invalid("it is empty"), in: "a snapshot section", at: offset)
      }
      self.hash.update(with: body)
      return .content(body)
    case .end:
      let end = try SnapshotEnd(body, offset: offset)
      // Behind the description, the content's pieces and the end have numbers from 1 on.
      guard end.byteCount == self.hash.byteCount, end.contentHash == self.hash.value,
        end.pieces == section.number - 1, let description = self.description
      else {
        throw CodecError(
          .invalid("it does not belong to the content before it"), in: "a snapshot's end",
          at: offset)
      }
      let meta = end.completing(description.meta)
      self.phase = .over(meta)
      return .end(meta)
    }
  }
}
