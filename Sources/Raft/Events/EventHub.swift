import RaftConcurrency
import Synchronization

/// Where the core tells its events, and where each watcher finds those it has not read.
final class EventHub: Sendable {
  /// What a watcher finds.
  enum Found {
    case event(NodeEvent)
    /// Nothing now; perhaps it takes a turn of the core until there is something.
    case nothing(isTurnNeeded: Bool)
    case ended
  }

  private struct Watcher {
    let number: UInt64
    let capacity: Int
    /// Those before the head were read.
    var buffer: [NodeEvent] = []
    var head = 0
    /// How many events were lost since the last one in the buffer.
    var missed = 0
    /// Whether it knows how things were when it began.
    var isWelcomed = false
    /// Whether it knows that the node has stopped.
    var knowsEnd = false
    var waiter: UnsafeContinuation<Void, Never>?

    var hasNews: Bool { self.head < self.buffer.count }

    var hasRoom: Bool { self.buffer.count - self.head < self.capacity }

    mutating func add(_ event: NodeEvent) {
      // After a gap comes first what it was.
      guard self.missed == 0, self.hasRoom else {
        self.missed += 1
        return
      }
      self.buffer.append(event)
    }

    mutating func take() -> NodeEvent? {
      guard self.head < self.buffer.count else { return nil }
      defer {
        self.head += 1
        if self.head * 2 > self.buffer.count {
          self.buffer.removeFirst(self.head)
          self.head = 0
        }
      }
      return self.buffer[self.head]
    }

    /// The node is like this now, and this watcher may have to be told so.
    mutating func settle(_ metrics: Metrics, at time: Timestamp) {
      if !self.isWelcomed {
        self.isWelcomed = true
        self.buffer.append(NodeEvent(at: time, change: .began(metrics)))
      } else if self.missed > 0, self.hasRoom {
        self.buffer.append(NodeEvent(at: time, change: .missed(self.missed, metrics)))
        self.missed = 0
      }
    }
  }

  private struct End {
    let metrics: Metrics
    let failure: NodeFailure
    let at: Timestamp
  }

  private struct State {
    var watchers: [Watcher] = []
    var next: UInt64 = 0
    var end: End?

    /// Lets the body at all watchers; those who wait and have something now are to be woken.
    mutating func update(
      _ body: (inout Watcher) -> Void
    ) -> [UnsafeContinuation<Void, Never>] {
      var woken: [UnsafeContinuation<Void, Never>] = []
      for place in self.watchers.indices {
        body(&self.watchers[place])
        guard let waiter = self.watchers[place].waiter,
          self.end != nil || self.watchers[place].hasNews
        else { continue }
        self.watchers[place].waiter = nil
        woken.append(waiter)
      }
      return woken
    }

    func place(of number: UInt64) -> Int? {
      self.watchers.firstIndex { $0.number == number }
    }
  }

  private let state = Guarded(State())
  private let watcherCount = Atomic<Int>(0)

  /// Whether anybody wants to know; if not, nothing is looked for.
  var isWatched: Bool { self.watcherCount.load(ordering: .relaxed) > 0 }

  // MARK: The core's side

  /// Tells all watchers of these events.
  func tell(_ events: [NodeEvent]) {
    let woken = self.state.withLock { state in
      state.update { watcher in
        guard watcher.isWelcomed else { return }
        for event in events { watcher.add(event) }
      }
    }
    for waiter in woken { waiter.resume() }
  }

  /// Tells newcomers, and those who missed something, how the node is at the end of a turn.
  func settle(_ metrics: Metrics, at time: Timestamp) {
    let woken = self.state.withLock { state in
      state.update { $0.settle(metrics, at: time) }
    }
    for waiter in woken { waiter.resume() }
  }

  /// The node has stopped, like this.
  func end(_ metrics: Metrics, _ failure: NodeFailure, at time: Timestamp) {
    let woken = self.state.withLock { state in
      state.end = End(metrics: metrics, failure: failure, at: time)
      return state.update { _ in }
    }
    for waiter in woken { waiter.resume() }
  }

  // MARK: The watchers' side

  func subscribe(capacity: Int) -> UInt64 {
    self.watcherCount.wrappingAdd(1, ordering: .relaxed)
    return self.state.withLock { state in
      state.next += 1
      state.watchers.append(Watcher(number: state.next, capacity: capacity))
      return state.next
    }
  }

  func unsubscribe(_ number: UInt64) {
    self.watcherCount.wrappingSubtract(1, ordering: .relaxed)
    self.state.withLock { state in state.watchers.removeAll { $0.number == number } }
  }

  /// Takes the next event of this watcher.
  func take(_ number: UInt64) -> Found {
    self.state.withLock { state in
      guard let place = state.place(of: number) else { return .ended }
      if let event = state.watchers[place].take() { return .event(event) }
      guard let end = state.end else {
        return .nothing(isTurnNeeded: state.watchers[place].missed > 0)
      }
      state.watchers[place].settle(end.metrics, at: end.at)
      if let event = state.watchers[place].take() { return .event(event) }
      guard !state.watchers[place].knowsEnd else { return .ended }
      state.watchers[place].knowsEnd = true
      return .event(NodeEvent(at: end.at, change: .stopped(end.failure)))
    }
  }

  /// Waits until there is something for this watcher, or its task is cancelled.
  func wait(_ number: UInt64) async {
    await withTaskCancellationHandler {
      await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
        let isOver = self.state.withLock { state in
          guard let place = state.place(of: number), !state.watchers[place].hasNews,
            state.end == nil, !Task.isCancelled
          else { return true }
          state.watchers[place].waiter = continuation
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      let waiter = self.state.withLock { state in
        guard let place = state.place(of: number) else {
          return nil as UnsafeContinuation<Void, Never>?
        }
        defer { state.watchers[place].waiter = nil }
        return state.watchers[place].waiter
      }
      waiter?.resume()
    }
  }
}
