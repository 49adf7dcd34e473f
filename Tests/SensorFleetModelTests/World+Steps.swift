import SensorFleetModel

extension World {
  /// Lets one thing happen.
  mutating func step() throws(Breach) {
    self.time += .microseconds(20 + self.dice.roll(400))
    guard let id = self.dice.pick(self.ids) else { return }
    let shard = ShardID(self.dice.roll(self.fleet.shards.count))
    // What only primaries do is done by one, or by one that believes to be.
    let leaders = self.ids.filter {
      self.processes[$0]!.isRunning && self.processes[$0]!.replicas[shard]?.tenure != nil
    }
    let leader = self.dice.pick(leaders) ?? id
    let isRunning = self.processes[id]!.isRunning
    let isLed = !leaders.isEmpty
    switch self.dice.roll(1000) {
    case 0..<120 where isRunning: self.follow(id)
    case 120..<220 where isLed: try self.write(shard, at: leader)
    case 220..<340 where isLed: try self.sync(shard, at: leader)
    case 340..<560 where isLed: self.send(shard, from: leader)
    case 560..<730: self.receive()
    case 730..<870: try self.hear()
    case 870..<900 where isRunning && !self.processes[id]!.isDeaf:
      self.processes[id]!.renewals.append((self.log.count - 1, self.now(id)))
    case 900..<945 where isRunning: self.renew(id)
    case 945..<970 where isLed: try self.read(shard, at: leader)
    case 970..<980 where isLed: self.ask(shard, at: leader)
    case 980..<984: try self.trouble(shard, leader, id)
    case 984..<992: try self.mend(id)
    default: try self.recall(shard)
    }
  }

  private mutating func trouble(
    _ shard: ShardID, _ leader: ServerID, _ id: ServerID
  ) throws(Breach) {
    switch self.dice.roll(10) {
    case 0: self.lose(id)
    case 1: self.stopOrGo(id)
    case 2: self.endOrBegin(id)
    case 3: self.endOrBegin(leader)
    case 7, 8: try self.endAfterSending(shard, leader)
    case 4: self.propose(.balance)
    case 5, 6: try self.cutOff(shard, leader)
    default: try self.recall(shard)
    }
  }

  /// A primary ends and begins again when others have stored what its own disk has not.
  private mutating func endAfterSending(
    _ shard: ShardID, _ id: ServerID
  ) throws(Breach) {
    try self.write(shard, at: id)
    guard let replica = self.processes[id]?.replicas[shard], let tenure = replica.tenure,
      self.processes[id]!.isRunning
    else { return }
    try self.sendAtOnce(replica, tenure, shard, from: id)
    self.endOrBegin(id)
    self.endOrBegin(id)
  }

  /// Everything that a primary has to send arrives, and is answered.
  private mutating func sendAtOnce(
    _ replica: Replica, _ tenure: PrimaryTenure, _ shard: ShardID, from id: ServerID
  ) throws(Breach) {
    for to in tenure.receivers {
      let previous = tenure.confirmed(by: to)
      guard let point = replica.shape.point(at: previous) else { continue }
      self.deliver(
        Message(
          from: id, to: to, shard: shard, epoch: tenure.epoch, previous: point,
          records: Array(replica.records.dropFirst(Int(previous)))))
      if let answer = self.answers.popLast() { try self.hear(answer) }
    }
  }

  /// A primary hears nothing of the log any more, and is given up for lost.
  private mutating func cutOff(_ shard: ShardID, _ id: ServerID) throws(Breach) {
    try self.write(shard, at: id)
    // The last answers are still on their way.
    for _ in 0..<4 { self.processes[id]!.renewals.append((self.log.count - 1, self.now(id))) }
    self.processes[id]!.isDeaf = true
    self.processes[id]!.isPaused = self.dice.roll(3) == 0
    self.propose(.lost(id, starts: self.fleet.server(id)?.starts ?? 0))
  }

  /// Somebody looks after a server: it runs again.
  ///
  /// What stood still does what it was about to do.
  private mutating func mend(_ id: ServerID) throws(Breach) {
    if !self.processes[id]!.isUp { self.endOrBegin(id) }
    if self.processes[id]!.isPaused {
      self.processes[id]!.isPaused = false
      for (shard, replica) in self.processes[id]!.replicas.sorted(by: { $0.key < $1.key }) {
        guard let tenure = replica.tenure else { continue }
        try self.sendAtOnce(replica, tenure, shard, from: id)
      }
    } else if self.dice.roll(3) == 0 {
      self.processes[id]!.isDeaf = false
    }
    if !self.processes[id]!.isDeaf, self.fleet.server(id)?.state == .failed { self.lose(id) }
  }

