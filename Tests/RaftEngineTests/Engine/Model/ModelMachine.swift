import RaftEngine

/// A state machine that remembers everything in one number, and a snapshot of it.
struct ModelMachine {
  struct State: Hashable {
    var applied: LogID?
    var membership = LoggedMembership.none
    var digest: UInt64 = 0

    mutating func apply(_ entry: ModelEntry) {
      self.applied = entry.logID
      if let membership = entry.membership {
        self.membership = LoggedMembership(logID: entry.logID, membership: membership)
      }
      self.digest = (self.digest ^ entry.payload) &* 0x0000_0100_0000_01B3
    }
  }

  enum Work {
    case apply([ModelEntry])
    case install(SnapshotMeta)
    case build
  }

  var state = State()
  /// What the machine still has to do, in order.
  var queue: [Work] = []
  /// The last entry that was handed over.
  var handedOver: LogID?
}

/// A snapshot with its content.
struct ModelSnapshot {
  let meta: SnapshotMeta
  let state: ModelMachine.State
}
