/// How snapshots travel to other servers.
public enum SnapshotSending: Hashable, Sendable {
  /// In pieces of up to so many bytes, one message each.
  ///
  /// A piece that is lost is sent again, so that a connection that breaks costs one piece. This
  /// side holds one piece in memory, the other side two.
  case pieces(bytesMax: Int)

  /// As a whole, in one message, as openraft's example servers take it.
  ///
  /// Both sides hold all of it in memory, and each byte takes up to four in the message, so that
  /// it must be small.
  case whole

  /// Pieces of 1 MiB.
  public static let standard = SnapshotSending.pieces(bytesMax: 1 << 20)
}
