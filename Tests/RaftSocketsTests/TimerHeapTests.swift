import RaftSockets
import Testing

@Suite("Timers")
struct TimerHeapTests {
  /// A small generator of our own: the same numbers in each run.
  struct Numbers {
    var state: UInt64 = 7

    mutating func next(below bound: UInt64) -> UInt64 {
      self.state = self.state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (self.state >> 33) % bound
    }
  }

  @Test("Timers come due by deadline, then by order of scheduling, without the cancelled")
  func likeASortedList() {
    var heap = TimerHeap()
    var numbers = Numbers()
    var naive: [(deadline: UInt64, number: Int, id: TimerID)] = []
    var fired: [Int] = []
    var expected: [Int] = []
    for number in 0..<1000 {
      let deadline = numbers.next(below: 500) + UInt64(number) / 4
      naive.append((deadline, number, heap.add(at: deadline) { fired.append(number) }))
      if numbers.next(below: 3) == 0 {
        let victim = Int(numbers.next(below: UInt64(naive.count)))
        heap.cancel(naive.remove(at: victim).id)
      }
      if numbers.next(below: 5) == 0 {
        let now = UInt64(number) / 4
        while let job = heap.takeDue(at: now) { job() }
        let due = naive.filter { $0.deadline <= now }
          .sorted { ($0.deadline, $0.number) < ($1.deadline, $1.number) }
        expected += due.map(\.number)
        naive.removeAll { $0.deadline <= now }
      }
      #expect(heap.nextDeadline() == naive.map(\.deadline).min())
    }
    #expect(fired == expected)
    #expect(heap.count == naive.count)
  }

  @Test("Cancelled timers do not pile up")
  func compacts() {
    var heap = TimerHeap()
    for deadline in 0..<100_000 as Range<UInt64> { heap.cancel(heap.add(at: deadline) {}) }
    #expect(heap.count == 0)
    #expect(heap.entryCount <= 64)
  }
}
