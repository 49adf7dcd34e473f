internal import CRaftChecksum

/// The checksum of all formats: CRC-32C (Castagnoli), by the processor's instruction where it has
/// one.
///
/// It finds every change of up to 32 neighbouring bits and misses one in four billion others. It
/// guards against accidents, not against malice.
public enum CRC32C {
  /// The checksum of no bytes.
  public static let empty: UInt32 = 0

  /// The checksum of bytes, or of all bytes so far if these follow others.
  ///
  /// `checksum(of: b, after: checksum(of: a))` is the checksum of a and b together.
  public static func checksum(
    of bytes: UnsafeRawBufferPointer, after earlier: UInt32 = CRC32C.empty
  ) -> UInt32 {
    raft_crc32c(earlier, bytes.baseAddress, bytes.count)
  }

  /// The checksum of bytes, or of all bytes so far if these follow others.
  public static func checksum(
    of bytes: [UInt8], after earlier: UInt32 = CRC32C.empty
  ) -> UInt32 {
    bytes.withUnsafeBytes { self.checksum(of: $0, after: earlier) }
  }

  /// The checksum of the bytes in this range, or of all bytes so far if these follow others.
  ///
  /// - Precondition: the array contains the range.
  public static func checksum(
    of bytes: [UInt8], in range: Range<Int>, after earlier: UInt32 = CRC32C.empty
  ) -> UInt32 {
    bytes.withUnsafeBytes {
      self.checksum(of: UnsafeRawBufferPointer(rebasing: $0[range]), after: earlier)
    }
  }

  /// The checksum of a number's eight bytes, least significant first.
  static func checksum(of number: UInt64, after earlier: UInt32 = CRC32C.empty) -> UInt32 {
    withUnsafeBytes(of: number.littleEndian) { self.checksum(of: $0, after: earlier) }
  }

  /// The checksum by tables, as processors without the instruction compute it.
  static func portableChecksum(
    of bytes: UnsafeRawBufferPointer, after earlier: UInt32 = CRC32C.empty
  ) -> UInt32 {
    raft_crc32c_portable(earlier, bytes.baseAddress, bytes.count)
  }

  /// Whether the processor's instruction is used.
  static var isAccelerated: Bool { raft_crc32c_is_accelerated() }
}
