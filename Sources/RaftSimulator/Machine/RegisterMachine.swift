import RaftEngine

/// A state machine of a few registers, to be written, compared and set, and read.
struct RegisterMachine {
  /// What a register holds: a value, and the number of the entry that wrote it; both 0 at first.
  struct Register: Hashable {
    var value: UInt64 = 0
    var version: UInt64 = 0
  }

  struct State {
    var applied: LogID?
    var membership = LoggedMembership.none
    /// The fingerprint of everything that was applied, and of what came of it.
    var digest: UInt64 = 0
    var registers: [Register]

    init(registerCount: Int) {
      self.registers = Array(repeating: Register(), count: registerCount)
    }

    /// Applies an entry; returns what its client is told.
    mutating func apply(_ entry: SimulatedEntry, _ call: ClientCall?) -> ClientCall.Outcome {
      self.applied = entry.logID
      var outcome = ClientCall.Outcome.unknown
      if let call {
        let found = self.registers[call.register]
        let isTaken = call.kind == .write || call.kind == .compareAndSet(expected: found.value)
        if isTaken {
          let version = entry.index.next.rawValue
          self.registers[call.register] = Register(value: call.value, version: version)
          outcome = .written(version: version)
        } else {
          outcome = .mismatched(found)
        }
      }
      var fingerprint = Fingerprint(self.digest)
      fingerprint.add(entry.payload)
      if case .mismatched = outcome { fingerprint.add(1) }
      self.digest = fingerprint.value
      return outcome
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
  var meta: SnapshotMeta
  var state: RegisterMachine.State
  /// The fingerprint of the history through the snapshot's last entry.
  let chain: UInt64

  /// The snapshot as a member of this kind gets it: a witness gets no state.
  func form(for role: Member.Role) -> SimulatedSnapshot {
    guard role == .witness else { return self }
    var snapshot = self
    snapshot.meta.form = .withheld
    snapshot.state.digest = 0
    snapshot.state.registers = snapshot.state.registers.map { _ in .init() }
    return snapshot
  }
}
