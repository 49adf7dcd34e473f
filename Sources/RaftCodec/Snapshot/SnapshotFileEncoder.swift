public import RaftEngine

/// Encodes a snapshot file, piece by piece.
///
/// The owner writes what each call adds, in order. The snapshot is complete with what
/// ``finish(into:)`` adds; a file without it is none.
public struct SnapshotFileEncoder: Sendable {
  /// The mark that a snapshot file begins with: the byte 0xF5, then `SNP`.
  static let magic: UInt32 = 0x504E_53F5
  static let newestVersion: UInt32 = 1

  private let description: SnapshotDescription
  private let file: UInt32
  private var sections: UInt32 = 1
  private var hash = ContentHash()

  /// Begins a file by adding its mark and its description.
  ///
  /// The description's length and hash of the content are not written: they are not yet known.
  public init(_ description: SnapshotDescription, into writer: inout ByteWriter) {
    var blank = description
    blank.meta.byteCount = 0
    blank.meta.contentHash = 0
    self.description = blank
    let start = writer.count
    writer.write(Self.magic)
    writer.write(UInt8(Self.newestVersion))
    writer.write(zeros: 3)
    let mark = CRC32C.checksum(of: writer.bytes, in: start..<writer.count)
    var body = ByteWriter()
    body.write(blank)
    self.file = body.bytes.withUnsafeBytes {
      SnapshotSection.write(
        .description, number: 0, file: 0, after: mark, body: $0, into: &writer)
    }
  }

  /// How many bytes of content were encoded so far.
  public var byteCount: UInt64 { self.hash.byteCount }

  /// Adds a piece of the content, in one section or in several if it is very large.
  public mutating func encode(content: UnsafeRawBufferPointer, into writer: inout ByteWriter) {
    self.hash.update(with: content)
    var offset = 0
    while offset < content.count {
      let end = min(content.count, offset + SnapshotSection.maximumBodyLength)
      self.add(.content, UnsafeRawBufferPointer(rebasing: content[offset..<end]), into: &writer)
      offset = end
    }
  }

  /// Adds a piece of the content.
  public mutating func encode(content: [UInt8], into writer: inout ByteWriter) {
    content.withUnsafeBytes { self.encode(content: $0, into: &writer) }
  }

  /// Adds the file's end, and returns what the snapshot stands for, with length and hash.
  public mutating func finish(into writer: inout ByteWriter) -> SnapshotMeta {
    let end = SnapshotEnd(
      byteCount: self.hash.byteCount, contentHash: self.hash.value, pieces: self.sections - 1)
    end.encoded.withUnsafeBytes { self.add(.end, $0, into: &writer) }
    return end.completing(self.description.meta)
  }

  private mutating func add(
    _ kind: SnapshotSection.Kind, _ body: UnsafeRawBufferPointer, into writer: inout ByteWriter
  ) {
    _ = SnapshotSection.write(
      kind, number: self.sections, file: self.file, body: body, into: &writer)
    self.sections += 1
  }
}