  private mutating func write(_ shard: ShardID, at id: ServerID) throws(Breach) {
    guard let replica = self.processes[id]?.replicas[shard], let tenure = replica.tenure,
      self.owns(shard, id), replica.waiters.count < Self.waitersMax
    else { return }
    self.processes[id]!.replicas[shard]!.append(self.nextValue, tenure.epoch)
    let last = self.processes[id]!.replicas[shard]!.shape.last
    self.processes[id]!.replicas[shard]!.waiters.append(
      Waiter(value: self.nextValue, sequence: last.sequence))
    self.nextValue += 1
    if self.flaw == .forgetsThatNothingIsOnDisk {
      self.processes[id]!.replicas[shard]!.tenure?.store(through: last.sequence)
      try self.acknowledge(shard, at: id)
    }
  }

  private mutating func sync(_ shard: ShardID, at id: ServerID) throws(Breach) {
    guard let replica = self.processes[id]?.replicas[shard] else { return }
    self.processes[id]!.replicas[shard]!.durable = replica.records.count
    self.processes[id]!.replicas[shard]!.tenure?.store(through: replica.shape.last.sequence)
    try self.acknowledge(shard, at: id)
  }

  private mutating func send(_ shard: ShardID, from id: ServerID) {
    guard let replica = self.processes[id]?.replicas[shard], let tenure = replica.tenure,
      let to = self.dice.pick(tenure.receivers)
    else { return }
    let previous = replica.next[to] ?? replica.shape.last.sequence
    guard let point = replica.shape.point(at: previous) else { return }
    let records = replica.records.dropFirst(Int(previous)).prefix(self.dice.roll(5))
    if self.messages.count == Self.messagesMax { self.messages.removeFirst() }
    self.messages.append(
      Message(
        from: id, to: to, shard: shard, epoch: tenure.epoch, previous: point,
        records: Array(records)))
  }

  /// A message arrives, is lost, or arrives and comes again later.
  private mutating func receive() {
    guard !self.messages.isEmpty else { return }
    let place = self.dice.roll(self.messages.count)
    let message = self.messages[place]
    if self.dice.roll(5) > 0 { self.messages.remove(at: place) }
    if self.dice.roll(8) > 0 { self.deliver(message) }
  }

  private mutating func deliver(_ message: Message) {
    guard let process = self.processes[message.to], process.isRunning else { return }
    var replica = process.replicas[message.shard] ?? Replica()
    let epoch = self.flaw == .followsAnyEpoch ? Epoch(.max) : message.epoch
    let judgement = AppendJudgement(
      epoch: epoch, known: replica.known, previous: message.previous,
      records: message.records.map(\.point), in: replica.shape)
    var confirmed: UInt64?
    var agreesThrough: UInt64 = 0
    switch judgement {
    case .refuse: return
    case .mismatch(let through): agreesThrough = through
    case .store(var keep, let known):
      if self.flaw == .cutsOffWhatIsNotSent {
        keep = message.previous.sequence + UInt64(known)
      }
      if self.flaw != .followsAnyEpoch { replica.known = message.epoch }
      // Who is sent the records of a later primary is none any more.
      if let tenure = replica.tenure, tenure.epoch < message.epoch {
        replica.tenure = nil
        replica.waiters = []
      }
      replica.truncate(after: keep)
      for record in message.records.dropFirst(known)
      where record.point.epoch >= replica.shape.last.epoch {
        replica.append(record.value, record.point.epoch)
      }
      let isForgotten = self.flaw == .forgetsThatNothingIsOnDisk
      if !isForgotten { replica.durable = replica.records.count }
      confirmed = message.previous.sequence + UInt64(message.records.count)
    }
    self.processes[message.to]!.replicas[message.shard] = replica
    guard let tenure = self.processes[message.from]?.replicas[message.shard]?.tenure else {
      return
    }
    self.answers.append(
      Answer(
        to: message.from, from: message.to, shard: message.shard, tenure: tenure.tenure,
        epoch: message.epoch, confirmed: confirmed, agreesThrough: agreesThrough))
  }

