/// A leader's wish to hand its leadership over, while it is being carried out (thesis §3.10).
///
/// It always ends, so a leader whose transfer came to nothing serves again.
package struct Transfer: Hashable, Sendable {
  /// Who shall take over: a voter of the membership in force, and it stays one meanwhile.
  package let target: NodeID
  /// When it is given up.
  package internal(set) var deadline: Instant
  /// Who waits to hear how it ends; nobody, if the leader leaves of its own accord.
  var tickets: [Ticket] = []
  /// When the target was last asked; `nil` if it shall be asked as soon as its log is complete.
  var askedAt: Instant?
}

/// Why leadership was not transferred.
package enum TransferRefusal: Hashable, Sendable {
  /// Another node leads, or none does.
  case notLeader
  /// This node leads already.
  case alreadyLeads
  /// The target is no member.
  case unknown(NodeID)
  /// The target is a member without a vote.
  case learner(NodeID)
  /// The target is a witness: it never leads.
  case witness(NodeID)
  /// Nobody else has a vote and could lead.
  case noOtherVoter
  /// None of the other voters was heard within an election timeout.
  case noneHeard
  /// Another target was wanted later.
  case replaced(by: NodeID)
  /// The target did not take over in time; this node leads on.
  case givenUp(NodeID)
  /// This node does not lead any more, and whether the target will is not known.
  case outcomeUnknown
}
