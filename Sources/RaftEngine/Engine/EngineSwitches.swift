/// What an engine does of its own accord, each of which can be turned off while it runs.
package struct EngineSwitches: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// Time alone makes a node stand for election or a leader speak.
  package static let tick = EngineSwitches(rawValue: 1 << 0)
  /// A leader makes itself heard when it has nothing to send.
  package static let heartbeat = EngineSwitches(rawValue: 1 << 1)
  /// A voter that misses its leader stands for election.
  package static let election = EngineSwitches(rawValue: 1 << 2)
  /// Who would stand asks first whether it could win.
  package static let preVote = EngineSwitches(rawValue: 1 << 3)

  package static let all: EngineSwitches = [.tick, .heartbeat, .election, .preVote]

  /// Whether a leader makes itself heard when it has nothing to send.
  var areHeartbeatsOn: Bool { self.isSuperset(of: [.tick, .heartbeat]) }

  /// Whether a voter that misses its leader stands for election.
  var areElectionsOn: Bool { self.isSuperset(of: [.tick, .election]) }
}
