import Raft

/// What goes wrong in a run: one fault after the other, each undone after a while.
final class NodeFaults: @unchecked Sendable {
  private let play: NodePlay
  private var isHealing = false
  private var underWay = 0
  /// How many calls for another membership are not answered.
  private var changing = 0
  /// Who lost its disk and is no voter again yet.
  private var wiped: NodeID?

  private var world: NodeWorld { self.play.world }
  private var cluster: NodeCluster { self.play.cluster }

  init(_ play: NodePlay) {
    self.play = play
  }

  /// Makes trouble until the scenario's steps are used up.
  func run() async {
    let kinds = NodeFault.all(of: self.world.scenario.profile)
    while self.world.executor.steps < self.world.scenario.steps {
      guard !kinds.isEmpty else {
        await self.world.sleep(for: 10_000_000)
        continue
      }
      self.world.pieces[.fault] += 1
      let number = self.world.pieces[.fault]
      var dice = Dice(seed: self.world.scenario.seed, .fault, number)
      await self.world.sleep(for: dice.draw(self.world.profile.faultPause))
      let fault = dice.pick(kinds)
      let station = dice.pick(self.cluster.stations)
      self.world.play(number, with: dice) {
        self.world.coverage.count(fault: PlainWords.split("\(fault)"))
        self.cause(fault, at: station)
      }
    }
    self.world.isChaotic = false
  }

  /// Undoes everything.
  func heal() async {
    self.isHealing = true
    self.cluster.network.heal()
    self.world.note(.fault, "the troubles end", mark: .troublesEnd)
    self.noteCutLinks()
    for station in self.cluster.stations {
      station.pausedUntil = self.world.now
      station.machine = MachineTrouble()
      station.disk.latency = self.world.profile.diskLatency
      station.disk.failsNextFlush = false
      station.disk.failsNextSnapshot = false
    }
    self.play.reviveAll()
  }

  private func cause(_ fault: NodeFault, at chosen: NodeStation) {
    let station = fault.isOfLeader ? self.cluster.leader ?? chosen : chosen
    switch fault {
    case .crash, .crashLeader: self.crash(station)
    case .powerCut: for station in self.cluster.stations { self.crash(station) }
    case .wipe: self.wipe(station)
    case .restart: self.restart(station)
    case .isolation, .isolateLeader, .split, .oneWay, .loss, .slowNetwork:
      self.troubleNetwork(fault, at: station)
    case .pause, .pauseLeader: self.pause(station)
    case .slowDisk:
      let longest: Int64 = self.world.draw(5_000_000...300_000_000)
      station.disk.latency = 0...longest
      self.world.coverage.diskStalls += 1
      self.tell("its disk takes up to \(longest / milliseconds) ms", station)
      self.later { station.disk.latency = self.world.profile.diskLatency }
    case .storeFailure:
      station.disk.failsNextFlush = true
      self.tell("its log store will fail", station)
      self.reviveLater(station)
    case .snapshotFailure:
      station.disk.failsNextSnapshot = true
      self.tell("its next snapshot will fail", station)
    case .slowMachine:
      station.machine.delayMax = self.world.draw(100_000...20_000_000)
      self.tell("its machine is slow", station)
      self.later { station.machine.delayMax = 0 }
    case .machineFailure:
      station.machine.failsNext = true
      self.tell("its machine will fail", station)
      self.reviveLater(station)
    case .membership: self.changeMembership()
    case .snapshot:
      self.tell("is asked for a snapshot", station)
      station.life?.node.triggers.buildSnapshot()
    case .election:
      self.world.coverage.electionsRequested += 1
      self.tell("is asked to stand for election", station)
      station.life?.node.triggers.startElection()
    case .transfer: self.transfer(to: station)
    case .wallClock:
      self.world.coverage.clockChanges += 1
      station.clock.wallClockOffset += self.world.draw(-5_000_000_000...5_000_000_000)
      self.tell("its wall clock jumps", station)
    }
  }

