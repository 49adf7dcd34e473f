import RaftCommandLine

/// What `raft-bench in-process` measures.
struct InProcessOptions: Sendable {
  enum Executor: String, CaseIterable, Sendable {
    case stock
    case single
  }

  enum Format: String, CaseIterable, Sendable {
    case text
    case json
  }

  var members = 3
  var clients = 256
  var operations = 1_000_000
  var batch = 1
  var payloadBytes = 0
  var killsLeader = false
  /// Whether nothing of the log is ever purged.
  var keepsLog = false
  /// By how many milliseconds the last node hears and is heard late.
  var delay = 0
  /// Whether a learner joins when a third of the commands is written.
  var hasJoiner = false
  /// For how many equal parts of the commands there are figures of their own.
  var parts = 1
  /// How many steps each node's flight recorder keeps; `nil` for the usual number.
  var flightRecords: Int?
  /// How many times slower than the system's clock those of the nodes are.
  var clockDivisor = 1
  /// How many calls the echo takes at the most.
  var echoCalls = 1_000_000
  var executor = Executor.stock
  var format = Format.text
  /// Whether the whole table is measured, in processes of their own.
  var sweeps = false
  /// How often each row of the table is measured.
  var rounds = 5
  /// Where the plot of the table goes.
  var plot: String?

  init(_ words: [String]) throws(UsageError) {
    var rest = words[...]
    while let word = rest.popFirst() {
      switch word {
      case "--kill-leader": self.killsLeader = true
      case "--keep-log": self.keepsLog = true
      case "--join": self.hasJoiner = true
      case "--sweep": self.sweeps = true
      default: try self.take(word, &rest)
      }
    }
    guard self.members > 1 || !self.killsLeader else {
      throw UsageError("--kill-leader needs at least three --members: nobody else could lead")
    }
    guard self.members > 1 || self.delay == 0 else {
      throw UsageError("--slow-follower needs at least two --members: nobody follows")
    }
    guard !self.killsLeader || !self.hasJoiner else {
      throw UsageError("--join and --kill-leader are measured one at a time")
    }
  }

  private mutating func take(_ name: String, _ rest: inout ArraySlice<String>) throws(UsageError) {
    let known = [
      "--members", "--clients", "--operations", "--batch", "--payload-bytes", "--executor",
      "--format", "--rounds", "--plot", "--slow-follower", "--parts", "--echo",
      "--flight-records", "--slow-clock",
    ]
    guard known.contains(name) else {
      throw UsageError(
        "'\(name)' is no option of in-process; it knows \(known.joined(separator: ", ")), "
          + "--kill-leader, --keep-log, --join and --sweep")
    }
    guard let value = rest.popFirst() else { throw UsageError("\(name) needs a value") }
    switch name {
    case "--members": self.members = try Magnitude.number(value, of: name, in: 1...9)
    case "--clients": self.clients = try Magnitude.number(value, of: name, in: 1...1_000_000)
    case "--operations":
      self.operations = try Magnitude.number(value, of: name, in: 1...10_000_000_000)
    case "--batch": self.batch = try Magnitude.number(value, of: name, in: 1...100_000)
    case "--payload-bytes":
      self.payloadBytes = try Magnitude.number(value, of: name, in: 0...(8 << 20))
    case "--executor": self.executor = try Self.choice(value, of: name)
    case "--format": self.format = try Self.choice(value, of: name)
    case "--slow-follower": self.delay = try Magnitude.number(value, of: name, in: 0...100)
    case "--parts": self.parts = try Magnitude.number(value, of: name, in: 1...1000)
    case "--echo": self.echoCalls = try Magnitude.number(value, of: name, in: 0...1_000_000_000)
    case "--flight-records":
      self.flightRecords = try Magnitude.number(value, of: name, in: 0...1_048_576)
    case "--slow-clock":
      self.clockDivisor = try Magnitude.number(value, of: name, in: 1...1_000_000)
    case "--rounds": self.rounds = try Magnitude.number(value, of: name, in: 1...1000)
    default: self.plot = value
    }
  }

  static func choice<Choice: RawRepresentable & CaseIterable>(
    _ text: String, of name: String
  ) throws(UsageError) -> Choice where Choice.RawValue == String {
    guard let choice = Choice(rawValue: text) else {
      let all = Choice.allCases.map(\.rawValue).joined(separator: " or ")
      throw UsageError("\(name) must be \(all), not '\(text)'")
    }
    return choice
  }

  /// The words that make another process measure the same, but for the format.
  var arguments: [String] {
    [
      "in-process", "--members", "\(self.members)", "--clients", "\(self.clients)",
      "--operations", "\(self.operations)", "--batch", "\(self.batch)",
      "--payload-bytes", "\(self.payloadBytes)", "--executor", self.executor.rawValue,
      "--slow-follower", "\(self.delay)", "--parts", "\(self.parts)",
      "--echo", "\(self.echoCalls)", "--slow-clock", "\(self.clockDivisor)", "--format", "json",
    ] + (self.killsLeader ? ["--kill-leader"] : []) + (self.keepsLog ? ["--keep-log"] : [])
      + (self.hasJoiner ? ["--join"] : [])
      + (self.flightRecords.map { ["--flight-records", "\($0)"] } ?? [])
  }
}
