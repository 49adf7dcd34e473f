/// The hash by which a snapshot's content is known: XXH64 with seed 0, taken piece by piece.
///
/// Other programs compute the same number (`xxhsum -H64`). Unlike a checksum of 32 bits, 64 bits
/// tell all snapshots apart that a cluster will ever see. The hash is not fit against malice.
public struct ContentHash: Sendable {
  private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
  private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
  private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
  private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5
  private static let stripe = 32

  /// How many bytes were hashed so far.
  public private(set) var byteCount: UInt64 = 0
  private var lanes: (UInt64, UInt64, UInt64, UInt64)
  /// The bytes behind the last whole stripe, fewer than a stripe.
  private var rest: [UInt8] = []

  /// The hash of nothing, so far.
  public init() {
    self.lanes = (Self.prime1 &+ Self.prime2, Self.prime2, 0, 0 &- Self.prime1)
  }

  /// Adds bytes.
  public mutating func update(with bytes: UnsafeRawBufferPointer) {
    self.byteCount &+= UInt64(bytes.count)
    var offset = 0
    if !self.rest.isEmpty {
      offset = min(Self.stripe - self.rest.count, bytes.count)
      self.rest.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[..<offset]))
      guard self.rest.count == Self.stripe else { return }
      let stripe = self.rest
      stripe.withUnsafeBytes { self.takeStripes(from: $0) }
      self.rest.removeAll(keepingCapacity: true)
    }
    let whole = (bytes.count - offset) / Self.stripe * Self.stripe
    self.takeStripes(from: UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + whole)]))
    self.rest.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[(offset + whole)...]))
  }

  /// Adds bytes.
  public mutating func update(with bytes: [UInt8]) {
    bytes.withUnsafeBytes { self.update(with: $0) }
  }

  /// The hash of all bytes added so far.
  public var value: UInt64 {
    var hash = self.byteCount >= UInt64(Self.stripe) ? self.mergedLanes : Self.prime5
    hash &+= self.byteCount
    self.rest.withUnsafeBytes { rest in
      var offset = 0
      while offset + 8 <= rest.count {
        hash ^= Self.round(0, Self.word(of: rest, at: offset))
        hash = Self.rotate(hash, by: 27) &* Self.prime1 &+ Self.prime4
        offset += 8
      }
      if offset + 4 <= rest.count {
        let half = rest.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
        hash ^= UInt64(UInt32(littleEndian: half)) &* Self.prime1
        hash = Self.rotate(hash, by: 23) &* Self.prime2 &+ Self.prime3
        offset += 4
      }
      for byte in rest[offset...] {
        hash ^= UInt64(byte) &* Self.prime5
        hash = Self.rotate(hash, by: 11) &* Self.prime1
      }
    }
    hash = (hash ^ (hash >> 33)) &* Self.prime2
    hash = (hash ^ (hash >> 29)) &* Self.prime3
    return hash ^ (hash >> 32)
  }

  private var mergedLanes: UInt64 {
    let (a, b, c, d) = self.lanes
    var hash =
      Self.rotate(a, by: 1) &+ Self.rotate(b, by: 7) &+ Self.rotate(c, by: 12)
      &+ Self.rotate(d, by: 18)
    for lane in [a, b, c, d] {
      hash = (hash ^ Self.round(0, lane)) &* Self.prime1 &+ Self.prime4
    }
    return hash
  }

  private mutating func takeStripes(from bytes: UnsafeRawBufferPointer) {
    var (a, b, c, d) = self.lanes
    var offset = 0
    while offset < bytes.count {
      a = Self.round(a, Self.word(of: bytes, at: offset))
      b = Self.round(b, Self.word(of: bytes, at: offset + 8))
      c = Self.round(c, Self.word(of: bytes, at: offset + 16))
      d = Self.round(d, Self.word(of: bytes, at: offset + 24))
      offset += Self.stripe
    }
    self.lanes = (a, b, c, d)
  }

  private static func word(of bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
    self.rotate(lane &+ word &* self.prime2, by: 31) &* self.prime1
  }

  private static func rotate(_ value: UInt64, by count: UInt64) -> UInt64 {
    value << count | value >> (64 - count)
  }
}
