/// Exchanges in order of arrival.
struct ExchangeQueue {
  private var exchanges: [Exchange?] = []
  private var head = 0

  var count: Int { self.exchanges.count - self.head }
  var isEmpty: Bool { self.count == 0 }
  var first: Exchange? { self.isEmpty ? nil : self.exchanges[self.head] }

  mutating func append(_ exchange: Exchange) {
    self.exchanges.append(exchange)
  }

  mutating func removeFirst() {
    self.exchanges[self.head] = nil
    self.head += 1
    if self.head == self.exchanges.count || self.head > 256 {
      self.exchanges.removeFirst(self.head)
      self.head = 0
    }
  }

  /// Those that were cancelled or timed out need no place.
  mutating func dropDone() {
    self.exchanges.removeAll { $0?.isDone ?? true }
    self.head = 0
  }
}
