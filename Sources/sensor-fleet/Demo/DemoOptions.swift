import RaftCommandLine

/// What the demonstration is told.
struct DemoOptions: Equatable, Sendable {
  /// A table of real readings; `nil` for made up ones.
  let csv: String?
  /// What the made up devices measure.
  let seed: UInt64
  /// Whether the servers' folders stay when it is over.
  let isDataKept: Bool

  init(_ arguments: Arguments) throws(UsageError) {
    self.csv = arguments.value("csv")
    self.seed = try arguments.number("seed", in: 0...UInt64.max) ?? 1
    self.isDataKept = arguments.has("keep")
  }
}

/// What the measurement is told.
struct BenchOptions: Equatable, Sendable {
  let seconds: Int
  let batch: Int
  let clients: Int
  let servers: Int
  let replicas: Int
  let shards: Int

  init(_ arguments: Arguments) throws(UsageError) {
    self.seconds = try arguments.number("seconds", in: 1...3600) ?? 10
    self.batch = try arguments.number("batch", in: 1...10_000) ?? 500
    self.clients = try arguments.number("clients", in: 1...1024) ?? 16
    self.servers = try arguments.number("servers", in: 1...9) ?? 3
    self.replicas = try arguments.number("replicas", in: 1...9) ?? 2
    self.shards = try arguments.number("shards", in: 1...4096) ?? 8
    guard self.replicas <= self.servers else {
      throw arguments.error("--replicas \(self.replicas) needs as many --servers")
    }
  }
}
