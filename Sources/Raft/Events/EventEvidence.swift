/// What an engine was before a step, as far as watchers of events are interested.
struct EventEvidence {
  private let state: ServerState
  private let vote: Vote
  private let leader: LeaderID?
  private let hasContact: Bool
  private let transferTarget: NodeID?
  private let cluster: ClusterID?
  private let effective: LoggedMembership
  private let committed: LoggedMembership
  private let removedAt: LogID?
  private let purged: LogID?
  private let troubles: [NodeID: PeerTrouble]

  init(_ engine: borrowing Engine) {
    self.state = engine.serverState
    self.vote = engine.vote
    self.leader = engine.leader == nil ? nil : engine.vote.leader
    self.hasContact = engine.hasQuorumContact
    self.transferTarget = engine.transferTarget
    self.cluster = engine.cluster
    self.effective = engine.membership.effective
    self.committed = engine.membership.committed
    self.removedAt = engine.removedAt
    self.purged = engine.log.purged
    var troubles: [NodeID: PeerTrouble] = [:]
    if let lead = engine.lead {
      for progress in lead.progress { troubles[progress.id] = progress.trouble }
    }
    self.troubles = troubles
  }

  /// What is different now, causes before effects.
  func changes(to now: EventEvidence) -> [NodeEvent.Change] {
    var changes: [NodeEvent.Change] = []
    if self.vote != now.vote { changes.append(.vote(now.vote)) }
    if self.state != now.state { changes.append(.state(now.state)) }
    if self.leader != now.leader { changes.append(.leader(now.leader)) }
    if self.transferTarget != now.transferTarget {
      changes.append(now.transferTarget.map { .transferBegan(to: $0) } ?? .transferEnded)
    }
    // A leadership begins with contact, and what it lacked ends with it.
    if self.hasContact != now.hasContact, self.state == .leader, now.state == .leader {
      changes.append(now.hasContact ? .quorumRegained : .quorumLost)
    }
    if let cluster = now.cluster, self.cluster != cluster { changes.append(.cluster(cluster)) }
    if self.effective != now.effective { changes.append(.membership(now.effective)) }
    if self.committed != now.committed { changes.append(.membershipCommitted(now.committed)) }
    if let entry = now.removedAt, self.removedAt != entry { changes.append(.removed(at: entry)) }
    if let logID = now.purged, self.purged != logID { changes.append(.logPurged(through: logID)) }
    if self.state == now.state {
      for id in Set(self.troubles.keys).union(now.troubles.keys).sorted()
      where self.troubles[id] != now.troubles[id] {
        changes.append(.trouble(of: id, now.troubles[id]))
      }
    }
    return changes
  }
}
