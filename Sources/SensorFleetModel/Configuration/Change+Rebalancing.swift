/// What follows from a command by itself: replicas move to where they should be, a few at a time.
extension Change {
  /// Brings every shard one step nearer to its place.
  mutating func rebalance() {
    guard self.configuration.servers.contains(where: { $0.state == .inService }) else { return }
    let desired = self.configuration.placement.servers
    for (place, servers) in desired.enumerated() { self.trim(place, servers) }
    // Who lacks a replica goes before who has one in the wrong place.
    for (place, servers) in desired.enumerated() {
      let shard = self.configuration.shards[place]
      if shard.inSync.count < servers.count { self.fill(place, servers) }
    }
    for (place, servers) in desired.enumerated() { self.fill(place, servers) }
    let gone = self.configuration.servers.filter {
      $0.state == .leaving && self.holdsNothing($0.id)
    }
    self.configuration.servers.removeAll { gone.contains($0) }
  }

  /// Lets a few preferred replicas be primaries.
  mutating func balance() throws(FleetRefusal) {
    guard !self.configuration.shards.isEmpty else { throw .notFounded }
    var rest = self.configuration.parameters.shardsInMotion
    for (place, servers) in self.configuration.placement.servers.enumerated() {
      let shard = self.configuration.shards[place]
      guard rest > 0, let first = servers.first, shard.primary != nil, shard.primary != first,
        shard.inSync.contains(first), shard.filling.isEmpty
      else { continue }
      self.configuration.shards[place].primary = first
      self.causes[shard.shard] = "balance"
      rest -= 1
    }
  }

  /// Ends fillings that nobody wants any more, and drops what is too many.
  private mutating func trim(_ place: Int, _ desired: [ServerID]) {
    var shard = self.configuration.shards[place]
    let old = shard
    shard.filling.removeAll { !desired.contains($0.server) }
    let surplus = shard.inSync.filter { !desired.contains($0) }
    for server in surplus where shard.filling.isEmpty && shard.primary != nil {
      guard shard.inSync.count > desired.count else { break }
      if shard.primary == server {
        var rest = shard
        rest.inSync = shard.inSync.filter { desired.contains($0) }
        guard let next = self.candidates(for: rest, without: server).first else { continue }
        shard.primary = next
      }
      shard.inSync.removeAll { $0 == server }
    }
    guard shard != old else { return }
    self.configuration.shards[place] = shard
    self.causes[shard.shard] = self.causes[shard.shard] ?? "moved"
  }

  /// Begins to fill a replica that should be there, if not too much is in motion.
  private mutating func fill(_ place: Int, _ desired: [ServerID]) {
    let shard = self.configuration.shards[place]
    guard shard.primary != nil, shard.filling.isEmpty,
      self.configuration.shardsInMotion < self.configuration.parameters.shardsInMotion,
      let missing = desired.first(where: { !shard.inSync.contains($0) })
    else { return }
    // Its epoch is noted when all changes are.
    self.configuration.shards[place].filling = [.init(server: missing, since: .zero)]
    self.causes[shard.shard] = self.causes[shard.shard] ?? "server \(missing) is to be filled"
  }
}
