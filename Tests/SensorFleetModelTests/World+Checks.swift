import SensorFleetModel

extension World {
  func owns(_ shard: ShardID, _ id: ServerID) -> Bool {
    guard let tenure = self.processes[id]?.replicas[shard]?.tenure else { return false }
    let now = self.now(id)
    return tenure.isOpen(at: now)
      && (self.processes[id]!.ownership.holds(at: now) || self.flaw == .readsWithoutOwning)
  }

  /// A primary tells its clients what is safe, if it still owns the shard.
  mutating func acknowledge(_ shard: ShardID, at id: ServerID) throws(Breach) {
    guard let replica = self.processes[id]?.replicas[shard], let tenure = replica.tenure,
      self.owns(shard, id)
    else { return }
    let isAlone = self.flaw == .acknowledgesWhatItAloneHas
    let through = isAlone ? UInt64(replica.durable) : tenure.acknowledged
    let done = replica.waiters.filter { $0.sequence <= through }
    guard !done.isEmpty else { return }
    self.processes[id]!.replicas[shard]!.waiters.removeAll { $0.sequence <= through }
    self.acknowledged[shard, default: []] += done.map(\.value)
    self.acknowledgedCount += done.count
    if let owner = self.owners[shard]?[tenure.epoch], owner != id {
      throw Breach(
        description: "servers \(owner) and \(id) accept for \(shard) in epoch \(tenure.epoch)")
    }
    self.owners[shard, default: [:]][tenure.epoch] = id
    try self.recall(shard)
  }

  /// Everybody in sync has everything that was acknowledged, on the disk.
  func recall(_ shard: ShardID) throws(Breach) {
    guard let assignment = self.fleet.shard(shard) else { return }
    for id in assignment.inSync {
      let replica = self.processes[id]!.replicas[shard] ?? Replica()
      let held = Set(replica.records.prefix(replica.durable).map(\.value))
      for value in self.acknowledged[shard] ?? [] where !held.contains(value) {
        throw Breach(
          description: "\(value) was acknowledged, and server \(id) lacks it: \(assignment)")
      }
    }
  }

  /// What is read contains what was acknowledged before.
  mutating func read(_ shard: ShardID, at id: ServerID) throws(Breach) {
    guard let replica = self.processes[id]?.replicas[shard], let tenure = replica.tenure,
      self.owns(shard, id)
    else { return }
    self.readCount += 1
    let shown = Set(replica.records.prefix(Int(tenure.acknowledged)).map(\.value))
    for value in self.acknowledged[shard] ?? [] where !shown.contains(value) {
      throw Breach(
        description: "\(value) was acknowledged, and server \(id) does not show it")
    }
  }
}
