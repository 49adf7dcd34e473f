/// One step of an engine as a recording holds it.
package struct FlightRecord: Hashable, Sendable {
  /// What the node was after the step.
  package struct State: Hashable, Sendable {
    package let role: ServerState
    package let vote: Vote
    /// Whether the node knew who leads; it is the node of the vote.
    package let isLeaderKnown: Bool
    package let durable: LogIndex?
    package let last: LogID?
    package let committed: LogID?
    package let applied: LogID?
    package let purged: LogID?
    /// The entry of the membership in force.
    package let membership: LogID?
    /// The last entry that the newest snapshot contains.
    package let snapshot: LogIndex?
    /// What the step wanted done.
    package let commands: CommandSummary

    /// The node that led, as far as this one knew.
    package var leader: NodeID? { self.isLeaderKnown ? self.vote.leader.node : nil }
  }

  /// The record's number among all that were written.
  package let sequence: UInt64
  /// When, on the node's own clock.
  package let moment: Instant
  /// What the engine was told.
  package let told: FlightFacts
  /// The node afterwards; `nil` if the process ended within the step.
  package let state: State?

  /// Reads a record from its words; `nil` if they are no record.
  init?(_ words: ArraySlice<UInt64>) {
    typealias Place = FlightLayout.Record
    let words = Array(words)
    var check = FlightLayout.Check(salt: FlightLayout.toldSalt)
    for word in words[..<Place.toldCheck] { check.add(word) }
    guard words[Place.sequence] > 0, words[Place.toldCheck] == check.sum else { return nil }
    self.sequence = words[Place.sequence]
    self.moment = Instant(nanoseconds: Int64(bitPattern: words[Place.moment]))
    self.told = FlightFacts(
      head: words[Place.kind], peer: words[Place.peer],
      words: words[Place.facts..<Place.toldCheck])
    self.state = State(words)
  }
}

extension FlightRecord.State {
  fileprivate init?(_ words: [UInt64]) {
    typealias Place = FlightLayout.Record
    var check = FlightLayout.Check(salt: FlightLayout.stateSalt &+ words[Place.sequence])
    for word in words[Place.role..<Place.stateCheck] { check.add(word) }
    guard words[Place.stateCheck] == check.sum,
      let role = ServerState(rawValue: UInt8(truncatingIfNeeded: words[Place.role]))
    else { return nil }
    func logID(at place: Int) -> LogID? {
      LogID(recordedTerm: words[place], node: words[place + 1], next: words[place + 2])
    }
    func index(_ next: UInt64) -> LogIndex? { next == 0 ? nil : LogIndex(next - 1) }
    self.role = role
    self.vote = Vote(
      leader: LeaderID(term: Term(words[Place.voteTerm]), node: NodeID(words[Place.voteNode])),
      isCommitted: words[Place.role] & 1 << 8 != 0)
    self.isLeaderKnown = words[Place.role] & 1 << 9 != 0
    self.durable = index(words[Place.durable])
    self.last = logID(at: Place.last)
    self.committed = logID(at: Place.committed)
    self.applied = logID(at: Place.applied)
    self.purged = logID(at: Place.purged)
    self.membership = logID(at: Place.membership)
    self.snapshot = index(words[Place.snapshot])
    self.commands = CommandSummary(rawValue: words[Place.role] >> 16)
  }
}
