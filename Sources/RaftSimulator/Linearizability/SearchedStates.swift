/// The situations that a search has been in: which steps were placed, and what the register held.
///
/// Situations are compared whole, so that equal hashes never pass for equal situations; the hash
/// is our own, so that every run takes the same way.
struct SearchedStates {
  /// Records of all situations, one after another: word count, words.
  private var arena: [UInt64] = []
  /// Open addressing: hash and the place in the arena plus one; 0 is a free slot.
  private var slots: [(hash: UInt64, place: Int)]
  private(set) var count = 0
  /// The situation that is being looked up, kept to save allocations.
  private var words: [UInt64] = []

  init() {
    self.slots = Array(repeating: (0, 0), count: 64)
  }

  /// How many bytes the situations take.
  var byteCount: Int {
    8 * self.arena.count + 16 * self.slots.count
  }

  /// Notes a situation; false if it is known.
  mutating func insert(_ placed: PlacedSteps, _ register: RegisterModel) -> Bool {
    self.words.removeAll(keepingCapacity: true)
    placed.encode(into: &self.words)
    self.words.append(register.value ?? 0)
    let flags: UInt64 = (register.value == nil ? 0 : 1) | (register.hasExactVersion ? 2 : 0)
    self.words.append(register.version << 2 | flags)
    self.words.append(register.version >> 62)
    var hash: UInt64 = 0x2545_F491_4F6C_DD1D
    for word in self.words {
      hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
    }
    if 4 * (self.count + 1) > 3 * self.slots.count { self.grow() }
    return self.store(hash)
  }

  private mutating func store(_ hash: UInt64) -> Bool {
    let mask = self.slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while self.slots[slot].place != 0 {
      if self.slots[slot].hash == hash, self.equalsWords(at: self.slots[slot].place - 1) {
        return false
      }
      slot = (slot + 1) & mask
    }
    self.slots[slot] = (hash, self.arena.count + 1)
    self.arena.append(UInt64(self.words.count))
    self.arena.append(contentsOf: self.words)
    self.count += 1
    return true
  }

  private func equalsWords(at place: Int) -> Bool {
    guard self.arena[place] == UInt64(self.words.count) else { return false }
    for index in self.words.indices where self.arena[place + 1 + index] != self.words[index] {
      return false
    }
    return true
  }

  private mutating func grow() {
    let old = self.slots
    self.slots = Array(repeating: (0, 0), count: 2 * old.count)
    let mask = self.slots.count - 1
    for entry in old where entry.place != 0 {
      var slot = Int(truncatingIfNeeded: entry.hash) & mask
      while self.slots[slot].place != 0 { slot = (slot + 1) & mask }
      self.slots[slot] = entry
    }
  }
}

/// Which steps of a key history have been placed, as bits.
///
/// The bits of steps that must be placed are full up to some word and empty after another at every
/// moment; only the words between say anything.
struct PlacedSteps {
  private var words: [UInt64]
  /// The words of steps that must be placed.
  private let requiredWords: Int
  private let requiredCount: Int
  /// Words before this one are full.
  private var low = 0
  /// Words after this one are empty.
  private var high = 0

  init(requiredCount: Int, optionalCount: Int) {
    self.requiredCount = requiredCount
    self.requiredWords = requiredCount / 64 + 1
    self.words = Array(repeating: 0, count: self.requiredWords + (optionalCount + 63) / 64)
  }

  mutating func insert(_ step: Int) {
    let bit = self.bit(of: step)
    self.words[bit >> 6] |= 1 << UInt64(bit & 63)
    guard step < self.requiredCount else { return }
    self.high = max(self.high, bit >> 6)
    while self.low < self.requiredWords, self.words[self.low] == UInt64.max { self.low += 1 }
  }

  mutating func remove(_ step: Int) {
    let bit = self.bit(of: step)
    self.words[bit >> 6] &= ~(1 << UInt64(bit & 63))
    guard step < self.requiredCount else { return }
    self.low = min(self.low, bit >> 6)
    while self.high > 0, self.words[self.high] == 0 { self.high -= 1 }
  }

  /// Appends the words that tell this set from all others.
  func encode(into words: inout [UInt64]) {
    words.append(UInt64(self.low))
    if self.low <= self.high { words.append(contentsOf: self.words[self.low...self.high]) }
    words.append(contentsOf: self.words[self.requiredWords...])
  }

  private func bit(of step: Int) -> Int {
    step < self.requiredCount
      ? step : 64 * self.requiredWords + step - self.requiredCount
  }
}
