/// Bytes are not what their format says they should be.
///
/// Every decoder of this module answers unexpected bytes with this error, whatever they are; none
/// of them traps. The reader's state after an error means nothing.
public struct CodecError: Error, Hashable, Sendable {
  /// What is wrong with the bytes.
  @nonexhaustive
  public enum Reason: Hashable, Sendable {
    /// The bytes end too early.
    case truncated(needed: Int, available: Int)
    /// Bytes are left over after everything that this version of the format knows.
    case trailingBytes(Int)
    /// The bytes do not begin as this format does: they are something else.
    case wrongMagic(UInt32)
    /// The bytes are written in a version of the format that this build does not know.
    case unsupportedVersion(UInt32, newestKnown: UInt32)
    /// A number stands for a kind that this build does not know.
    case unknownValue(UInt64)
    /// Bits that this version of the format keeps for later are set.
    case reservedBits(UInt64)
    /// The bytes were changed after they were written.
    case wrongChecksum(stated: UInt32, computed: UInt32)
    /// Something is longer than the reader admits.
    case tooLong(length: UInt64, maximum: UInt64)
    /// The bytes can be read, but mean something that cannot be.
    case invalid(String)
  }

  /// What is wrong.
  public let reason: Reason
  /// What was being read, such as `the vote's term`.
  public let what: String
  /// Where it begins, in bytes from the beginning of what was given to the decoder.
  public let offset: Int

  /// States what is wrong with which bytes.
  public init(_ reason: Reason, in what: String, at offset: Int) {
    self.reason = reason
    self.what = what
    self.offset = offset
  }

  /// Whether the bytes may be whole but come from a newer build, which alone can read them.
  public var isFromNewerFormat: Bool {
    switch self.reason {
    case .unsupportedVersion, .unknownValue, .reservedBits: true
    case .truncated, .trailingBytes, .wrongMagic, .wrongChecksum, .tooLong, .invalid: false
    }
  }
}

extension CodecError: CustomStringConvertible {
  /// What is wrong, where, and what to do about it.
  public var description: String {
    let place = "\(self.what) at byte \(self.offset)"
    switch self.reason {
    case .truncated(let needed, let available):
      return "\(place): \(needed) bytes are needed and \(available) are there"
    case .trailingBytes(let count):
      return "\(place): \(count) bytes are left over behind it"
    case .wrongMagic(let found):
      return "\(place): the format's mark is missing, 0x\(String(found, radix: 16)) is there"
    case .unsupportedVersion(let version, let newestKnown):
      return """
        \(place): written in version \(version) of the format, this build knows versions up to \
        \(newestKnown): upgrade this node
        """
    case .unknownValue(let value):
      return "\(place): this build does not know the kind \(value): upgrade this node"
    case .reservedBits(let bits):
      return """
        \(place): bits 0x\(String(bits, radix: 16)) are set, which this build does not know: \
        upgrade this node
        """
    case .wrongChecksum(let stated, let computed):
      return """
        \(place): the checksum is 0x\(String(computed, radix: 16)) and not \
        0x\(String(stated, radix: 16)) as stated: the bytes were changed
        """
    case .tooLong(let length, let maximum):
      return "\(place): \(length) is more than the \(maximum) that are admitted"
    case .invalid(let explanation):
      return "\(place): \(explanation)"
    }
  }
}
