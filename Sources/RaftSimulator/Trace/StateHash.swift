import RaftEngine

/// The fingerprint of what decides how an engine goes on; the same in every process.
enum StateHash {
  static func of(_ engine: Engine) -> UInt64 {
    var hash = Fingerprint()
    hash.add(engine.vote)
    hash.add(engine.log.purged)
    hash.add(engine.log.last)
    for run in engine.log.runs {
      hash.add(run.leader)
      hash.add(run.first.rawValue)
    }
    hash.add(engine.committed)
    hash.add(engine.applying)
    hash.add(engine.applied)
    hash.add(engine.snapshot)
    hash.add(engine.membership.committed.logID)
    hash.add(engine.membership.effective.logID)
    hash.add(engine.io.submitted)
    hash.add(engine.io.flushed)
    hash.add(engine.io.durable?.next.rawValue ?? 0)
    hash.add(UInt64(bitPattern: engine.deadline.nanoseconds))
    switch engine.role {
    case .following, .transitioning:
      hash.add(1)
    case .campaigning(let campaign):
      hash.add(2)
      for node in campaign.granted { hash.add(node.rawValue) }
    case .leading:
      hash.add(3)
      for progress in engine.lead?.progress ?? [] {
        hash.add(progress.id.rawValue)
        hash.add(progress.session)
        hash.add(progress.next.rawValue)
        hash.add(progress.matched?.next.rawValue ?? 0)
        hash.add(UInt64(bitPattern: progress.acknowledgedAt?.nanoseconds ?? 0))
      }
    }
    return hash.value
  }
}

extension Fingerprint {
  mutating func add(_ leader: LeaderID) {
    self.add(leader.term.rawValue)
    self.add(leader.node.rawValue)
  }

  mutating func add(_ vote: Vote) {
    self.add(vote.leader)
    self.add(vote.isCommitted ? 1 : 0)
  }

  mutating func add(_ logID: LogID?) {
    guard let logID else { return self.add(0) }
    self.add(logID.leader)
    self.add(logID.index.next.rawValue)
  }
}
