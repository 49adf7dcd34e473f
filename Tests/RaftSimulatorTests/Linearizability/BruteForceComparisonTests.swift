import RaftEngine
import RaftSimulator
import TestPace
import Testing

@Suite("The checker and the definition", .longRun)
struct BruteForceComparisonTests {
  /// Small random histories: a real register under random concurrency, with answers changed now
  /// and then.
  struct Generator {
    var random: SeededGenerator
    var history = ClientHistory()
    var spans: [(from: Int, to: Int)] = []
    private var clock = 0
    private var open: [(id: ClientOperation.ID, answer: ClientOperation.Answer?)] = []
    private var states: [RegisterState] = [.absent, .absent]
    private var nextVersion: UInt64 = 1
    let tellsVersions: Bool
    let distinctValues: UInt64?
    let liePercent: Int

    init(seed: UInt64) {
      self.random = SeededGenerator(seed: seed)
      self.tellsVersions = self.random.next() % 2 == 0
      self.distinctValues = self.random.next() % 2 == 0 ? nil : 2
      self.liePercent = [0, 30, 60][Int(self.random.next() % 3)]
    }

    mutating func below(_ bound: Int) -> Int { Int(self.random.next() % UInt64(bound)) }

    mutating func run() {
      let count = 3 + self.below(4)
      while self.history.operations.count < count || !self.open.isEmpty {
        let mayInvoke = self.history.operations.count < count
        switch self.below(4) {
        case 0 where mayInvoke: self.invoke()
        case 1, 2: self.takeEffect()
        default: self.end()
        }
        if !mayInvoke, self.below(10) == 0 { break }
      }
    }

    private mutating func invoke() {
      let number = UInt64(self.history.operations.count + 1)
      let value = self.distinctValues.map { 1 + self.random.next() % $0 } ?? number
      let expectation: ClientOperation.Expectation =
        self.below(2) == 0
        ? .version(self.random.next() % 5)
        : .value([nil, 1, 2, 3][self.below(4)])
      let action: ClientOperation.Action =
        [.write(value), .read, .read, .compareAndSet(expecting: expectation, to: value)][
          self.below(4)]
      let key = self.below(8) == 0 ? 1 : 0
      let id = self.history.invoke(action, onKey: key, byClient: 0)
      self.spans.append((self.clock, Int.max))
      self.clock += 1
      self.open.append((id, nil))
    }

    private mutating func takeEffect() {
      guard !self.open.isEmpty else { return }
      let slot = self.below(self.open.count)
      guard self.open[slot].answer == nil else { return }
      let operation = self.history[self.open[slot].id]
      let state = self.states[operation.key]
      switch operation.action {
      case .read: self.open[slot].answer = .read(self.told(state))
      case .write(let value): self.open[slot].answer = self.change(operation.key, to: value)
      case .compareAndSet(let expectation, let value):
        if expectation == .value(state.value) || expectation == .version(state.version ?? 0) {
          self.open[slot].answer = self.change(operation.key, to: value)
        } else {
          self.open[slot].answer = .mismatched(found: state)
        }
      }
    }

    private mutating func change(_ key: Int, to value: UInt64) -> ClientOperation.Answer {
      self.states[key] = RegisterState(value: value, version: self.nextVersion)
      self.nextVersion += UInt64(1 + self.below(2))
      return .written(version: self.told(self.states[key]).version)
    }

    private mutating func told(_ state: RegisterState) -> RegisterState {
      self.tellsVersions && self.below(4) > 0 ? state : RegisterState(value: state.value)
    }

    private mutating func end() {
      guard !self.open.isEmpty else { return }
      let (id, answer) = self.open.remove(at: self.below(self.open.count))
      let span = self.spans[id.rawValue].from
      self.clock += 1
      if let answer, self.below(4) > 0 {
        self.history.succeed(
          id, with: self.below(100) < self.liePercent ? self.lie(answer) : answer)
        self.spans[id.rawValue] = (span, self.clock)
      } else if (answer == nil && self.below(2) == 0) || self.below(100) < self.liePercent {
        self.history.fail(id)
      } else {
        self.history.giveUp(on: id)
      }
    }

    private mutating func lie(_ answer: ClientOperation.Answer) -> ClientOperation.Answer {
      let value: UInt64? = [nil, 1, 2, 3][self.below(4)]
      let version: UInt64? = value == nil ? 0 : 1 + self.random.next() % 4
      switch answer {
      case .written(nil): return answer
      case .written: return .written(version: version)
      case .mismatched: return .mismatched(found: RegisterState(value: value, version: version))
      case .read(let state):
        return .read(RegisterState(value: value, version: state.version == nil ? nil : version))
      }
    }
  }

  @Test("Agree about thousands of small histories", arguments: 0..<8 as Range<UInt64>)
  func agree(part: UInt64) {
    var violations = 0
    for seed in part * 1000..<(part + 1) * 1000 {
      var generator = Generator(seed: seed)
      generator.run()
      let history = generator.history
      let verdict = LinearizabilityChecker().check(history)
      let isExplained = BruteForceChecker.explains(history, spans: generator.spans)
      violations += isExplained ? 0 : 1
      let lines = history.operations.map(\.description).joined(separator: "\n")
      if isExplained {
        #expect(verdict == .linearizable, "seed \(seed):\n\(lines)")
      } else if case .violation = verdict {
        continue
      } else {
        Issue.record("seed \(seed) has no explanation, but is \(verdict):\n\(lines)")
      }
    }
    #expect((100...500).contains(violations))
  }
}
