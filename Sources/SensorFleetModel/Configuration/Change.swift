/// A change of the configuration while it is made: the commands' effects, one method each.
///
/// Every shard that is another one at the end gets its next epoch, and a line in the history.
struct Change {
  var configuration: FleetConfiguration
  private let before: [ShardAssignment]
  private let index: UInt64
  /// Why shards changed, for the history.
  var causes: [ShardID: String] = [:]

  init(_ configuration: FleetConfiguration, index: UInt64) {
    self.configuration = configuration
    self.before = configuration.shards
    self.index = index
  }

  /// The configuration with its new epochs.
  consuming func finish() -> FleetConfiguration {
    for place in self.configuration.shards.indices {
      let old = place < self.before.count ? self.before[place] : nil
      guard old != self.configuration.shards[place] else { continue }
      let cause = self.causes[ShardID(place)] ?? "founded"
      self.note(place, after: old, cause)
    }
    return self.configuration
  }

  private mutating func note(_ place: Int, after old: ShardAssignment?, _ cause: String) {
    var shard = self.configuration.shards[place]
    shard.epoch = (old?.epoch ?? .zero).next
    if shard.tenure == .zero || shard.primary != old?.primary { shard.tenure = shard.epoch }
    shard.filling = shard.filling.map {
      old?.filling.contains($0) == true ? $0 : .init(server: $0.server, since: shard.epoch)
    }
    self.configuration.shards[place] = shard
    let entry = EpochChange(index: self.index, cause: cause, assignment: shard)
    self.configuration.history.append(entry)
    self.configuration.changeCount += 1
    self.configuration.fingerprint = StableHash.of(
      self.configuration.fingerprint,
      StableHash.of(StableHash.of("\(shard) \(cause) \(shard.tenure)"), self.index))
    let surplus = self.configuration.history.count - FleetConfiguration.historyMax
    if surplus > 0 { self.configuration.history.removeFirst(surplus) }
  }

  // MARK: Commands

  mutating func found(_ count: Int, _ parameters: PlacementParameters) throws(FleetRefusal) {
    guard self.configuration.shards.isEmpty else { throw .alreadyFounded }
    guard (1...FleetConfiguration.shardsMax).contains(count) else {
      throw .badParameters("shards must be 1 to \(FleetConfiguration.shardsMax), not \(count)")
    }
    if let fault = parameters.fault { throw .badParameters(fault) }
    guard self.configuration.servers.contains(where: { $0.state == .inService }) else {
      throw .badParameters("no server is in service: start some first")
    }
    self.configuration.parameters = parameters
    self.configuration.shards = (0..<count).map { ShardAssignment(ShardID($0)) }
    // Nothing was ever written: empty replicas hold all of it.
    for (place, servers) in self.configuration.placement.servers.enumerated() {
      self.configuration.shards[place].inSync = servers.sorted()
      self.configuration.shards[place].primary = servers.first
    }
  }

  mutating func register(
    _ id: ServerID, zone: String, address: String, store: String
  ) throws(FleetRefusal) {
    guard let place = self.place(of: id) else {
      if self.configuration.name.isEmpty { self.configuration.name = store }
      self.configuration.servers.append(
        FleetServer(id: id, zone: zone, address: address, store: store))
      self.configuration.servers.sort { $0.id < $1.id }
      return
    }
    let known = self.configuration.servers[place].store
    guard known == store else { throw .otherStore(id, expected: known) }
    self.configuration.servers[place].zone = zone
    self.configuration.servers[place].address = address
  }

  mutating func started(_ id: ServerID, store: String) throws(FleetRefusal) {
    guard let place = self.place(of: id) else { throw .unknownServer(id) }
    let known = self.configuration.servers[place].store
    guard known == store else { throw .otherStore(id, expected: known) }
    self.configuration.servers[place].starts += 1
    if self.configuration.servers[place].state != .leaving {
      self.configuration.servers[place].state = .inService
    }
    for place in self.configuration.shards.indices {
      let shard = self.configuration.shards[place]
      guard shard.primary == id || (shard.primary == nil && shard.inSync.contains(id)) else {
        continue
      }
      self.causes[shard.shard] = "server \(id) started"
      // What its last process wrote alone may be gone: others in sync know better what there is.
      let others = self.candidates(for: shard, without: id)
      self.configuration.shards[place].primary = others.first ?? id
      // The same primary, but not the same process: its epochs must not be used again.
      self.configuration.shards[place].tenure = .zero
    }
  }

