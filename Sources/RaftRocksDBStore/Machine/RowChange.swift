#if RocksDB
/// A change of one row of a machine's table.
public enum RowChange: Hashable, Sendable {
  /// Puts a value under a key, in place of the one there.
  case put([UInt8], under: [UInt8])
  /// Removes a key, if it is there.
  case remove([UInt8])
}

/// A row of a machine's table.
public struct MachineRow: Hashable, Sendable {
  /// Where it lies; rows are in the order of their keys' bytes.
  public let key: [UInt8]
  /// What lies there.
  public let value: [UInt8]

  /// A row.
  public init(key: [UInt8], value: [UInt8]) {
    self.key = key
    self.value = value
  }
}
#endif