  private func tell(_ text: String, _ station: NodeStation, mark: TraceMark? = nil) {
    self.world.note(.fault, station.id, text, mark: mark)
  }

  private func pause(_ station: NodeStation) {
    self.world.coverage.pauses += 1
    station.pausedUntil = self.world.now + self.world.draw(1_000_000...2_000_000_000)
    self.tell("stands still", station, mark: .paused(until: station.pausedUntil))
  }

  /// Does something after a while, unless everything is healed before.
  private func later(_ action: @escaping @Sendable () -> Void) {
    let pause: Int64 = self.world.draw(10_000_000...2_500_000_000)
    self.underWay += 1
    Task {
      await self.world.sleep(for: pause)
      self.underWay -= 1
      if !self.isHealing { action() }
    }
  }

  private func reviveLater(_ station: NodeStation) {
    self.later {
      if station.life == nil { self.cluster.start(station) } else { self.reviveLater(station) }
    }
  }

  private func crash(_ station: NodeStation) {
    guard station.life != nil else { return }
    self.cluster.crash(station)
    self.reviveLater(station)
  }

  private func restart(_ station: NodeStation) {
    Task {
      await self.cluster.stop(station)
      if !self.isHealing { self.reviveLater(station) }
    }
  }

  // MARK: Disks

  /// A node loses its disk, comes back under its old number, and is brought in anew.
  private func wipe(_ station: NodeStation) {
    guard self.wiped == nil, self.changing == 0, self.canLoseDisk(station) else { return }
    self.wiped = station.id
    self.cluster.crash(station)
    station.replaceDisk()
    self.world.coverage.wipes += 1
    self.tell("loses its disk", station)
    self.reviveLater(station)
    Task { await self.rebuild(station.id) }
  }

  /// Whether all run, agree on who belongs to the cluster, and know each voter's life; and enough
  /// voters are left.
  private func canLoseDisk(_ station: NodeStation) -> Bool {
    guard let membership = self.cluster.leader?.life?.node.metrics.committedMembership.membership,
      !membership.isJoint, membership.isVoter(station.id),
      // Witnesses are no copies: what is lost here must be held by other replicas.
      2 * membership.voters.count(where: { $0 != station.id && !membership.isWitness($0) })
        > membership.voters.count
    else { return false }
    return self.cluster.stations.allSatisfy { other in
      guard let metrics = other.life?.node.metrics,
        metrics.committedMembership == metrics.effectiveMembership,
        metrics.committedMembership.membership == membership,
        let entry = metrics.committedMembership.logID,
        // What a follower has applied is on its disk.
        (metrics.applied?.index).nextPlace > entry.index
      else { return membership.member(other.id) == nil && other.life == nil }
      return membership.voters.allSatisfy { id in
        membership.member(id)?.incarnation
          == self.cluster.network.station(of: id).disk.incarnation
      }
    }
  }

  private func rebuild(_ id: NodeID) async {
    while self.world.violation == nil {
      if let leader = self.cluster.leader?.life?.node {
        do throws(MembershipChangeError) {
          try await leader.addVoter(self.world.profile.member(id), within: .seconds(2))
          self.world.coverage.rebuilds += 1
          self.wiped = nil
          return
        } catch {
          self.world.note(.fault, id, "is not brought in yet: \(error)")
        }
      }
      await self.world.sleep(for: 100_000_000)
    }
  }

  // MARK: Network

