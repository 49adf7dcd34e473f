/// Who waits for which virtual moment, earliest first; those of one moment in the order in which
/// they came.
struct SleeperHeap {
  /// Names one who waits.
  struct Key: Hashable {
    fileprivate let moment: Int64
    fileprivate let number: UInt64
  }

  private var heap: [Key] = []
  /// Only looked up by key, never listed.
  private var waiting: [UInt64: SimulatedExecutor.Ready] = [:]
  private var nextNumber: UInt64 = 0

  /// How many wait.
  var count: Int { self.waiting.count }

  /// The earliest moment that somebody waits for.
  var firstDeadline: Int64? {
    mutating get {
      self.dropRemoved()
      return self.heap.first?.moment
    }
  }

  /// Adds one who waits.
  mutating func add(_ ready: SimulatedExecutor.Ready, at moment: Int64) -> Key {
    self.nextNumber += 1
    let key = Key(moment: moment, number: self.nextNumber)
    self.waiting[key.number] = ready
    self.heap.append(key)
    self.siftUp(self.heap.count - 1)
    return key
  }

  /// Removes one who waits; `false` if it does not any more.
  mutating func remove(_ key: Key) -> Bool {
    self.waiting.removeValue(forKey: key.number) != nil
  }

  /// Takes the first whose moment has come.
  mutating func takeFirst(through now: Int64) -> SimulatedExecutor.Ready? {
    self.dropRemoved()
    guard let first = self.heap.first, first.moment <= now else { return nil }
    self.removeTop()
    return self.waiting.removeValue(forKey: first.number)
  }

  private mutating func dropRemoved() {
    while let first = self.heap.first, self.waiting[first.number] == nil { self.removeTop() }
  }

  private mutating func removeTop() {
    let last = self.heap.removeLast()
    guard !self.heap.isEmpty else { return }
    self.heap[0] = last
    self.siftDown()
  }

  private mutating func siftUp(_ start: Int) {
    var place = start
    while place > 0, self.heap[place].isBefore(self.heap[(place - 1) / 2]) {
      self.heap.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  private mutating func siftDown() {
    var place = 0
    while true {
      var first = place
      for child in [2 * place + 1, 2 * place + 2]
      where child < self.heap.count && self.heap[child].isBefore(self.heap[first]) {
        first = child
      }
      guard first != place else { return }
      self.heap.swapAt(place, first)
      place = first
    }
  }
}

extension SleeperHeap.Key {
  fileprivate func isBefore(_ other: SleeperHeap.Key) -> Bool {
    self.moment != other.moment ? self.moment < other.moment : self.number < other.number
  }
}
