internal import Raft
internal import RaftCodec
internal import RaftFiles

/// Whose data a directory holds: the content of its identity file.
struct FolderIdentity: Hashable, Sendable {
  /// How far the directory has come.
  enum Stage: UInt8 {
    /// It is being made; nothing in it was ever relied upon.
    case making = 0
    /// It has all its parts.
    case ready = 1
  }

  /// The node that the data belongs to.
  let node: NodeID
  /// The life of its data.
  let incarnation: Incarnation
  /// The cluster that the node belongs to; `nil` before it belongs to one.
  var cluster: ClusterID?
  /// How far the directory has come.
  var stage: Stage

  /// The byte 0xF5, which occurs in no text, then `NOD`.
  private static let magic: UInt32 = 0x444F_4EF5
  private static let newestVersion: UInt32 = 1
  private static let size = 64
  private static let checksumOffset = 60

  /// The content of the identity file.
  var encoded: [UInt8] {
    var writer = ByteWriter(reserving: Self.size)
    writer.write(Self.magic)
    writer.write(Self.newestVersion)
    writer.write(self.node)
    writer.write(self.incarnation)
    writer.write(self.stage.rawValue)
    writer.write(self.cluster)
    while writer.count < Self.checksumOffset { writer.write(UInt8(0)) }
    writer.write(CRC32C.checksum(of: writer.bytes))
    return writer.takeBytes()
  }
}

extension FolderIdentity {
  /// Reads the content of an identity file.
  ///
  /// - Throws: `CodecError` if it is damaged or written by a newer build.
  init(decoding bytes: [UInt8]) throws(CodecError) {
    let what = "the node's identity"
    var reader = ByteReader(bytes)
    let magic = try reader.readUInt32(what)
    guard magic == Self.magic else { throw CodecError(.wrongMagic(magic), in: what, at: 0) }
    let version = try reader.readUInt32(what)
    // A newer version may have another length and another checksum.
    guard version <= Self.newestVersion else {
      throw CodecError(
        .unsupportedVersion(version, newestKnown: Self.newestVersion), in: what, at: 4)
    }
    guard version >= 1, bytes.count == Self.size else {
      throw CodecError(
        .invalid("version \(version), \(bytes.count) bytes"), in: what, at: 4)
    }
    let stated = try Self.checksum(in: bytes)
    let computed = CRC32C.checksum(of: bytes, in: 0..<Self.checksumOffset)
    guard stated == computed else {
      throw CodecError(.wrongChecksum(stated: stated, computed: computed), in: what, at: 0)
    }
    self.node = try reader.readNodeID()
    self.incarnation = try reader.readIncarnation()
    let stage = try reader.readUInt8(what)
    guard let stage = Stage(rawValue: stage) else {
      throw CodecError(.unknownValue(UInt64(stage)), in: what, at: reader.offset - 1)
    }
    self.stage = stage
    self.cluster = try reader.readOptionalClusterID()
  }

  private static func checksum(in bytes: [UInt8]) throws(CodecError) -> UInt32 {
    var reader = ByteReader(bytes, in: self.checksumOffset..<self.size, origin: self.checksumOffset)
    return try reader.readUInt32("the identity's checksum")
  }
}

extension FolderIdentity {
  /// Reads the identity file of a directory, and blocks.
  ///
  /// `nil` if there is none.
  ///
  /// - Throws: `StorageError` with kind `StorageError.Kind.corrupted` if it is damaged, and with
  ///   kind `StorageError.Kind.foreign` if a newer build wrote it.
  static func read(
    in layout: FolderLayout, _ fileSystem: any FileSystem
  ) throws(StorageError) -> FolderIdentity? {
    let bytes: [UInt8]? = try onDisk { () throws(FileError) in
      guard try fileSystem.status(of: layout.identity) != nil else { return nil }
      return try fileSystem.readFile(at: layout.identity)
    }
    guard let bytes else { return nil }
    do throws(CodecError) {
      return try FolderIdentity(decoding: bytes)
    } catch {
      throw StorageError(error, in: layout.identity)
    }
  }
}

extension ClusterID {
  /// Whether a node of this cluster may take part in the other: it is the same one, or its
  /// successor by recovery.
  func admits(_ other: ClusterID) -> Bool {
    self.high == other.high && self.low == other.low && self.generation <= other.generation
  }
}
