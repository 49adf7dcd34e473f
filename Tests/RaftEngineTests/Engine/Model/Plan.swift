import RaftEngine

/// The parameters of one run, all drawn from its seed.
struct Plan {
  let seed: UInt64
  let nodeCount: Int
  let voterCount: Int
  let rule: LeadershipRule
  let chaosTime: Int64
  let configuration: EngineConfiguration
  /// The longest usual delay of a message, a flush and a piece of the machine's work.
  let networkDelay: Int64
  let flushDelay: Int64
  let machineDelay: Int64
  /// How many messages of a thousand are lost, or come twice.
  let lossPerMille: Int
  let duplicatesPerMille: Int
  /// The longest time between two troubles.
  let troubleGap: Int64

  init(seed: UInt64, random: inout SeededGenerator) {
    self.seed = seed
    self.nodeCount = Int.random(in: 1...5, using: &random) + (seed.isMultiple(of: 4) ? 0 : 2)
    self.voterCount = min(self.nodeCount, Int.random(in: 1...5, using: &random))
    self.rule = Bool.random(using: &random) ? .manyPerTerm : .onePerTerm
    self.chaosTime = Int64.random(in: 1500...5000, using: &random) * milliseconds
    var configuration = EngineConfiguration.withoutPreVote
    configuration.appendEntriesMax = [1, 2, 3, 8, 64].randomElement(using: &random)!
    configuration.appendWindow = [1, 1, 2, 4].randomElement(using: &random)!
    configuration.snapshotAfter = [nil, 5, 20, 60].randomElement(using: &random)!
    configuration.entriesKept = [0, 3, 10].randomElement(using: &random)!
    configuration.purgeBatch = [1, 4].randomElement(using: &random)!
    configuration.promise = [20, 100, 150].randomElement(using: &random)! * milliseconds
    self.configuration = configuration
    self.networkDelay = [1, 5, 20, 60].randomElement(using: &random)! * milliseconds
    self.flushDelay = [0, 1, 10, 80].randomElement(using: &random)! * milliseconds
    self.machineDelay = [0, 1, 10, 80].randomElement(using: &random)! * milliseconds
    self.lossPerMille = [0, 0, 10, 50, 200].randomElement(using: &random)!
    self.duplicatesPerMille = [0, 10, 100].randomElement(using: &random)!
    self.troubleGap = [60, 200, 600].randomElement(using: &random)! * milliseconds
  }
}

/// Nanoseconds in a millisecond.
let milliseconds: Int64 = 1_000_000

extension SeededGenerator {
  /// Whether something happens that happens so often in a thousand times.
  mutating func happens(perMille: Int) -> Bool {
    perMille > 0 && Int(self.next() % 1000) < perMille
  }

  mutating func duration(upTo most: Int64) -> Int64 {
    most <= 0 ? 0 : Int64(self.next() % UInt64(most))
  }
}
