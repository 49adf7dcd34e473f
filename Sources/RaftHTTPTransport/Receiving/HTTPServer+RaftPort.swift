public import RaftHTTP

extension HTTPServer.Configuration {
  /// Bounds for a raft port: large bodies, and time to take in a snapshot.
  ///
  /// - Parameters:
  ///   - bodyBytesMax: The largest body; give the other servers' transports the same.
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
