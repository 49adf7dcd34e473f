/// What a step wanted done, as far as a recording keeps it: the kinds of commands, and to whom
/// messages went.
///
/// The lower 32 bits are the kinds, the 16 above them the receivers; a kind's bit is part of the
/// recording's format.
package struct FlightCommands: OptionSet, Hashable, Sendable {
  package let rawValue: UInt64

  package init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  package static let saveVote = FlightCommands(rawValue: 1 << 0)
  package static let appendEntries = FlightCommands(rawValue: 1 << 1)
  package static let truncate = FlightCommands(rawValue: 1 << 2)
  package static let purge = FlightCommands(rawValue: 1 << 3)
  package static let sendAppend = FlightCommands(rawValue: 1 << 4)
  package static let sendHeartbeat = FlightCommands(rawValue: 1 << 5)
  package static let requestVote = FlightCommands(rawValue: 1 << 6)
  package static let sendSnapshot = FlightCommands(rawValue: 1 << 7)
  package static let apply = FlightCommands(rawValue: 1 << 8)
  package static let snapshotWork = FlightCommands(rawValue: 1 << 9)
  package static let respond = FlightCommands(rawValue: 1 << 10)
  package static let refuseWrites = FlightCommands(rawValue: 1 << 11)
  package static let stop = FlightCommands(rawValue: 1 << 12)
  /// Something else, such as a note for the disk.
  package static let other = FlightCommands(rawValue: 1 << 13)
  package static let requestPreVote = FlightCommands(rawValue: 1 << 14)
  package static let sendTransfer = FlightCommands(rawValue: 1 << 15)

  private static let names: [(FlightCommands, String)] = [
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
  package func sends(_ kinds: FlightCommands, to node: NodeID) -> Bool {
    !self.isDisjoint(with: kinds) && self.rawValue & Self.receiver(node) != 0
  }

  private static func receiver(_ node: NodeID) -> UInt64 { 1 << (32 + (node.rawValue & 15)) }

  /// What these commands are.
  init(_ commands: borrowing [Command]) {
    var bits: UInt64 = 0
    for index in commands.indices {
      switch commands[index] {
      case .saveVote: bits |= Self.saveVote.rawValue
      case .appendProposed, .appendReceived: bits |= Self.appendEntries.rawValue
      case .truncate: bits |= Self.truncate.rawValue
      case .purge: bits |= Self.purge.rawValue
      case .adoptCluster, .noteCommitted: bits |= Self.other.rawValue
      case .refuseProposed, .abandonWrites: bits |= Self.refuseWrites.rawValue
      case .sendAppend(let peer, _, _, _):
        bits |= Self.sendAppend.rawValue | Self.receiver(peer)
      case .sendHeartbeat(let peer, _, _):
        bits |= Self.sendHeartbeat.rawValue | Self.receiver(peer)
      case .requestVote(let peer, _): bits |= Self.requestVote.rawValue | Self.receiver(peer)
      case .requestPreVote(let peer, _):
        bits |= Self.requestPreVote.rawValue | Self.receiver(peer)
      case .sendTransfer(let peer, _):
        bits |= Self.sendTransfer.rawValue | Self.receiver(peer)
      case .sendSnapshot(let peer, _, _, _):
        bits |= Self.sendSnapshot.rawValue | Self.receiver(peer)
      case .apply: bits |= Self.apply.rawValue
      case .buildSnapshot, .receiveSnapshot, .installSnapshot: bits |= Self.snapshotWork.rawValue
      case .respond: bits |= Self.respond.rawValue
      case .stop: bits |= Self.stop.rawValue
      }
    }
    self.rawValue = bits
  }
}
