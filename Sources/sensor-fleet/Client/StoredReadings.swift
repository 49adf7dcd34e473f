import SensorFleetModel

/// What became of readings that a client sent.
struct StoredReadings: Sendable {
  /// Who acknowledged for a shard, and in which epoch.
  struct Acceptance: Hashable, Sendable {
    let shard: ShardID
    let epoch: Epoch
    let server: ServerID
  }

  /// Those of which nobody said that they are stored.
  var missing: [Reading]
  /// Who acknowledged the others.
  var acceptances: Set<Acceptance> = []
}
