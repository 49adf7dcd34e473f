/// A number that stands for the whole map: equal maps have equal ones, in whatever order they were
/// filled, on every server.
///
/// It is the sum of one number for each entry, so a write changes it by two of them.
struct MapFingerprint: Equatable, Sendable {
  private(set) var value: UInt64 = 0

  /// The fingerprint of an empty map.
  init() {}

  /// A fingerprint that was kept.
  init(value: UInt64) {
    self.value = value
  }

  /// The fingerprint of this map.
  init(of values: [Key: VersionedValue]) {
    for (key, value) in values { self.value &+= Self.number(of: value, under: key) }
  }

  /// A key holds another value than before.
  mutating func replace(
    _ replaced: VersionedValue?, by written: VersionedValue, under key: Key
  ) {
    if let replaced { self.value &-= Self.number(of: replaced, under: key) }
    self.value &+= Self.number(of: written, under: key)
  }

  /// FNV-1a over key, version and value, with an end that spreads the last bytes.
  private static func number(of value: VersionedValue, under key: Key) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ number: UInt64) { hash = (hash ^ number) &* 0x100_0000_01B3 }
    for byte in key.text.utf8 { add(UInt64(byte)) }
    // No byte of a text has this number: where the key ends is part of what is added.
    add(0xFFFF)
    add(value.version)
    for byte in value.value.utf8 { add(UInt64(byte)) }
    hash = (hash ^ hash >> 32) &* 0xD6E8_FEB8_6659_FD93
    return hash ^ hash >> 32
  }
}
