/// What a step wanted done, in one word: the kinds of commands, and to whom messages went.
///
/// The lower 32 bits are the kinds, the 16 above them the receivers; a kind's bit is part of the
/// format of flight recordings.
package struct CommandSummary: OptionSet, Hashable, Sendable {
  package let rawValue: UInt64

  package init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  package static var saveVote: CommandSummary { CommandSummary(rawValue: 1 << 0) }
  package static var appendEntries: CommandSummary { CommandSummary(rawValue: 1 << 1) }
  package static var truncate: CommandSummary { CommandSummary(rawValue: 1 << 2) }
  package static var purge: CommandSummary { CommandSummary(rawValue: 1 << 3) }
  package static var sendAppend: CommandSummary { CommandSummary(rawValue: 1 << 4) }
  package static var sendHeartbeat: CommandSummary { CommandSummary(rawValue: 1 << 5) }
  package static var requestVote: CommandSummary { CommandSummary(rawValue: 1 << 6) }
  package static var sendSnapshot: CommandSummary { CommandSummary(rawValue: 1 << 7) }
  package static var apply: CommandSummary { CommandSummary(rawValue: 1 << 8) }
  package static var snapshotWork: CommandSummary { CommandSummary(rawValue: 1 << 9) }
  package static var respond: CommandSummary { CommandSummary(rawValue: 1 << 10) }
  package static var refuseWrites: CommandSummary { CommandSummary(rawValue: 1 << 11) }
  package static var stop: CommandSummary { CommandSummary(rawValue: 1 << 12) }
  /// Something else, such as a note for the disk.
  package static var other: CommandSummary { CommandSummary(rawValue: 1 << 13) }
  package static var requestPreVote: CommandSummary { CommandSummary(rawValue: 1 << 14) }
  package static var sendTransfer: CommandSummary { CommandSummary(rawValue: 1 << 15) }

  private static let names: [(CommandSummary, String)] = [
    (.saveVote, "save vote"), (.appendEntries, "store entries"), (.truncate, "cut log"),
    (.purge, "purge log"), (.sendAppend, "send append"), (.sendHeartbeat, "send heartbeat"),
    (.requestVote, "request vote"), (.sendSnapshot, "send snapshot"), (.apply, "apply"),
    (.snapshotWork, "snapshot"), (.respond, "answer"), (.refuseWrites, "refuse writes"),
    (.requestPreVote, "request pre-vote"), (.sendTransfer, "ask to take over"), (.stop, "stop"),
    (.other, "note"),
  ]

  /// The kinds in words.
  package var words: [String] {
    Self.names.filter { self.contains($0.0) }.map(\.1)
  }

  /// Whether a message of one of these kinds may have gone to the node.
  ///
  /// Sixteen bits hold the receivers, so nodes whose numbers differ by a multiple of 16 are not
  /// told apart.
  package func sends(_ kinds: CommandSummary, to node: NodeID) -> Bool {
    !self.isDisjoint(with: kinds) && self.rawValue & Self.receiver(node) != 0
  }

  @inline(__always)
  private static func receiver(_ node: NodeID) -> UInt64 { 1 << (32 + (node.rawValue & 15)) }

  /// What this command is.
  ///
  /// Where a command is made its kind is known, and so nothing is left to find out.
  @inline(__always)
  init(of command: borrowing Command) {
    switch copy command {
    case .saveVote: self = .saveVote
    case .appendProposed, .appendReceived: self = .appendEntries
    case .truncate: self = .truncate
    case .purge: self = .purge
    case .adoptCluster, .noteCommitted: self = .other
    case .refuseProposed, .abandonWrites: self = .refuseWrites
    case .sendAppend(let peer, _, _, _, _): self.init(.sendAppend, to: peer)
    case .sendHeartbeat(let peer, _, _): self.init(.sendHeartbeat, to: peer)
    case .requestVote(let peer, _): self.init(.requestVote, to: peer)
    case .requestPreVote(let peer, _): self.init(.requestPreVote, to: peer)
    case .sendTransfer(let peer, _): self.init(.sendTransfer, to: peer)
    case .sendSnapshot(let peer, _, _, _): self.init(.sendSnapshot, to: peer)
    case .apply: self = .apply
    case .buildSnapshot, .receiveSnapshot, .installSnapshot: self = .snapshotWork
    case .respond: self = .respond
    case .stop: self = .stop
    }
  }

  @inline(__always)
  private init(_ kind: CommandSummary, to peer: NodeID) {
    self.init(rawValue: kind.rawValue | Self.receiver(peer))
  }
}
