import SensorFleetModel

/// A mistake that the simulated servers can be made to make, to see that it is noticed.
enum Flaw: String, CaseIterable {
  case acknowledgesWhatItAloneHas
  case followsAnyEpoch
  case takesOverAtOnce
  case ownsFromTheAnswerOn
  case asksBeforeItAdmits
  case cutsOffWhatIsNotSent
  case leadsOnAfterARestart
  case forgetsThatNothingIsOnDisk
  case shrinksBeforeTheLogSaysSo
  case readsWithoutOwning
  case promotesAnybody
}

/// What must never happen, and did.
struct Breach: Error, CustomStringConvertible {
  let description: String
}

/// Servers that hold shards, with a log that they hear of late, a network that loses and repeats,
/// disks that forget what was not synced, clocks that drift, and processes that stand still.
struct World {
  static let ownership: Duration = .milliseconds(100)
  static let messagesMax = 30
  /// So few that disks and the network, not the clients, decide what waits for what.
  static let waitersMax = 16

  struct Record: Equatable {
    let point: LogPoint
    /// What was written; 0 for the record that begins a tenure.
    let value: Int
  }

  struct Waiter {
    let value: Int
    let sequence: UInt64
  }

  struct Message {
    let from: ServerID
    let to: ServerID
    let shard: ShardID
    let epoch: Epoch
    let previous: LogPoint
    let records: [Record]
  }

  struct Answer {
    let to: ServerID
    let from: ServerID
    let shard: ShardID
    let tenure: Epoch
    let epoch: Epoch
    /// Through which record the sender agrees; `nil` for a mismatch or a refusal.
    let confirmed: UInt64?
    let agreesThrough: UInt64
  }

  struct Replica {
    var records: [Record] = []
    var shape = LogShape()
    var durable = 0
    var known = Epoch.zero
    var tenure: PrimaryTenure?
    var waiters: [Waiter] = []
    var next: [ServerID: UInt64] = [:]
  }

  struct Process {
    let id: ServerID
    var isUp = true
    var isPaused = false
    /// Whether it hears nothing of the log, but reaches the other servers.
    var isDeaf = false
    var applied = 0
    var replicas: [ShardID: Replica] = [:]
    var ownership = Ownership(length: World.ownership)
    /// Positions that the leader named, and when they were asked for.
    var renewals: [(index: Int, askedAt: Duration)] = []
    var drift = 1.0

    var isRunning: Bool { self.isUp && !self.isPaused }
  }

  let flaw: Flaw?
  var dice: Dice
  var time: Duration = .seconds(1)
  /// The committed configurations, one for each place in the log.
  var log: [FleetConfiguration]
  var processes: [ServerID: Process] = [:]
  var messages: [Message] = []
  var answers: [Answer] = []
  var nextValue = 1
  var acknowledged: [ShardID: [Int]] = [:]
  var owners: [ShardID: [Epoch: ServerID]] = [:]
  var acknowledgedCount = 0
  var readCount = 0

  init(seed: UInt64, flaw: Flaw? = nil) throws {
    self.flaw = flaw
    self.dice = Dice(seed: seed)
    let fleet = try ConfigurationTests.fleet(
      of: 4, shards: 2, replicas: 1 + Int(seed % 3))
    self.log = [fleet]
    for server in fleet.servers {
      var process = Process(id: server.id)
      process.drift = Double(995 + self.dice.roll(11)) / 1000
      self.processes[server.id] = process
      for shard in fleet.shards { self.assign(shard.shard, on: server.id, fleet) }
    }
  }

  var fleet: FleetConfiguration { self.log[self.log.count - 1] }
  var ids: [ServerID] { self.processes.keys.sorted() }

  func now(_ id: ServerID) -> Duration { self.time * self.processes[id]!.drift }

  /// Somebody proposes, and it is committed or refused at once; servers hear of it later.
  mutating func propose(_ command: FleetCommand) {
    var next = self.fleet
    guard (try? next.apply(command, at: UInt64(self.log.count))) != nil else { return }
    self.log.append(next)
  }

  // MARK: Following the log

  /// A server applies the next entry of the log.
  mutating func follow(_ id: ServerID) {
    guard let process = self.processes[id], !process.isDeaf,
      process.applied + 1 < self.log.count
    else { return }
    let fleet = self.log[process.applied + 1]
    self.processes[id]!.applied += 1
    for shard in fleet.shards { self.assign(shard.shard, on: id, fleet) }
    self.renew(id)
  }

  /// An answer of the leader comes in; it counts once the server has applied what it names.
  mutating func renew(_ id: ServerID) {
    let applied = self.processes[id]!.applied
    guard let place = self.processes[id]!.renewals.firstIndex(where: { $0.index <= applied })
    else { return }
    let renewal = self.processes[id]!.renewals.remove(at: place)
    self.processes[id]!.ownership.renew(
      askedAt: self.flaw == .ownsFromTheAnswerOn ? self.now(id) : renewal.askedAt)
  }

  private mutating func assign(_ shard: ShardID, on id: ServerID, _ fleet: FleetConfiguration) {
    guard var assignment = fleet.shard(shard) else { return }
    if self.flaw == .promotesAnybody, let filling = assignment.filling.first {
      // As if the log had made a replica that lacks something the primary.
      if assignment.inSync.count == 1, assignment.epoch.rawValue % 5 == 0 {
        assignment.primary = filling.server
        assignment.inSync = [filling.server]
        assignment.filling = []
        assignment.tenure = assignment.epoch
      }
    }
    var replica = self.processes[id]!.replicas[shard] ?? Replica()
    let known = max(replica.known, replica.shape.last.epoch)
    if assignment.mayForget(id, known: known, replicas: fleet.parameters.replicas) {
      replica.truncate(after: 0)
    }
    replica.known = max(replica.known, assignment.epoch)
    if assignment.primary != id {
      replica.tenure = nil
      replica.waiters = []
    } else if let tenure = replica.tenure,
      tenure.tenure == assignment.tenure || self.flaw == .leadsOnAfterARestart
    {
      if tenure.tenure == assignment.tenure { replica.tenure?.assign(assignment) }
    } else {
      let sequence = replica.shape.last.sequence + 1
      let wait = Ownership.waiting(for: Self.ownership)
      replica.tenure = PrimaryTenure(
        of: id, assignment, beginning: sequence,
        opensAt: self.flaw == .takesOverAtOnce ? .zero : self.now(id) + wait)
      replica.waiters = []
      replica.next = [:]
      replica.append(0, assignment.epoch)
    }
    self.processes[id]!.replicas[shard] = replica
  }
}

extension World.Replica {
  mutating func append(_ value: Int, _ epoch: Epoch) {
    // Only servers with a mistake come here with an epoch that is over.
    guard epoch >= self.shape.last.epoch else { return }
    let point = LogPoint(sequence: self.shape.last.sequence + 1, epoch: epoch)
    self.shape.append(point)
    self.records.append(World.Record(point: point, value: value))
  }

  mutating func truncate(after sequence: UInt64) {
    self.shape.truncate(after: sequence)
    self.records.removeLast(max(0, self.records.count - Int(sequence)))
    self.durable = min(self.durable, self.records.count)
  }
}
