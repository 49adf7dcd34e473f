extension ByteReader {
  /// Reads a byte that tells whether a value follows: 1 if it does, else 0.
  mutating func readPresence(of what: String) throws(CodecError) -> Bool {
    try self.readFlag(what)
  }

  /// Reads a truth value: 1 or 0.
  mutating func readFlag(_ what: String) throws(CodecError) -> Bool {
    let byte = try self.readUInt8(what)
    guard byte <= 1 else {
      throw self.error(.invalid("0 or 1 is expected, not \(byte)"), what, back: 1)
    }
    return byte == 1
  }

  /// Reads a number of elements, of which each takes at least `size` bytes.
  ///
  /// A number that the remaining bytes cannot hold is refused before anything is allocated for it.
  mutating func readCount(_ what: String, ofSize size: Int) throws(CodecError) -> Int {
    let count = Int(try self.readUInt32(what))
    guard count <= self.remaining / size else {
      throw self.error(
        .truncated(needed: count * size, available: self.remaining), what, back: 4)
    }
    return count
  }

  /// Reads bytes preceded by their number.
  mutating func readCounted(_ what: String) throws(CodecError) -> [UInt8] {
    let count = try self.readCount(what, ofSize: 1)
    return try self.readBytes(count, what)
  }

  /// Reads text: its length in bytes, then UTF-8.
  mutating func readText(_ what: String) throws(CodecError) -> String {
    let count = try self.readCount(what, ofSize: 1)
    let range = try self.skip(count, what)
    guard let text = String(validating: self.bytes[range], as: UTF8.self) else {
      throw self.error(.invalid("the text is not UTF-8"), what, back: count)
    }
    return text
  }

  /// Reads bytes that this version of the format keeps for later: they must be 0.
  mutating func readReserved(_ count: Int, _ what: String) throws(CodecError) {
    let range = try self.skip(count, what)
    for index in range where self.bytes[index] != 0 {
      throw self.error(
        .reservedBits(UInt64(self.bytes[index])), what, back: range.upperBound - index)
    }
  }

  /// Reads the mark that a format begins with.
  mutating func readMagic(_ magic: UInt32, _ what: String) throws(CodecError) {
    let found = try self.readUInt32(what)
    guard found == magic else { throw self.error(.wrongMagic(found), what, back: 4) }
  }

  /// Reads the number of a format's version, which must be between 1 and the newest known.
  mutating func readVersion(
    newestKnown: UInt32, _ what: String
  ) throws(CodecError) -> UInt32 {
    let version = UInt32(try self.readUInt8(what))
    guard version >= 1, version <= newestKnown else {
      throw self.error(.unsupportedVersion(version, newestKnown: newestKnown), what, back: 1)
    }
    return version
  }

  /// Reads one of the raw values of an enumeration.
  mutating func readCase<Kind: RawRepresentable>(
    of kind: Kind.Type, _ what: String
  ) throws(CodecError) -> Kind where Kind.RawValue == UInt8 {
    let raw = try self.readUInt8(what)
    guard let value = Kind(rawValue: raw) else {
      throw self.error(.unknownValue(UInt64(raw)), what, back: 1)
    }
    return value
  }

  /// A reader of a block that is preceded by its length; this reader goes on behind it.
  mutating func readBlock(_ what: String) throws(CodecError) -> ByteReader {
    let count = try self.readCount(what, ofSize: 1)
    let origin = self.offset
    return ByteReader(self.bytes, in: try self.skip(count, what), origin: origin)
  }
}
