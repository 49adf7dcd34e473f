/// What an operator sets off or turns off by hand.
extension Engine {
  /// Stands at once, without asking first whether it could win.
  ///
  /// A promise is not broken for that: then it stands as soon as the promise ends, unless a leader
  /// is heard before.
  mutating func campaignRequested() {
    guard self.canCampaign, !self.isLeader else { return }
    self.electionDue = self.now
    self.standsUnasked = true
    self.standIfDue()
  }

  /// Makes itself heard at once.
  mutating func heartbeatRequested() {
    if self.isLeader { self.isHeartbeatWanted = true }
  }

  /// Removes what a snapshot covers through this index, whoever may still want it.
  mutating func purgeRequested(through index: LogIndex) {
    guard let snapshot = self.snapshot else { return }
    let through = min(index, snapshot.index)
    guard through >= self.log.first, let logID = self.log.logID(at: through) else { return }
    self.log.purge(through: logID)
    self.commands.append(.purge(through: logID))
  }

  /// From now on these are on, and no others.
  mutating func switched(to switches: EngineSwitches) {
    let before = self.switches
    self.switches = switches
    guard switches.areElectionsOn != before.areElectionsOn else { return }
    self.startElectionTimer()
  }

  /// Adds an entry that changes nothing, so that whoever waits for it hears when everything before
  /// it is applied.
  mutating func barrierProposed(timestamp: Timestamp) {
    self.propose(.blank, count: 1, byteCount: 0, timestamp: timestamp)
  }
}
