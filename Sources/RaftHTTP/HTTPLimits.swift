/// How much of a message is taken in; a larger one is refused.
public struct HTTPLimits: Equatable, Sendable {
  /// Bytes of the first line.
  public var startLineBytes: Int
  /// Bytes of all header fields together, trailers included.
  public var headerBytes: Int
  /// How many header fields.
  public var headerCount: Int
  /// Bytes of the body.
  public var bodyBytes: Int

  /// Limits; where nothing is given, those of an application's port.
  public init(
    startLineBytes: Int = 8 << 10, headerBytes: Int = 32 << 10, headerCount: Int = 100,
    bodyBytes: Int = 1 << 20
  ) {
    self.startLineBytes = startLineBytes
    self.headerBytes = headerBytes
    self.headerCount = headerCount
    self.bodyBytes = bodyBytes
  }

  /// The limits of an application's port: bodies of at most 1 MiB.
  public static let api = HTTPLimits()
  /// The limits between servers of one cluster: bodies of at most 64 MiB.
  public static let replication = HTTPLimits(bodyBytes: 64 << 20)
}
