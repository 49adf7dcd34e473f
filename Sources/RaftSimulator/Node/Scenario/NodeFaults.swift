import Raft

/// What goes wrong in a run: one fault after the other, each undone after a while.
final class NodeFaults: @unchecked Sendable {
  private enum Fault: CaseIterable {
    case crash
    case powerCut
    case wipe
    case restart
    case isolation
    case split
    case oneWay
    case loss
    case slowNetwork
    case pause
    case slowDisk
    case storeFailure
    case snapshotFailure
    case slowMachine
    case machineFailure
    case membership
    case snapshot
    case election
    case wallClock
  }

  private let scenario: NodeScenario
  private var isHealing = false
  private var underWay = 0
  /// Who lost its disk and is no voter again yet.
  private var wiped: NodeID?

  private var world: NodeWorld { self.scenario.world }
  private var cluster: NodeCluster { self.scenario.cluster }

  init(scenario: NodeScenario) {
    self.scenario = scenario
  }

  /// Makes trouble for so many nanoseconds.
  func run(for nanoseconds: Int64) async {
    let end = self.world.now + nanoseconds
    while self.world.now < end {
      await self.world.sleep(for: self.world.draw(self.world.profile.faultPause))
      guard let fault = self.world.pick(Fault.allCases),
        let station = self.world.pick(self.cluster.stations)
      else { return }
      self.world.note("FAULT \(fault) at node \(station.id)")
      await self.cause(fault, at: station)
    }
  }

  /// Undoes everything.
  func heal() async {
    self.isHealing = true
    self.cluster.network.heal()
    for station in self.cluster.stations {
      station.pausedUntil = self.world.now
      station.machine = MachineTrouble()
      station.disk.latency = self.world.profile.diskLatency
      station.disk.failsNextFlush = false
      station.disk.failsNextSnapshot = false
    }
    self.scenario.reviveAll()
  }

  private func cause(_ fault: Fault, at station: NodeStation) async {
    switch fault {
    case .crash: self.crash(station)
    case .powerCut: for station in self.cluster.stations { self.crash(station) }
    case .wipe: self.wipe(station)
    case .restart: self.restart(station)
    case .isolation, .split, .oneWay, .loss, .slowNetwork: self.troubleNetwork(fault, at: station)
    case .pause: station.pausedUntil = self.world.now + self.world.draw(1_000_000...2_000_000_000)
    case .slowDisk:
      let longest: Int64 = self.world.draw(5_000_000...300_000_000)
      station.disk.latency = 0...longest
      self.later { station.disk.latency = self.world.profile.diskLatency }
    case .storeFailure:
      station.disk.failsNextFlush = true
      self.reviveLater(station)
    case .snapshotFailure: station.disk.failsNextSnapshot = true
    case .slowMachine:
      station.machine.delayMax = self.world.draw(100_000...20_000_000)
      self.later { station.machine.delayMax = 0 }
    case .machineFailure:
      station.machine.failsNext = true
      self.reviveLater(station)
    case .membership: self.changeMembership()
    case .snapshot: station.life?.node.triggers.buildSnapshot()
    case .election: station.life?.node.triggers.startElection()
    case .wallClock:
      station.clock.wallClockOffset += self.world.draw(-5_000_000_000...5_000_000_000)
    }
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
    guard self.wiped == nil, self.canLoseDisk(station) else { return }
    self.wiped = station.id
    self.cluster.crash(station)
    station.loseDisk()
    self.world.note("node \(station.id) LOSES ITS DISK")
    self.reviveLater(station)
    Task { await self.rebuild(station.id) }
  }

  /// Whether all run, agree on who belongs to the cluster, and know each voter's life; and enough
  /// voters are left.
  private func canLoseDisk(_ station: NodeStation) -> Bool {
    guard let membership = self.cluster.leader?.life?.node.metrics.committedMembership.membership,
      !membership.isJoint, membership.voters.count > 2, membership.isVoter(station.id)
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
          try await leader.addVoter(NodeCluster.member(id), within: .seconds(2))
          self.world.tally.rebuilds += 1
          self.wiped = nil
          return
        } catch {
          self.world.note("rebuild of node \(id): \(error)")
        }
      }
      await self.world.sleep(for: 100_000_000)
    }
  }

  // MARK: Network

  private func troubleNetwork(_ fault: Fault, at station: NodeStation) {
    let network = self.cluster.network
    let others = self.cluster.stations.filter { $0.id != station.id }
    switch fault {
    case .isolation:
      for other in others { network.change(between: station.id, and: other.id) { $0.isCut = true } }
    case .split:
      let side = Set(self.cluster.stations.filter { _ in self.world.happens(500) }.map(\.id))
      for one in self.cluster.stations where side.contains(one.id) {
        for other in self.cluster.stations where !side.contains(other.id) {
          network.change(between: one.id, and: other.id) { $0.isCut = true }
        }
      }
    case .oneWay:
      guard let other = self.world.pick(others) else { return }
      network[station.id, other.id].isCut = true
    case .loss:
      let loss = self.world.draw(20...400)
      let twice = self.world.draw(0...200)
      self.changeAll {
        $0.lossPerMille = loss
        $0.duplicatesPerMille = twice
      }
    default:
      let longest: Int64 = self.world.draw(5_000_000...400_000_000)
      for other in others {
        network.change(between: station.id, and: other.id) { $0.delay = 0...longest }
      }
    }
    self.later { network.heal() }
  }

  private func changeAll(_ body: (inout NodeNetwork.Way) -> Void) {
    for one in self.cluster.stations {
      for other in self.cluster.stations where one.id != other.id {
        body(&self.cluster.network[one.id, other.id])
      }
    }
  }

  // MARK: Membership

  private func changeMembership() {
    guard self.wiped == nil, let leader = self.cluster.leader?.life?.node,
      let membership = leader.metrics.effectiveMembership.membership,
      let id = self.world.pick(self.cluster.stations)?.id
    else { return }
    let call = self.scenario.book.begin(
      .other("change of \(membership) at \(id)"), by: 0, at: leader.id)
    let isRetained = self.world.happens(500)
    let waits = self.world.happens(500)
    Task {
      do throws(MembershipChangeError) {
        if membership.member(id) == nil {
          try await leader.addLearner(
            NodeCluster.member(id),
            admission: waits ? .whenCaughtUp(lag: 5, within: .seconds(2)) : .atOnce)
        } else if !membership.isVoter(id) {
          try await leader.changeMembership(.addVoters([id]))
        } else if membership.voters.count > 1 {
          try await leader.changeMembership(
            .removeVoters([id]), removedVoters: isRetained ? .becomeLearners : .leave)
        }
        self.world.tally.membershipChanges += 1
        self.scenario.book.end(call, .done)
      } catch .outcomeUnknown {
        self.scenario.book.end(call, .unknown)
      } catch {
        self.world.note("membership: \(error)")
        self.scenario.book.end(call, .notRead)
      }
    }
  }
}
