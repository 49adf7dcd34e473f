import Raft

/// What a transcript does to real nodes, and what it asks them.
extension NodeStage {
  private func contact(from: NodeID, to: NodeID) -> Contact {
    Contact(cluster: ScriptedPlay.cluster, sender: from, receiver: to)
  }

  // MARK: Calls

  func write(_ value: UInt64, to register: Int, at id: NodeID, call: Int) {
    guard let life = self.station(id).life else { return self.onAnswer(call, CallText.down) }
    let command = SimulatedCommand(value: value, key: register, expected: nil)
    let number = self.book.begin(.write([command]), by: call, at: id)
    self.perform {
      Task {
        let (outcome, text) = await Self.write(command, life)
        self.book.end(number, outcome)
        self.onAnswer(call, text)
      }
    }
  }

  private static func write(
    _ command: SimulatedCommand, _ life: NodeLife
  ) async -> (CallBook.Outcome, String) {
    do throws(WriteError) {
      let response = try await life.node.write(command)
      return (.written([response]), CallText.done(at: response.index))
    } catch {
      // What a dead process says is not heard.
      guard !life.isDead else { return (.unknown, CallText.unknown) }
      return switch error {
      case .notLeader(let hint): (.refused(error), CallText.refused(hint?.id))
      case .noQuorum: (.refused(error), CallText.noQuorum)
      case .transferring(let hint): (.refused(error), CallText.transferring(to: hint.id))
      case .outcomeUnknown: (.unknown, CallText.unknown)
      default: (.refused(error), "refused: \(error)")
      }
    }
  }

  func read(_ register: Int, at id: NodeID, barrierFrom other: NodeID, call: Int) {
    guard let life = self.station(id).life, let leader = self.node(other) else {
      return self.onAnswer(call, CallText.down)
    }
    let number = self.book.begin(.read(key: register), by: call, at: id)
    self.perform {
      Task {
        let (outcome, text) = await Self.read(register, life, barrierFrom: leader)
        self.book.end(number, outcome)
        self.onAnswer(call, text)
      }
    }
  }

  private static func read(
    _ register: Int, _ life: NodeLife, barrierFrom leader: RaftNode<SimulatedMachine>
  ) async -> (CallBook.Outcome, String) {
    do throws(ReadError) {
      let barrier = try await leader.readBarrier()
      try await life.node.waitUntilApplied(through: barrier)
      let (value, index) = try await life.node.read {
        ($0.registers[register], $0.lines.last?.index)
      }
      return (.read(value, at: index), CallText.value(value, of: register))
    } catch {
      guard !life.isDead else { return (.unknown, CallText.unknown) }
      return switch error {
      case .notLeader: (.notRead, CallText.notLeader)
      case .noQuorum: (.notRead, CallText.noQuorum)
      default: (.notRead, "refused: \(error)")
      }
    }
  }

  func change(
    _ change: MembershipChange, _ removed: RemovedVoters, if expected: LogID?, at id: NodeID,
    call: Int
  ) {
    guard let life = self.station(id).life else { return self.onAnswer(call, CallText.down) }
    self.perform {
      Task {
        let text = await Self.change(change, removed, expected, life.node)
        self.onAnswer(call, life.isDead ? CallText.unknown : text)
      }
    }
  }

  private static func change(
    _ change: MembershipChange, _ removed: RemovedVoters, _ expected: LogID?,
    _ node: RaftNode<SimulatedMachine>
  ) async -> String {
    do throws(MembershipChangeError) {
      let receipt = try await node.changeMembership(change, removedVoters: removed, if: expected)
      return "done: \(receipt.membership)"
    } catch {
      return switch error {
      case .notLeader: CallText.notLeader
      case .noQuorum: CallText.noQuorum
      case .transferring(let hint): CallText.transferring(to: hint.id)
      case .inProgress: CallText.inProgress
      case .preconditionFailed(_, let actual): CallText.otherMembership(actual)
      case .invalid(let error): "refused: \(error)"
      case .outcomeUnknown, .stopped: CallText.unknown
      default: "refused: \(error)"
      }
    }
  }

  func transfer(from: NodeID, to: NodeID?, call: Int) {
    guard let life = self.station(from).life else { return self.onAnswer(call, CallText.down) }
    self.perform {
      Task {
        let text = await Self.transfer(to: to, life.node)
        self.onAnswer(call, life.isDead ? CallText.unknown : text)
      }
    }
  }

  private static func transfer(
    to target: NodeID?, _ node: RaftNode<SimulatedMachine>
  ) async -> String {
    do throws(TransferError) {
      return CallText.Handover.done(to: try await node.transferLeadership(to: target))
    } catch {
      return switch error {
      case .notLeader: CallText.notLeader
      case .alreadyLeads: CallText.Handover.alreadyLeads
      case .notMember(let id): CallText.Handover.noMember(id)
      case .notVoter(let id): CallText.Handover.noVoter(id)
      case .witness(let id): CallText.Handover.witness(id)
      case .noOtherVoter: CallText.Handover.noOtherVoter
      case .noneHeard: CallText.Handover.noneHeard
      case .replaced(let id): CallText.Handover.replaced(by: id)
      case .givenUp(let id): CallText.Handover.givenUp(id)
      case .outcomeUnknown, .stopped: CallText.unknown
      }
    }
  }

