/// A property that must hold in every run.
public enum Property: String, Hashable, Sendable, CaseIterable {
  /// One leadership has one leader.
  case electionSafety = "election safety"
  /// Logs that hold the same entry agree on everything before it.
  case logMatching = "log matching"
  /// A leader holds everything that was committed before.
  case leaderCompleteness = "leader completeness"
  /// All machines apply the same commands in the same order.
  case stateMachineSafety = "state machine safety"
  /// A leader only adds to its log.
  case leaderAppendOnly = "leader append-only"
  /// What is committed is durable on a quorum.
  case committedNeverLost = "committed never lost"
  /// Votes, commit and applied positions never go back.
  case monotony = "monotony"
  /// Quorums of consecutive memberships meet.
  case configurationOverlap = "configuration overlap"
  /// Nodes stand by what they said.
  case promisesKept = "promises kept"
  /// Nobody stands for election without need and consent.
  case candidacies = "candidacies"
  /// A leader acts by whether it hears a quorum.
  case quorumContact = "quorum contact"
  /// A leader that hands over appends nothing.
  case quietTransfers = "quiet transfers"
  /// Replicas hold what they confirm, witnesses hold positions alone and never lead.
  case wholeCopies = "whole copies"
  /// What a leader takes for held by a member is there.
  case soundProgress = "sound progress"
  /// While a leader holds a lease, nobody else leads.
  case exclusiveLease = "exclusive lease"
  /// Clients were told what happened.
  case clientOracle = "client oracle"
  /// The answers to all clients have one order that explains them.
  case linearizability = "linearizability"
  /// Memory stays bounded.
  case memoryBounds = "memory bounds"
  /// The cluster recovers once the troubles end.
  case liveness = "liveness"
  /// An engine asks for nothing impossible.
  case soundCommands = "sound commands"
  /// All work of a simulated run stays on its one thread, and asks for no clock but the simulated.
  case confinement = "confinement"
  /// What the user of the simulator says of a machine of their own.
  case invariant = "invariant"
}

/// A property that a run broke: where, how, and how to see it again.
public struct Violation: Error, Hashable, Sendable {
  /// The property.
  public let property: Property
  /// What shows that it is broken.
  public let evidence: String
  /// What the run was.
  public let scenario: Scenario
  /// The step that broke it.
  public let step: Int
  /// When, in nanoseconds of the simulated world.
  public let time: Int64

  /// A violation that was found.
  public init(property: Property, evidence: String, scenario: Scenario, step: Int, time: Int64) {
    self.property = property
    self.evidence = evidence
    self.scenario = scenario
    self.step = step
    self.time = time
  }

  /// The command that shows the run again.
  public var replayCommand: String { "raft-sim replay \(self.scenario.arguments)" }
}

extension Violation: CustomStringConvertible {
  /// What is broken, where, and the command that shows it again.
  public var description: String {
    """
    \(self.property.rawValue) is broken in step \(self.step) of seed \(self.scenario.seed): \
    \(self.evidence)
    replay: \(self.replayCommand)
    """
  }
}
