/// What an engine shows of itself, found out in one go.
package struct EnginePicture: Sendable {
  package let state: ServerState
  package let leader: NodeID?
  package let transferTarget: NodeID?
  package let removedAt: LogID?
  package let durableLogID: LogID?
  package let committedAnywhere: LogIndex?
  package let hasQuorumContact: Bool
  /// When a quorum is known to have followed this leader; `nil` if it does not lead.
  package let contact: Instant?
}

// What a turn or a step asks from outside. These change nothing, and are mutating all the same: for
// a call that only looks, the language makes a copy of the engine, which is large.
extension Engine {
  /// What metrics tell.
  package mutating func picture() -> EnginePicture {
    let isLeader = self.isLeader
    return EnginePicture(
      state: self.serverState, leader: self.leader,
      transferTarget: isLeader ? self.transferTarget : nil,
      removedAt: self.removedAt, durableLogID: self.durableLogID,
      committedAnywhere: self.committedAnywhere,
      hasQuorumContact: isLeader && self.hasQuorumContact,
      contact: isLeader ? self.leaderships[0].contact : nil)
  }

  /// How this server takes part, and whether it knows a leader.
  package mutating func standing() -> (state: ServerState, hasLeader: Bool) {
    (self.serverState, self.leader != nil)
  }

  /// Since when the disk hangs; `nil` if it does not.
  package mutating func stalledSinceNow() -> Instant? { self.stalledSince }

  /// Who speaks to whom when this node sends that one something.
  package mutating func contactNow(to id: NodeID) -> Contact { self.contact(to: id) }

  /// Why a message with this contact must not be handled; `nil` if it may be.
  package mutating func refusalNow(of contact: Contact) -> ContactRefusal? {
    self.refusal(of: contact)
  }

  /// What kind of member a leader takes its peer for; `nil` for a stranger.
  package mutating func roleNow(of peer: NodeID) -> Member.Role? { self.role(of: peer) }
}
