import RaftEngine

/// A state machine of a few registers, to be written, compared and set, and read.
struct RegisterMachine {
  /// What a register holds; 0 for nothing.
  typealias Value = UInt64

  struct State {
    var applied: LogID?
    var membership = LoggedMembership.none
    /// The fingerprint of everything that was applied, and of what came of it.
    var digest: UInt64 = 0
    var registers: [Value]

    init(registerCount: Int) {
      self.registers = Array(repeating: 0, count: registerCount)
    }

    /// Applies a command; returns whether it took effect.
    mutating func apply(_ entry: SimulatedEntry, _ call: ClientCall?) -> Bool {
      self.applied = entry.logID
      var isTaken = true
      switch call?.kind {
      case .write:
        self.registers[call!.register] = call!.value
      case .compareAndSet(let expected):
        isTaken = self.registers[call!.register] == expected
        if isTaken { self.registers[call!.register] = call!.value }
      case .read, nil:
        break
      }
      var fingerprint = Fingerprint(self.digest)
      fingerprint.add(entry.payload)
      fingerprint.add(isTaken ? 1 : 2)
      self.digest = fingerprint.value
      return isTaken
    }
  }

  enum Work {
    case apply(ArraySlice<SimulatedEntry>)
    case install(SnapshotMeta)
    case build
  }

  var state: State
  /// What the machine still has to do, in order.
  var queue: [Work] = []
  /// The last entry that was handed over.
  var handedOver: LogID?

  init(registerCount: Int) {
    self.state = State(registerCount: registerCount)
  }
}

/// A snapshot with its content.
struct SimulatedSnapshot {
  let meta: SnapshotMeta
  let state: RegisterMachine.State
  /// The fingerprint of the history through the snapshot's last entry.
  let chain: UInt64
}
