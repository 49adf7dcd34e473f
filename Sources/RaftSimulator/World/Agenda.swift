/// What happens when: a heap of events, in order of time, then of arrival.
///
/// The heap holds small plain values; the events themselves stay where they are until they happen.
struct Agenda<Event> {
  private struct Item {
    let time: Int64
    let number: Int
    let place: Int

    func precedes(_ other: Item) -> Bool {
      self.time != other.time ? self.time < other.time : self.number < other.number
    }
  }

  private var heap: [Item] = []
  private var events: [Event?] = []
  private var free: [Int] = []
  private var count = 0

  /// How many events lie ahead.
  var pendingCount: Int { self.heap.count }

  /// When the next event happens.
  var nextTime: Int64? { self.heap.first?.time }

  /// Whether some event that lies ahead is of this kind.
  func contains(where isOfKind: (Event) -> Bool) -> Bool {
    self.heap.contains { item in self.events[item.place].map(isOfKind) ?? false }
  }

  mutating func add(_ event: Event, at time: Int64) {
    self.count += 1
    let place: Int
    if let known = self.free.popLast() {
      place = known
      self.events[place] = event
    } else {
      place = self.events.count
      self.events.append(event)
    }
    self.rise(Item(time: time, number: self.count, place: place))
  }

  mutating func next() -> (time: Int64, event: Event)? {
    guard let first = self.heap.first, let last = self.heap.popLast() else { return nil }
    if !self.heap.isEmpty { self.sink(last) }
    self.free.append(first.place)
    var event: Event?
    swap(&event, &self.events[first.place])
    return event.map { (first.time, $0) }
  }

  private mutating func rise(_ item: Item) {
    self.heap.append(item)
    var place = self.heap.count - 1
    while place > 0 {
      let parent = (place - 1) / 4
      guard item.precedes(self.heap[parent]) else { break }
      self.heap[place] = self.heap[parent]
      place = parent
    }
    self.heap[place] = item
  }

  private mutating func sink(_ item: Item) {
    let count = self.heap.count
    var place = 0
    while true {
      let first = 4 * place + 1
      guard first < count else { break }
      var least = first
      for child in (first + 1)..<max(first + 1, min(first + 4, count))
      where self.heap[child].precedes(self.heap[least]) {
        least = child
      }
      guard self.heap[least].precedes(item) else { break }
      self.heap[place] = self.heap[least]
      place = least
    }
    self.heap[place] = item
  }
}