  mutating func lost(_ id: ServerID, starts: UInt64) throws(FleetRefusal) {
    guard let place = self.place(of: id) else { throw .unknownServer(id) }
    let server = self.configuration.servers[place]
    guard server.starts == starts else { throw .startedSince(id) }
    guard server.state != .failed else { return }
    self.configuration.servers[place].state = .failed
    self.withdraw(id, "server \(id) lost")
    if server.state == .leaving, self.holdsNothing(id) {
      self.configuration.servers.remove(at: place)
    }
  }

  mutating func leave(_ id: ServerID) throws(FleetRefusal) {
    guard let place = self.place(of: id) else { throw .unknownServer(id) }
    switch self.configuration.servers[place].state {
    case .leaving: return
    case .inService: self.configuration.servers[place].state = .leaving
    case .joining, .failed:
      if let shard = self.configuration.shards.first(where: { $0.inSync.contains(id) }) {
        throw .lastInSync(shard.shard, id)
      }
      self.withdraw(id, "server \(id) left")
      self.configuration.servers.remove(at: place)
    }
  }

  mutating func shrink(
    _ id: ShardID, _ epoch: Epoch, by primary: ServerID, without server: ServerID
  ) throws(FleetRefusal) {
    let shard = try self.current(id, epoch, primary)
    guard shard.members.contains(server) else { throw .notInSync(id, server) }
    guard server != primary else { throw .lastInSync(id, server) }
    self.configuration.shards[id.rawValue].inSync.removeAll { $0 == server }
    // A filling begins anew, in a later epoch: what was asked for it in this one comes too late.
    self.configuration.shards[id.rawValue].filling.removeAll { $0.server == server }
    self.causes[id] = "server \(server) does not keep up"
  }

  mutating func filled(
    _ id: ShardID, _ epoch: Epoch, by primary: ServerID, _ server: ServerID
  ) throws(FleetRefusal) {
    let shard = try self.current(id, epoch, primary)
    guard shard.isFilling(server) else { throw .notFilling(id, server) }
    guard self.configuration.server(server)?.isServing == true else {
      throw .notInService(server)
    }
    self.configuration.shards[id.rawValue].filling.removeAll { $0.server == server }
    self.configuration.shards[id.rawValue].inSync = (shard.inSync + [server]).sorted()
    self.causes[id] = "server \(server) is filled"
  }

  mutating func setParameters(_ parameters: PlacementParameters) throws(FleetRefusal) {
    if let fault = parameters.fault { throw .badParameters(fault) }
    self.configuration.parameters = parameters
  }

  // MARK: Means

  func place(of id: ServerID) -> Int? {
    self.configuration.servers.firstIndex { $0.id == id }
  }

  /// The shard, if this is its epoch and its primary.
  private func current(
    _ id: ShardID, _ epoch: Epoch, _ primary: ServerID
  ) throws(FleetRefusal) -> ShardAssignment {
    guard !self.configuration.shards.isEmpty else { throw .notFounded }
    guard let shard = self.configuration.shard(id) else { throw .unknownShard(id) }
    guard shard.epoch == epoch else { throw .staleEpoch(id, current: shard.epoch) }
    guard shard.primary == primary else { throw .notPrimary(id, primary: shard.primary) }
    return shard
  }

  /// Takes a server that does not answer out of all shards; the last replica in sync stays.
  private mutating func withdraw(_ id: ServerID, _ cause: String) {
    for place in self.configuration.shards.indices {
      let shard = self.configuration.shards[place]
      guard shard.members.contains(id) else { continue }
      self.causes[shard.shard] = cause
      self.configuration.shards[place].filling.removeAll { $0.server == id }
      guard shard.inSync.contains(id) else { continue }
      if shard.inSync.count > 1 {
        self.configuration.shards[place].inSync.removeAll { $0 == id }
        if shard.primary == id {
          self.configuration.shards[place].primary =
            self.candidates(for: shard, without: id).first
        }
      } else {
        self.configuration.shards[place].primary = nil
        self.configuration.shards[place].filling = []
      }
    }
  }

  /// Who may become the primary: servers in sync that serve, those that stay first, in the order
  /// in which the shard prefers them.
  func candidates(for shard: ShardAssignment, without id: ServerID) -> [ServerID] {
    let servers = self.configuration.servers.filter {
      $0.isServing && $0.id != id && shard.inSync.contains($0.id)
    }
    let ranked = Placement.ranking(of: shard.shard, among: servers)
    return (ranked.filter { $0.state == .inService } + ranked.filter { $0.state == .leaving })
      .map(\.id)
  }

  func holdsNothing(_ id: ServerID) -> Bool {
    !self.configuration.shards.contains { $0.members.contains(id) }
  }
}
