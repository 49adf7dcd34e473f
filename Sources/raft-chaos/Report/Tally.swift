/// What rounds met, and what they found.
struct Tally: Sendable {
  /// How often each fault was done.
  var faults: [FaultKind: Int] = [:]
  /// What came of them, by name: writes refused, bytes lost, servers rebuilt.
  var effects: [String: Int] = [:]
  var rounds = 0
  /// Calls on registers, by how they ended.
  var succeeded = 0
  var failed = 0
  var unknown = 0
  /// Writes to keys that nobody else writes.
  var acknowledged = 0
  /// How often one of those was looked for at a server.
  var lookups = 0
  /// What must not be, each with the round's seed.
  var findings: [Finding] = []

  /// Something that must not be.
  struct Finding: Equatable, Sendable {
    let seed: UInt64
    let what: String
  }

  /// A fault was done.
  mutating func count(_ fault: FaultKind) {
    self.faults[fault, default: 0] += 1
  }

  /// Something came of faults, so often.
  mutating func count(_ effect: String, _ number: Int = 1) {
    if number > 0 { self.effects[effect, default: 0] += number }
  }

  /// All that another one has, too.
  mutating func add(_ other: Tally) {
    self.faults.merge(other.faults, uniquingKeysWith: +)
    self.effects.merge(other.effects, uniquingKeysWith: +)
    self.rounds += other.rounds
    self.succeeded += other.succeeded
    self.failed += other.failed
    self.unknown += other.unknown
    self.acknowledged += other.acknowledged
    self.lookups += other.lookups
    self.findings += other.findings
  }
}
