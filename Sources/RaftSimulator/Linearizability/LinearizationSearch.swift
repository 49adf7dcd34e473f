/// The search for an order of one register's operations that explains all answers.
///
/// It places one step after another, always one that was asked before the earliest deadline among
/// the unplaced ones (Wing and Gong), and never enters a situation twice (Lowe's memoisation).
/// Four rules spare it choices without losing an order: a step that fits and changes nothing is
/// placed at once; changes whose versions are known come in the order of their versions; a value
/// that is written only once stays until all who saw it are placed; and what ``KeyHistory`` found
/// out about unknown outcomes.
struct LinearizationSearch {
  enum Result: Equatable {
    case found
    case impossible
    /// The effort or the memory was used up first.
    case undecided
  }

  /// A node of the list of unplaced invocations and deadlines, in the order of time.
  private struct Node {
    let step: Int
    let isDeadline: Bool
    var previous: Int
    var next: Int
  }

  /// A placed step, and what it takes to undo it.
  private struct Placement {
    let node: Int
    let before: RegisterModel
    let audienceBefore: Int?
    /// Whether there was no need to try anything else in its place.
    let isForced: Bool
  }

  private let history: KeyHistory
  private var nodes: [Node] = []
  /// Where the invocation and the deadline of each step are in the list.
  private var places: [(invocation: Int, deadline: Int?)]
  /// For each step the number of changes with lesser versions that must be placed before it.
  private var ranks: [Int?]
  private var nextRank = 0
  private var audiences: Audiences
  /// The audience of what the register holds.
  private var audience: Int?
  private var placed: PlacedSteps
  private var searched = SearchedStates()
  /// What the register holds after the steps that are placed.
  private(set) var register = RegisterModel()
  private var placements: [Placement] = []
  private var requiredLeft: Int
  /// How many steps were looked at.
  private(set) var effort = 0

  init(of history: KeyHistory) {
    self.history = history
    self.audiences = Audiences(in: history)
    self.audience = self.audiences.ofAbsence
    self.requiredLeft = history.requiredCount
    self.placed = PlacedSteps(
      requiredCount: history.requiredCount,
      optionalCount: history.steps.count - history.requiredCount)
    self.places = Array(repeating: (0, nil), count: history.steps.count)
    self.ranks = Array(repeating: nil, count: history.steps.count)
    self.rankByVersion()
    self.linkByTime()
  }

  /// Searches until the answer is known or a limit is reached.
  mutating func run(effortMax: Int, byteCountMax: Int) -> Result {
    var isNewSituation = true
    var cursor = 0
    while self.requiredLeft > 0 {
      if self.effort > effortMax || self.searched.byteCount > byteCountMax { return .undecided }
      if isNewSituation {
        if self.placeForced() { continue }
        cursor = self.nodes[0].next
      }
      if let chosen = self.placeChange(from: cursor) {
        cursor = chosen
        isNewSituation = true
        continue
      }
      guard let undone = self.undo() else { return .impossible }
      cursor = self.nodes[undone].next
      isNewSituation = false
    }
    return .found
  }

  /// The steps that are placed, in order; all of them once an order was found.
  var order: [Int] {
    self.placements.map { self.nodes[$0.node].step }
  }

  // MARK: Steps forward

  /// Places a step that fits and changes nothing, if there is one.
  private mutating func placeForced() -> Bool {
    var cursor = self.nodes[0].next
    while cursor != 0, !self.nodes[cursor].isDeadline {
      self.effort += 1
      let step = self.history.steps[self.nodes[cursor].step]
      if case .observe = step.effect, self.register.after(step) == self.register {
        self.place(cursor, leaving: self.register, isForced: true)
        return true
      }
      cursor = self.nodes[cursor].next
    }
    return false
  }

  /// Places the first change from this node on that leads to a new situation; returns its node.
  private mutating func placeChange(from start: Int) -> Int? {
    var cursor = start
    while cursor != 0, !self.nodes[cursor].isDeadline {
      self.effort += 1
      let number = self.nodes[cursor].step
      let isInTurn = self.ranks[number].map { $0 == self.nextRank } ?? true
      let isAlone = self.audiences.hasSeen(self.audience, before: number)
      if isInTurn, isAlone, let after = self.register.after(self.history.steps[number]) {
        self.placed.insert(number)
        let isNew = self.searched.insert(self.placed, after)
        self.placed.remove(number)
        if isNew {
          self.place(cursor, leaving: after, isForced: false)
          return cursor
        }
      }
      cursor = self.nodes[cursor].next
    }
    return nil
  }

  private mutating func place(_ node: Int, leaving register: RegisterModel, isForced: Bool) {
    let number = self.nodes[node].step
    self.placements.append(
      Placement(
        node: node, before: self.register, audienceBefore: self.audience, isForced: isForced))
    self.register = register
    self.audiences.leave(number)
    if self.history.steps[number].written != nil {
      self.audience = self.audiences.ofValue(writtenBy: number)
    }
    self.placed.insert(number)
    if self.ranks[number] != nil { self.nextRank += 1 }
    if self.history.steps[number].isRequired { self.requiredLeft -= 1 }
    self.unlink(self.places[number].invocation)
    if let deadline = self.places[number].deadline { self.unlink(deadline) }
  }

  // MARK: Steps back

  /// Takes back steps through the last one that was a choice; returns its node.
  private mutating func undo() -> Int? {
    while let last = self.placements.popLast() {
      let number = self.nodes[last.node].step
      if let deadline = self.places[number].deadline { self.relink(deadline) }
      self.relink(self.places[number].invocation)
      if self.history.steps[number].isRequired { self.requiredLeft += 1 }
      if self.ranks[number] != nil { self.nextRank -= 1 }
      self.placed.remove(number)
      self.register = last.before
      self.audience = last.audienceBefore
      self.audiences.enter(number)
      if !last.isForced { return last.node }
    }
    return nil
  }

  // MARK: The list

  /// Numbers the required changes with known versions by version.
  private mutating func rankByVersion() {
    let known = self.history.steps.indices.compactMap { index -> (version: UInt64, step: Int)? in
      let step = self.history.steps[index]
      guard step.isRequired, let version = step.version else { return nil }
      return (version, index)
    }
    for (rank, entry) in known.sorted(by: { $0 < $1 }).enumerated() {
      self.ranks[entry.step] = rank
    }
  }

  /// Builds the list; node 0 is its head and its end.
  private mutating func linkByTime() {
    var events: [(time: Int, step: Int, isDeadline: Bool)] = []
    for (index, step) in self.history.steps.enumerated() {
      events.append((2 * step.invoked + 1, index, false))
      if let deadline = step.deadline { events.append((deadline, index, true)) }
    }
    events.sort { ($0.time, $0.step) < ($1.time, $1.step) }
    let count = events.count + 1
    self.nodes = [Node(step: -1, isDeadline: false, previous: count - 1, next: 1 % count)]
    for (index, event) in events.enumerated() {
      self.nodes.append(
        Node(
          step: event.step, isDeadline: event.isDeadline, previous: index,
          next: (index + 2) % count))
      if event.isDeadline {
        self.places[event.step].deadline = index + 1
      } else {
        self.places[event.step].invocation = index + 1
      }
    }
  }

  private mutating func unlink(_ node: Int) {
    self.nodes[self.nodes[node].previous].next = self.nodes[node].next
    self.nodes[self.nodes[node].next].previous = self.nodes[node].previous
  }

  private mutating func relink(_ node: Int) {
    self.nodes[self.nodes[node].previous].next = node
    self.nodes[self.nodes[node].next].previous = node
  }
}