  private mutating func hear() throws(Breach) {
    guard !self.answers.isEmpty else { return }
    try self.hear(self.answers.remove(at: self.dice.roll(self.answers.count)))
  }

  private mutating func hear(_ answer: Answer) throws(Breach) {
    guard let process = self.processes[answer.to], process.isRunning,
      let replica = process.replicas[answer.shard], replica.tenure?.tenure == answer.tenure
    else { return }
    if let confirmed = answer.confirmed {
      self.processes[answer.to]!.replicas[answer.shard]!.tenure?.confirm(
        by: answer.from, through: confirmed, askedIn: answer.epoch)
      self.processes[answer.to]!.replicas[answer.shard]!.next[answer.from] = confirmed
      try self.acknowledge(answer.shard, at: answer.to)
    } else {
      self.processes[answer.to]!.replicas[answer.shard]!.next[answer.from] = min(
        answer.agreesThrough, replica.shape.last.sequence)
    }
  }

  // MARK: Wishes of primaries, and what goes wrong

  private mutating func ask(_ shard: ShardID, at id: ServerID) {
    guard var tenure = self.processes[id]?.replicas[shard]?.tenure else { return }
    let assignment = tenure.assignment
    if let filling = assignment.filling.first?.server {
      let isFlawed = self.flaw == .asksBeforeItAdmits && self.dice.roll(4) == 0
      guard tenure.admit(filling) || isFlawed else { return }
      if !isFlawed { self.processes[id]!.replicas[shard]!.tenure = tenure }
      self.propose(.filled(shard, tenure.epoch, by: id, filling))
    } else if self.flaw == .shrinksBeforeTheLogSaysSo || self.dice.roll(12) == 0,
      let other = self.dice.pick(assignment.inSync), other != id
    {
      if self.flaw == .shrinksBeforeTheLogSaysSo {
        var alone = assignment
        alone.inSync.removeAll { $0 == other }
        self.processes[id]!.replicas[shard]!.tenure?.assign(alone)
      } else {
        self.propose(.shrink(shard, tenure.epoch, by: id, without: other))
      }
    }
  }

  private mutating func lose(_ id: ServerID) {
    guard let server = self.fleet.server(id) else { return }
    if server.state == .failed {
      if self.processes[id]!.isRunning { self.start(id) }
    } else {
      self.propose(.lost(id, starts: server.starts))
    }
  }

  private mutating func stopOrGo(_ id: ServerID) {
    self.processes[id]!.isPaused.toggle()
    if self.processes[id]!.isPaused, self.dice.roll(2) == 0 { self.time += Self.ownership }
  }

  private mutating func endOrBegin(_ id: ServerID) {
    guard self.processes[id]!.isUp else {
      self.processes[id]!.isUp = true
      self.processes[id]!.isPaused = false
      return self.start(id)
    }
    self.processes[id]!.isUp = false
    self.processes[id]!.ownership = Ownership(length: Self.ownership)
    self.processes[id]!.renewals = []
    // Snapshot and log: it may hear again of what it had applied.
    self.processes[id]!.applied = max(0, self.processes[id]!.applied - self.dice.roll(3))
    for shard in self.processes[id]!.replicas.keys.sorted() {
      var replica = self.processes[id]!.replicas[shard]!
      replica.truncate(after: UInt64(replica.durable))
      replica.known = .zero
      replica.waiters = []
      if self.flaw != .leadsOnAfterARestart { replica.tenure = nil }
      self.processes[id]!.replicas[shard] = replica
    }
  }

  /// The log hears that a process runs, and the process hears that the log did.
  private mutating func start(_ id: ServerID) {
    if self.flaw == .leadsOnAfterARestart, self.fleet.server(id)?.state == .inService { return }
    self.propose(.started(id, store: "store-\(id)"))
    for shard in self.processes[id]!.replicas.keys.sorted() {
      self.processes[id]!.replicas[shard]!.tenure = nil
      self.processes[id]!.replicas[shard]!.waiters = []
    }
    // What stands in the log before that is of an earlier process: it leads nothing by it.
    self.processes[id]!.applied = self.log.count - 2
    self.follow(id)
  }
}
