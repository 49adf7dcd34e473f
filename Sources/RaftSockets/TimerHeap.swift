/// Names one scheduled timer of one loop, to cancel it.
public struct TimerID: Hashable, Sendable {
  let number: UInt64
}

/// The timers of one loop: jobs ordered by deadline, those of one deadline in order of scheduling.
///
/// A cancelled timer leaves an empty entry behind, which is dropped when it comes up, or at the
/// latest when such entries outnumber the others.
package struct TimerHeap {
  private struct Entry {
    let deadline: UInt64
    let number: UInt64

    static func precedes(_ left: Entry, _ right: Entry) -> Bool {
      (left.deadline, left.number) < (right.deadline, right.number)
    }
  }

  private var entries: [Entry] = []
  private var jobs: [UInt64: () -> Void] = [:]
  private var nextNumber: UInt64 = 0

  package var count: Int { self.jobs.count }
  package var entryCount: Int { self.entries.count }

  package init() {}

  package mutating func add(at deadline: UInt64, _ job: @escaping () -> Void) -> TimerID {
    let number = self.nextNumber
    self.nextNumber += 1
    self.jobs[number] = job
    self.entries.append(Entry(deadline: deadline, number: number))
    self.rise(self.entries.count - 1)
    return TimerID(number: number)
  }

  package mutating func cancel(_ timer: TimerID) {
    guard self.jobs.removeValue(forKey: timer.number) != nil else { return }
    if self.entries.count > 2 * self.jobs.count + 64 { self.compact() }
  }

  /// The deadline of the next timer that still counts.
  package mutating func nextDeadline() -> UInt64? {
    while let first = self.entries.first {
      if self.jobs[first.number] != nil { return first.deadline }
      self.removeFirst()
    }
    return nil
  }

  /// Takes the next job that is due at `now`, or `nil`.
  package mutating func takeDue(at now: UInt64) -> (() -> Void)? {
    while let first = self.entries.first, first.deadline <= now {
      self.removeFirst()
      if let job = self.jobs.removeValue(forKey: first.number) { return job }
    }
    return nil
  }

  package mutating func removeAll() {
    self.entries = []
    self.jobs = [:]
  }

  private mutating func compact() {
    // A sorted array is a heap.
    self.entries = self.entries.filter { self.jobs[$0.number] != nil }.sorted(by: Entry.precedes)
  }

  private mutating func removeFirst() {
    let last = self.entries.removeLast()
    guard !self.entries.isEmpty else { return }
    self.entries[0] = last
    self.sink(0)
  }

  private mutating func rise(_ start: Int) {
    var index = start
    while index > 0 {
      let parent = (index - 1) / 2
      guard Entry.precedes(self.entries[index], self.entries[parent]) else { return }
      self.entries.swapAt(index, parent)
      index = parent
    }
  }

  private mutating func sink(_ start: Int) {
    var index = start
    while true {
      var least = index
      for child in [2 * index + 1, 2 * index + 2]
      where child < self.entries.count && Entry.precedes(self.entries[child], self.entries[least]) {
        least = child
      }
      guard least != index else { return }
      self.entries.swapAt(index, least)
      index = least
    }
  }
}
