import Raft

/// Steps as a node might take them, drawn from a seed.
struct RandomSteps {
  private var chance: SmallRandom
  private var model = StoreModel()
  private var term: UInt64 = 1
  private var committed: UInt64 = 0
  private(set) var steps: [Step] = []

  /// Draws about this many steps.
  static func draw(_ count: Int, seed: UInt64) -> [Step] {
    var random = RandomSteps(seed: seed)
    random.take(.adopt(ClusterID(high: seed, low: 2)))
    while random.steps.count < count { random.draw() }
    return random.steps
  }

  private init(seed: UInt64) {
    self.chance = SmallRandom(state: seed &* 0x9E37_79B9_7F4A_7C15)
  }

  private mutating func draw() {
    switch self.chance.next(below: 20) {
    case 0..<11: self.append()
    case 11, 12: self.elect()
    case 13, 14: self.commit()
    case 15, 16: self.cut()
    case 17, 18: self.compact()
    default: self.install()
    }
  }

  private mutating func append() {
    let sizes = (0...self.chance.next(below: 3)).map { _ in Int(self.chance.next(below: 260)) }
    self.take(.append(term: self.term, sizes: sizes))
  }

  private mutating func elect() {
    self.term += 1
    self.take(.vote(self.term))
  }

  private mutating func commit() {
    let next = self.model.next.rawValue
    let start = max(self.committed, self.model.purged.map { $0.index.rawValue + 1 } ?? 0)
    guard start < next else { return }
    self.committed = start + self.chance.next(below: next - start)
    self.take(.note(LogIndex(self.committed)))
  }

  /// Another leader cuts off what is not committed, and goes on.
  private mutating func cut() {
    let next = self.model.next.rawValue
    let start = max(self.committed, self.model.purged.map { $0.index.rawValue + 1 } ?? 0)
    guard start < next else { return }
    self.elect()
    self.take(.truncate(after: LogIndex(start + self.chance.next(below: next - start))))
    self.append()
  }

  private mutating func compact() {
    let kept = self.model.entries.filter { $0.logID.index.rawValue <= self.committed }
    guard !kept.isEmpty else { return }
    let last = kept[Int(self.chance.next(below: UInt64(kept.count)))].logID
    guard self.model.snapshot.map({ $0 < last }) ?? true else { return }
    self.take(.snapshot(last))
    self.take(.purge(through: last))
  }

  /// A leader's snapshot takes the place of the whole log, and reaches further.
  private mutating func install() {
    guard self.chance.next(below: 3) == 0 else { return }
    self.elect()
    let index = self.model.next.rawValue + self.chance.next(below: 9)
    let last = LogID(term: Term(self.term), node: 1, index: LogIndex(index))
    self.take(.snapshot(last))
    self.take(.purge(through: last))
    self.committed = index
    self.append()
  }

  private mutating func take(_ step: Step) {
    self.model = self.model.after(step)
    self.steps.append(step)
  }
}
