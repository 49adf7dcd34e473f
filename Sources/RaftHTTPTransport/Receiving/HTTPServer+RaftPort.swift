public import RaftHTTP

extension HTTPServer.Configuration {
  /// Bounds for a raft port: bodies as large as a snapshot, and time to take one in.
  ///
  /// - Parameters:
  ///   - bodyBytesMax: The largest body; give the other servers' transports the same. A snapshot
  ///     travels in one body, with up to four bytes for each of its own.
  ///   - snapshotTimeout: How long receiving and installing a snapshot may take.
  public static func raftPort(
    bodyBytesMax: Int = HTTPLimits.replication.bodyBytes,
    snapshotTimeout: Duration = .seconds(300)
  ) -> HTTPServer.Configuration {
    var limits = HTTPLimits.replication
    limits.bodyBytes = bodyBytesMax
    return HTTPServer.Configuration(
      limits: limits, requestTimeout: snapshotTimeout, handlerTimeout: snapshotTimeout)
  }
}
