import RaftEngine

/// An entry of a simulated log: plain numbers, so that logs are copied without counting
/// references.
struct SimulatedEntry: Equatable {
  /// How many bytes each entry counts for.
  static let byteCount = 8

  let logID: LogID
  let kind: EntryKind
  let timestamp: Timestamp
  /// The place of the membership in the run's table; -1 for none.
  let membership: Int32
  /// What tells the entry from every other: the number of a client's call, or a number that no
  /// call has.
  let payload: UInt64
  /// The fingerprint of this entry and of all entries before it.
  let chain: UInt64

  var index: LogIndex { self.logID.index }

  init(
    logID: LogID, kind: EntryKind, timestamp: Timestamp, membership: Int32 = -1, payload: UInt64,
    after chain: UInt64
  ) {
    self.logID = logID
    self.kind = kind
    self.timestamp = timestamp
    self.membership = membership
    self.payload = payload
    self.chain = Self.chain(logID, payload, after: chain)
  }

  private init(_ entry: SimulatedEntry, kind: EntryKind) {
    self.logID = entry.logID
    self.kind = kind
    self.timestamp = entry.timestamp
    self.membership = entry.membership
    self.payload = entry.payload
    self.chain = entry.chain
  }

  /// The entry as a member of this kind gets it: a witness gets no payload of a command.
  ///
  /// The number stays, so that the checkers know which entry it is.
  func form(for role: Member.Role) -> SimulatedEntry {
    role == .witness && self.kind == .command ? SimulatedEntry(self, kind: .withheld) : self
  }

  /// Whether the two are the same entry, with its payload or without.
  func isSame(as other: SimulatedEntry) -> Bool {
    self.form(for: .witness) == other.form(for: .witness)
  }

  /// The fingerprint that this entry must have behind this history.
  func chain(after chain: UInt64) -> UInt64 { Self.chain(self.logID, self.payload, after: chain) }

  private static func chain(_ logID: LogID, _ payload: UInt64, after chain: UInt64) -> UInt64 {
    var fingerprint = Fingerprint(chain)
    fingerprint.add(logID.leader.term.rawValue)
    fingerprint.add(logID.leader.node.rawValue)
    fingerprint.add(logID.index.rawValue)
    fingerprint.add(payload)
    return fingerprint.value
  }
}

/// A running fingerprint of numbers; the same numbers give the same one in every process.
struct Fingerprint {
  private(set) var value: UInt64

  init(_ value: UInt64 = 0) {
    self.value = value
  }

  mutating func add(_ number: UInt64) {
    let mixed = (self.value ^ number) &* 0x9E37_79B9_7F4A_7C15
    self.value = (mixed ^ (mixed >> 29)) &+ 0x2545_F491_4F6C_DD1D
  }

  mutating func add(_ number: Int) { self.add(UInt64(bitPattern: Int64(number))) }
}
