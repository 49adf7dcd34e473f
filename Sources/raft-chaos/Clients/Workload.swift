import Raft
import RaftCommandLine
import RaftConcurrency
import RaftHTTP

/// Clients that read and write while faults come, and note everything they ask and are told.
struct Workload: Sendable {
  /// How many clients work on registers, and how many write keys of their own.
  var registerClients = 6
  var ledgerClients = 3
  /// How many registers there are at a time; after a while, others take their place, so that no
  /// history of one register grows without bound.
  var registers = 4
  var registerLife: Duration = .seconds(3)
  /// How long a client rests between two calls, at most.
  var restMax = 12

  let client: ServerClient
  let history: HistoryLog
  let ledger: Ledger
  let seed: UInt64

  init(client: ServerClient, history: HistoryLog, ledger: Ledger, seed: UInt64) {
    self.client = client
    self.history = history
    self.ledger = ledger
    self.seed = seed
  }

  /// Works until it is cancelled.
  func run() async {
    await withTaskGroup { group in
      for number in 0..<self.registerClients {
        group.addTask { await self.workOnRegisters(number) }
      }
      for number in 0..<self.ledgerClients {
        group.addTask { await self.fillLedger(number) }
      }
    }
  }

  private func workOnRegisters(_ number: Int) async {
    var chance = SeededGenerator(seed: self.seed &* 131 &+ UInt64(number))
    let start = ContinuousClock.now
    var lastVersions: [Int: UInt64] = [:]
    while !Task.isCancelled {
      let life = Int(start.duration(to: .now) / self.registerLife)
      let key = life * self.registers + Int.random(in: 0..<self.registers, using: &chance)
      let isAstray = Int.random(in: 0..<8, using: &chance) == 0
      let address = isAstray ? self.client.anybody : self.client.likelyLeader
      switch Int.random(in: 0..<10, using: &chance) {
      case 0..<4:
        await self.history.set(key, byClient: number, with: self.client, at: address)
      case 4:
        guard let version = lastVersions[key] else { continue }
        await self.history.compareAndSet(
          key, expecting: version, byClient: number, with: self.client, at: address)
      default:
        let reading: ServerClient.Reading =
          Int.random(in: 0..<3, using: &chance) == 0 ? .follower : .linearizable
        let place = reading == .follower ? self.client.anybody : address
        let outcome = await self.history.read(
          key, reading, byClient: number, with: self.client, at: place)
        if case .done(let found?) = outcome { lastVersions[key] = found.version }
      }
      await self.rest(&chance)
    }
  }

  private func fillLedger(_ number: Int) async {
    var chance = SeededGenerator(seed: self.seed &* 137 &+ UInt64(number))
    var count = 0
    while !Task.isCancelled {
      let line = Ledger.Line(
        key: "w\(number)-\(count)", value: "\(UInt64.random(in: .min ... .max, using: &chance))")
      count += 1
      let outcome = await self.client.set(line.key, line.value, at: self.client.likelyLeader)
      self.ledger.note(line, outcome)
      await self.rest(&chance)
    }
  }

  private func rest<Chance: RandomNumberGenerator>(_ chance: inout Chance) async {
    let time = Duration.milliseconds(Int.random(in: 0...self.restMax, using: &chance))
    try? await ContinuousClock().sleep(for: time)
  }
}
