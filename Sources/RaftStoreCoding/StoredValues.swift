public import Raft
internal import RaftCodec

extension Vote: StoreCodable {
  /// The vote in 17 bytes.
  public func encoded() -> [UInt8] { bytes { $0.write(self) } }

  /// The vote that these bytes are.
  ///
  /// - Throws: `StorageError`, as for every ``StoreCodable``.
  public init(decoding bytes: [UInt8]) throws(StorageError) {
    self = try value(of: bytes, "a vote") { (reader) throws(CodecError) in try reader.readVote() }
  }
}

extension LogID: StoreCodable {
  /// The position in 24 bytes.
  public func encoded() -> [UInt8] { bytes { $0.write(self) } }

  /// The position that these bytes are.
  ///
  /// - Throws: `StorageError`, as for every ``StoreCodable``.
  public init(decoding bytes: [UInt8]) throws(StorageError) {
    self = try value(of: bytes, "a log position") { (reader) throws(CodecError) in
      try reader.readLogID()
    }
  }
}

extension ClusterID: StoreCodable {
  /// The cluster's identity in 20 bytes.
  public func encoded() -> [UInt8] { bytes { $0.write(self) } }

  /// The cluster's identity that these bytes are.
  ///
  /// - Throws: `StorageError`, as for every ``StoreCodable``.
  public init(decoding bytes: [UInt8]) throws(StorageError) {
    self = try value(of: bytes, "a cluster's identity") { (reader) throws(CodecError) in
      try reader.readClusterID()
    }
  }
}

extension Membership: StoreCodable {
  /// The membership as a block: its length, its version, then field by field.
  public func encoded() -> [UInt8] { bytes { $0.write(self) } }

  /// The membership that these bytes are.
  ///
  /// - Throws: `StorageError`, as for every ``StoreCodable``.
  public init(decoding bytes: [UInt8]) throws(StorageError) {
    self = try value(of: bytes, "a membership") { (reader) throws(CodecError) in
      try reader.readMembership()
    }
  }
}

extension SnapshotMeta: StoreCodable {
  /// What the snapshot stands for, without its content.
  public func encoded() -> [UInt8] { bytes { $0.write(self) } }

  /// What a snapshot with these bytes stands for.
  ///
  /// - Throws: `StorageError`, as for every ``StoreCodable``.
  public init(decoding bytes: [UInt8]) throws(StorageError) {
    self = try value(of: bytes, "what a snapshot stands for") { (reader) throws(CodecError) in
      try reader.readSnapshotMeta()
    }
  }
}

extension EntrySlice: StoreCodable {
  /// The slice's own entries with their payloads, and nothing else of its chunk: 48 bytes, 4 for each
  /// entry, and the payloads.
  ///
  /// A membership entry has its membership there in place of a payload, so a store need not keep that
  /// beside it. For a store that keeps each entry under its index, cut the slice first, with
  /// `EntrySlice(chunk, offsets: offset..<(offset + 1))`.
  public func encoded() -> [UInt8] {
    let block = EntryBlock(
      run: self.run, bytes: self.chunk.bytes, ends: self.chunk.ends, offsets: self.offsets)
    return bytes { $0.write(block) }
  }

  /// The entries that these bytes are, in a chunk of their own.
  ///
  /// - Throws: `StorageError`, as for every ``StoreCodable``.
  public init(decoding bytes: [UInt8]) throws(StorageError) {
    let block = try value(of: bytes, "entries") { (reader) throws(CodecError) in
      try reader.readEntryBlock()
    }
    self.init(EntryChunk(run: block.run, bytes: block.bytes, ends: block.ends))
  }
}