  func found(_ voters: [NodeID], at id: NodeID, call: Int) {
    guard let life = self.station(id).life else { return self.onAnswer(call, CallText.down) }
    let rule = self.world.profile.leadershipRule
    let members = voters.map { self.world.profile.member($0) }
    self.perform {
      Task {
        let text = await Self.found(members, life.node, rule)
        self.onAnswer(call, life.isDead ? CallText.unknown : text)
      }
    }
  }

  private static func found(
    _ members: [Member], _ node: RaftNode<SimulatedMachine>, _ rule: LeadershipRule
  ) async -> String {
    do throws(BootstrapError) {
      try await node.bootstrap(
        with: members, cluster: ScriptedPlay.cluster, leadershipRule: rule)
      return "done"
    } catch {
      return switch error {
      case .notAllowed: "refused: it has a history"
      case .notVoter: "refused: it would be no voter"
      case .witness: "refused: it is a witness"
      case .invalid(let error): "refused: \(error)"
      default: "refused: \(error)"
      }
    }
  }

  // MARK: Messages

  func ask(
    _ id: NodeID, for vote: Vote, last: LogID?, _ question: TranscriptCommand.Question, call: Int
  ) {
    guard let life = self.station(id).life else { return self.onAnswer(call, CallText.down) }
    let contact = self.contact(from: vote.leader.node, to: id)
    let request = VoteRequest(vote: vote, lastLogID: last)
    self.perform {
      Task {
        let text = await Self.ask(life.node, request, contact, question)
        self.onAnswer(call, life.isDead ? CallText.unknown : text)
      }
    }
  }

  private static func ask(
    _ node: RaftNode<SimulatedMachine>, _ request: VoteRequest, _ contact: Contact,
    _ question: TranscriptCommand.Question
  ) async -> String {
    do throws(RequestError) {
      let response =
        switch question {
        case .vote: try await node.respond(to: request, contact: contact)
        case .preVote: try await node.respond(toPreVote: request, contact: contact)
        }
      return CallText.vote(response)
    } catch {
      return Self.text(error)
    }
  }

  private static func text(_ error: RequestError) -> String {
    switch error {
    case .malformed: "refused: malformed"
    case .busy: "refused: busy"
    case .refused(let refusal): "refused: \(refusal)"
    default: "refused: \(error)"
    }
  }

  func tell(_ append: TranscriptCommand.HandmadeAppend, call: Int) {
    guard let life = self.station(append.to).life else {
      return self.onAnswer(call, CallText.down)
    }
    let header = AppendHeader(
      vote: append.vote, previous: append.previous, committed: append.committed,
      promise: 100 * milliseconds, session: 0)
    let contact = self.contact(from: append.vote.leader.node, to: append.to)
    let disks = self.cluster.stations.map(\.disk)
    let role = self.world.profile.role(of: append.to)
    self.perform {
      Task {
        var entries: [EntrySlice] = []
        for logID in append.entries {
          guard let entry = await Self.entry(logID, on: disks) else {
            return self.onAnswer(
              call, "nobody holds \(logID); only entries that exist can be sent")
          }
          entries.append(entry.form(for: role))
        }
        let request = AppendRequest(contact: contact, header: header, entries: entries)
        life.node.receive(request) { result in
          switch result {
          case _ where life.isDead: self.onAnswer(call, CallText.unknown)
          case .success(let response): self.onAnswer(call, CallText.append(response.outcome))
          case .failure(let error): self.onAnswer(call, Self.text(error))
          }
        }
      }
    }
  }

  private static func entry(_ logID: LogID, on disks: [NodeDisk]) async -> EntrySlice? {
    for disk in disks {
      for slice in await self.slices(of: disk) where slice.run.leader == logID.leader {
        if let entry = slice.clamped(from: logID.index, through: logID.index) { return entry }
      }
    }
    return nil
  }

  // MARK: Network

  func setCut(_ isCut: Bool, from: NodeID, to: NodeID) {
    self.cluster.network[from, to].isCut = isCut
  }

  func addRule(
    _ verdict: MessageVerdict, of kind: MessageKind?, from: NodeID, to: NodeID,
    _ duration: RuleDuration, after passing: Int
  ) {
    self.cluster.network.rules.add(verdict, of: kind, from: from, to: to, duration, after: passing)
  }

  func release() {
    self.perform {
      for carry in self.cluster.network.rules.release() { carry() }
    }
  }

  // MARK: Nodes

  func elect(_ id: NodeID) {
    self.perform { self.node(id)?.triggers.startElection() }
  }

  func buildSnapshot(_ id: NodeID) {
    self.perform { self.node(id)?.triggers.buildSnapshot() }
  }

  func crash(_ id: NodeID) {
    self.perform { self.cluster.crash(self.station(id), .noWrite) }
    self.station(id).disk.resume()
  }

  func stop(_ id: NodeID) {
    self.perform {
      Task { await self.cluster.stop(self.station(id)) }
    }
  }

  func start(_ id: NodeID) {
    self.perform { self.cluster.start(self.station(id)) }
  }

  func wipe(_ id: NodeID) { self.station(id).replaceDisk() }

  func pause(_ id: NodeID, for nanoseconds: Int64) {
    self.station(id).pausedUntil = self.world.now + nanoseconds
  }

  func jumpClock(of id: NodeID, by nanoseconds: Int64) {
    self.station(id).clock.jump(by: nanoseconds)
  }

  func stall(_ id: NodeID) { self.station(id).disk.stall() }

  func resume(_ id: NodeID) {
    self.perform { self.station(id).disk.resume() }
  }

  func failDisk(_ id: NodeID) { self.station(id).disk.failsNextFlush = true }
}
