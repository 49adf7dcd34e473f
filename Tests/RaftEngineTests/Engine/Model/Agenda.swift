/// What happens when: a heap of events, in order of time, then of arrival.
struct Agenda<Event> {
  private struct Item {
    let time: Int64
    let number: Int
    let event: Event

    func precedes(_ other: Item) -> Bool {
      self.time != other.time ? self.time < other.time : self.number < other.number
    }
  }

  private var heap: [Item] = []
  private var count = 0

  mutating func add(_ event: Event, at time: Int64) {
    self.count += 1
    self.heap.append(Item(time: time, number: self.count, event: event))
    var place = self.heap.count - 1
    while place > 0, self.heap[place].precedes(self.heap[(place - 1) / 2]) {
      self.heap.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  mutating func next() -> (time: Int64, event: Event)? {
    guard let first = self.heap.first else { return nil }
    self.heap.swapAt(0, self.heap.count - 1)
    self.heap.removeLast()
    var place = 0
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2]
      where child < self.heap.count && self.heap[child].precedes(self.heap[least]) {
        least = child
      }
      guard least != place else { break }
      self.heap.swapAt(place, least)
      place = least
    }
    return (first.time, first.event)
  }
}
