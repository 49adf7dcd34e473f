/// How many bytes the log store took and has not reported as durable.
struct UnflushedWrites {
  private var writes: [(sequence: UInt64, byteCount: Int)] = []
  private var head = 0
  /// The bytes of all of them.
  private(set) var byteCount = 0

  /// The store took a write, and will report later.
  mutating func add(_ byteCount: Int, under sequence: UInt64) {
    self.writes.append((sequence, byteCount))
    self.byteCount += byteCount
  }

  /// All writes through this number are durable.
  mutating func flushed(through sequence: UInt64) {
    while self.head < self.writes.count, self.writes[self.head].sequence <= sequence {
      self.byteCount -= self.writes[self.head].byteCount
      self.head += 1
    }
    if self.head * 2 > self.writes.count {
      self.writes.removeFirst(self.head)
      self.head = 0
    }
  }
}
