#if RocksDB
/// The keys of the machine's table: the position and the rows lie together, so that one is not lost
/// without the others.
enum MachineKey {
  /// Where the position of the last command lies.
  static let position: [UInt8] = [0]
  /// A key behind all rows.
  static let end: [UInt8] = [2]

  /// Where a row of the machine lies.
  static func row(_ key: [UInt8]) -> [UInt8] { [1] + key }
}
#endif