  private func troubleNetwork(_ fault: NodeFault, at station: NodeStation) {
    let network = self.cluster.network
    let others = self.cluster.stations.filter { $0.id != station.id }
    switch fault {
    case .isolation, .isolateLeader:
      self.tell("is cut off", station)
      for other in others { network.change(between: station.id, and: other.id) { $0.isCut = true } }
    case .split:
      self.world.note(.fault, "the network splits")
      let side = Set(self.cluster.stations.filter { _ in self.world.happens(500) }.map(\.id))
      for one in self.cluster.stations where side.contains(one.id) {
        for other in self.cluster.stations where !side.contains(other.id) {
          network.change(between: one.id, and: other.id) { $0.isCut = true }
        }
      }
    case .oneWay:
      guard let other = self.world.pick(others) else { return }
      network[station.id, other.id].isCut = true
      self.tell("does not reach n\(other.id)", station)
    case .loss:
      let loss = self.world.draw(20...400)
      let twice = self.world.draw(0...200)
      self.world.note(
        .fault, "of a thousand messages \(loss) are lost, and \(twice) come twice")
      self.changeAll {
        $0.lossPerMille = loss
        $0.duplicatesPerMille = twice
      }
    default:
      let longest: Int64 = self.world.draw(5_000_000...400_000_000)
      self.tell("its messages take up to \(longest / milliseconds) ms", station)
      for other in others {
        network.change(between: station.id, and: other.id) { $0.delay = 0...longest }
      }
    }
    self.noteCutLinks()
    self.later {
      network.heal()
      self.noteCutLinks()
    }
  }

  /// Says who reaches whom.
  private func noteCutLinks() {
    let links = self.cluster.network.cutLinks
    if !links.isEmpty { self.world.coverage.partitions += 1 }
    let text = links.isEmpty ? "all links carry messages" : "\(links.count) links carry nothing"
    self.world.note(.fault, text, mark: .linksCut(links))
  }

  private func changeAll(_ body: (inout NodeNetwork.Way) -> Void) {
    for one in self.cluster.stations {
      for other in self.cluster.stations where one.id != other.id {
        body(&self.cluster.network[one.id, other.id])
      }
    }
  }

  // MARK: Transfers

  /// An operator wants this node to lead, or just another one than now.
  private func transfer(to station: NodeStation) {
    guard let leader = self.cluster.leader?.life?.node else { return }
    let target = self.world.happens(300) ? nil : station.id
    let wish = "hand over to \(target.map { "n\($0)" } ?? "anybody")"
    self.world.note(.fault, leader.id, "shall \(wish)")
    let call = self.play.book.begin(.other(wish), by: 0, at: leader.id)
    Task {
      do throws(TransferError) {
        _ = try await leader.transferLeadership(to: target)
        self.world.coverage.transfersFinished += 1
        self.play.book.end(call, .done)
      } catch .outcomeUnknown {
        self.play.book.end(call, .unknown)
      } catch {
        switch error {
        case .givenUp: self.world.coverage.transfersGivenUp += 1
        case .replaced: self.world.coverage.transfersReplaced += 1
        default: break
        }
        self.play.book.end(call, .notRead)
      }
    }
  }

  // MARK: Membership

  private func changeMembership() {
    guard self.wiped == nil, let leader = self.cluster.leader?.life?.node,
      let membership = leader.metrics.effectiveMembership.membership,
      let id = self.world.pick(self.cluster.stations)?.id
    else { return }
    let call = self.play.book.begin(
      .other("change the membership \(membership) at n\(id)"), by: 0, at: leader.id)
    let isRetained = self.world.happens(500)
    let waits = self.world.happens(500)
    self.changing += 1
    Task {
      defer { self.changing -= 1 }
      do throws(MembershipChangeError) {
        if membership.member(id) == nil {
          try await leader.addLearner(
            self.world.profile.member(id),
            admission: waits ? .whenCaughtUp(lag: 5, within: .seconds(2)) : .atOnce)
        } else if !membership.isVoter(id) {
          try await leader.changeMembership(.addVoters([id]))
        } else if membership.voters.count > 1 {
          try await leader.changeMembership(
            .removeVoters([id]), removedVoters: isRetained ? .becomeLearners : .leave)
        }
        self.world.coverage.membershipChanges += 1
        self.play.book.end(call, .done)
      } catch .outcomeUnknown {
        self.play.book.end(call, .unknown)
      } catch {
        self.play.book.end(call, .notRead)
      }
    }
  }
}

extension NodeFault {
  /// Whether it comes over the leader, if there is one.
  fileprivate var isOfLeader: Bool {
    switch self {
    case .crashLeader, .isolateLeader, .pauseLeader: true
    default: false
    }
  }
}
