/// What a record of the log file is about: the byte in front of its value.
///
/// One record per write; the file only grows. The value is as `RaftStoreCoding` lays it out; a
/// truncation after nothing has none.
enum Record: UInt8 {
  case incarnation = 1
  case cluster, vote, entries, truncate, purge, committed
}

/// FNV-1a; enough to see a torn record.
func checksum(_ bytes: some Sequence<UInt8>) -> UInt64 {
  bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
}

/// A number as bytes, the least significant one first.
func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: number.littleEndian) { Array($0) }
}

/// The number that these bytes are.
func littleEndian(_ bytes: ArraySlice<UInt8>) -> UInt64 {
  bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
}
