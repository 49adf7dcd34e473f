extension CoreLoop {
  /// Whether anybody is told of commands, or counts them.
  var isWatched: Bool { self.isMeasuring || self.core.events.isWatched }

  /// A command is about to be carried out.
  @inline(never)
  mutating func observe(_ command: Command) {
    if self.core.events.isWatched { self.tell(of: command) }
    if self.isMeasuring { self.measure(command) }
  }

  /// Carries out one command.
  mutating func execute(_ command: consuming Command) {
    switch consume command {
    case .saveVote(let vote, let io):
      self.settle(self.store.save(vote, completion: self.core.completion(of: io)), io)
    case .adoptCluster(let cluster, let io):
      self.settle(self.store.adopt(cluster, completion: self.core.completion(of: io)), io)
    case .appendProposed(let run, let io):
      self.appendProposed(run, io)
    case .appendReceived(let first, let last, let io):
      self.appendReceived(from: first, through: last, io)
    case .truncate(let last):
      self.tail.truncate(from: last.nextIndex)
      self.store.truncate(after: last)
    case .purge(let logID):
      self.tail.skip(to: logID.index.next)
      self.core.worker.note(purged: logID.index)
      self.store.purge(through: logID)
    case .noteCommitted(let logID):
      self.store.note(committed: logID)
    case .refuseProposed(let refusal):
      self.refuse(
        self.barrier.isEmpty ? self.takeBatch().writers : self.takeBarrier(), refusal)
    case .abandonWrites(let last):
      self.commitNotices.removeAll { $0.logID.index >= last.nextIndex }
      self.core.hooks.refuse(self.tail.takeWriters(from: last.nextIndex), .outcomeUnknown)
      self.core.worker.add(.abandon(from: last.nextIndex))
    case .sendAppend(let peer, let through, let message, let header, let isSized):
      self.sendAppend(
        to: peer, header, through: through, message: message, isSized: isSized)
    case .sendHeartbeat(let peer, let message, let header):
      self.sendHeartbeat(to: peer, header, message: message)
    case .requestVote(let peer, let request):
      self.requestVote(of: peer, request)
    case .requestPreVote(let peer, let request):
      self.requestPreVote(of: peer, request)
    case .sendTransfer(let peer, let request):
      self.sendTransfer(to: peer, request)
    case .sendSnapshot(let peer, let vote, let session, let message):
      self.sendSnapshot(to: peer, vote, session: session, message: message)
    case .apply(let logID):
      self.apply(through: logID)
    case .buildSnapshot:
      self.core.worker.add(.buildSnapshot)
    case .receiveSnapshot(let meta, let ticket):
      self.receiveSnapshot(meta, ticket)
    case .installSnapshot(let meta):
      self.install(meta)
    case .respond(let ticket, let response):
      self.respond(ticket, response)
    case .stop(let reason):
      self.failure = .protocolViolated(reason)
    }
  }

  private var store: any LogStore { self.core.logStore }

  private mutating func settle(_ durability: Durability, _ io: IOID) {
    if case .flushed = durability { self.flushed(io) }
  }

  private mutating func appendProposed(_ run: EntryRun, _ io: IOID) {
    let chunk: EntryChunk
    let writers: [Writer]
    var opened: Instant?
    if run.kind == .command {
      let writes = self.takeBatch()
      chunk = EntryChunk(run: run, bytes: writes.payloads.buffer, ends: writes.ends)
      writers = writes.writers
      opened = writes.opened
    } else {
      chunk = EntryChunk(emptyPayloads: run)
      writers = run.kind == .blank ? self.takeBarrier() : []
    }
    let durability = self.append(EntrySlice(chunk), writers: writers, io)
    if let opened, self.plan.isTiming {
      self.core.instruments.appended(
        run, opened: opened, taken: self.now, at: self.core.clock.now())
    }
    self.settle(durability, io)
  }

  private mutating func appendReceived(from first: LogIndex, through last: LogIndex, _ io: IOID) {
    for place in self.incoming.indices {
      guard let slice = self.incoming[place].clamped(from: first, through: last) else { continue }
      guard slice.first == first, slice.last == last else { break }
      self.settle(self.append(slice, writers: [], io), io)
      return
    }
    preconditionFailure("the message does not hold \(first)...\(last): \(self.incoming)")
  }

  private mutating func append(
    _ slice: EntrySlice, writers: consuming [Writer], _ io: IOID
  ) -> Durability {
    if self.isMeasuring { self.note(slice.count, in: .appendBatch) }
    self.tail.append(slice, writers: writers)
    let durability = self.store.append(slice, completion: self.core.completion(of: io))
    if case .pending = durability { self.unflushed.add(slice.memoryByteCount, under: io.sequence) }
    return durability
  }

  private func refuse(_ writers: [Writer], _ refusal: ProposalRefusal) {
    switch refusal {
    case .notLeader: self.core.hooks.refuse(writers, .notLeader(self.leaderHint))
    case .noQuorum: self.core.hooks.refuse(writers, .noQuorum)
    case .transferring(let target):
      self.core.hooks.refuse(writers, .transferring(to: self.hint(at: target)))
    }
  }

  private mutating func apply(through logID: LogID) {
    let last = logID.index
    if let missing = self.tail.passMissing(through: last) { self.core.worker.applyStored(missing) }
    guard self.tail.unapplied <= last, !self.applyNow(through: last) else { return }
    let items = self.tail.handOver(through: last)
    guard !items.isEmpty else { return }
    for place in items.indices { self.tellCommitted(items[place], through: last) }
    if self.core.worker.backlogBytes >= self.core.configuration.pendingBytesMax,
      items.allSatisfy({ $0.writers.isEmpty })
    {
      // A machine that cannot keep up with the leader's: what it has not come to stays on disk.
      self.core.worker.applyStored(items[0].slice.first...last)
    } else {
      self.core.worker.add(.apply(items))
    }
  }

  /// Applies entries here and now if the machine takes them at once; `false` if they are many, or
  /// the machine was slow lately, or it has something else to do.
  ///
  /// What the worker has done before and the core has not heard of yet is told to the engine with it:
  /// its report comes too late then, and tells nothing.
  private mutating func applyNow(through last: LogIndex) -> Bool {
    let core = self.core
    let worker = core.worker
    guard self.now >= self.inlineApplyFrom,
      self.tail.unapplied.distance(to: last) < core.configuration.inlineApplyEntriesMax,
      worker.enter(heard: self.installsHeard)
    else { return false }
    var applied = MachineWorker.Applied(
      until: self.now.advanced(byNanoseconds: Self.inlineApplyTimeMax))
    while applied.goesOn, let item = self.tail.handNext(through: last) {
      self.tellCommitted(item, through: last)
      worker.applyNow(item, &applied)
      self.keepRoom(of: consume item)
    }
    if applied.hasFailed { self.failure = worker.failure }
    worker.leave(&applied)
    self.clockRead = core.clock.now()
    let took = self.clockRead.nanoseconds - self.now.nanoseconds
    if took > Self.inlineApplyTimeMax {
      self.inlineApplyFrom = self.now.advanced(byNanoseconds: took * 100)
    }
    for digest in applied.digests { self.note(digest) }
    guard !applied.hasFailed else { return true }
    if let reached = applied.last {
      let unheard = Int(applied.workerByteCount - self.workerBytesHeard)
      self.workerBytesHeard = applied.workerByteCount
      self.step(.applied(through: reached, byteCount: applied.byteCount + unheard))
    }
    if let rest = applied.rest { self.leave(rest, through: last) }
    return true
  }

  /// Keeps the room of answered writers for those of a batch to come, unless it is much.
  private mutating func keepRoom(of item: consuming LogTail.Item) {
    guard (1...8192).contains(item.writers.capacity) else { return }
    swap(&self.spareWriters, &item.writers)
    self.spareWriters.removeAll(keepingCapacity: true)
  }

  /// Leaves what the core has no time for to the worker; the writers of the rest of a batch are
  /// expected already.
  private mutating func leave(_ rest: EntrySlice, through last: LogIndex) {
    var items = [LogTail.Item(slice: rest, writers: [])]
    while let item = self.tail.handNext(through: last) {
      self.tellCommitted(item, through: last)
      items.append(item)
    }
    self.core.worker.add(.apply(items))
  }

  /// Hears what the machine's worker has done.
  mutating func hear(_ report: Input) {
    switch report {
    case .applied(let logID, let byteCount):
      // The core went on from there before it heard of it.
      guard logID.index >= self.engine.applied.nextIndex else { return }
      self.workerBytesHeard += UInt64(byteCount)
    case .snapshotInstalled: self.installsHeard += 1
    default: break
    }
    self.step(report)
  }

  /// Beyond so many nanoseconds from a turn's start to the end of an apply, the machine is left to
  /// its worker for a while.
  private static let inlineApplyTimeMax: Int64 = 1_000_000

  /// Tells the senders of submitted commands that they are committed.
  ///
  /// The writers of a batch are handed to the machine together, also if its end is not committed
  /// yet.
  private mutating func tellCommitted(_ item: LogTail.Item, through last: LogIndex) {
    self.answeredCount += item.writers.count
    for place in item.writers.indices where item.writers[place].form == .submission {
      let writer = item.writers[place]
      let run = item.slice.chunk.run
      self.commitNotices.append(
        CommitNotice(
          logID: LogID(leader: run.leader, index: run.first + writer.last),
          tell: self.core.hooks.commitNotice(writer.token)))
    }
    guard !self.commitNotices.isEmpty else { return }
    let ready = self.commitNotices.prefix { $0.logID.index <= last }
    for notice in ready { notice.tell(notice.logID) }
    self.commitNotices.removeFirst(ready.count)
  }

  private mutating func install(_ meta: SnapshotMeta) {
    guard let snapshot = self.received, snapshot.meta == meta else {
      preconditionFailure("\(meta) was not received: \(String(describing: self.received?.meta))")
    }
    self.received = nil
    self.core.worker.add(.install(snapshot))
  }

  /// Receives an offered snapshot into the store, beside everything else.
  private mutating func receiveSnapshot(_ meta: SnapshotMeta, _ ticket: Ticket) {
    guard let offer = self.offers.removeValue(forKey: ticket.number) else {
      preconditionFailure("no snapshot was offered under \(ticket)")
    }
    let core = self.core
    self.spawn {
      await SnapshotReception(of: offer, by: core).run { result in
        switch result {
        case .success(let snapshot): core.post(.snapshotReceived(snapshot, ticket))
        case .failure(let error): core.post(.receptionFailed(ticket, error))
        }
      }
    }
  }
}
