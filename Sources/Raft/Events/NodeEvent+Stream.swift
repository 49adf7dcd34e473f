extension NodeEvent {
  /// A node's events in their order; made by ``RaftNode/events(buffering:)``.
  ///
  /// Each iteration is a watcher of its own with a buffer of its own. It begins with
  /// ``Change/began(_:)`` and ends after ``Change/stopped(_:)``, or when the reading task is
  /// cancelled. When the buffer is full, further events are lost, and
  /// ``Change/missed(_:_:)`` stands where they would: the node never waits for a watcher.
  public struct Stream: AsyncSequence, Sendable {
    /// The element type.
    public typealias Element = NodeEvent
    let core: RaftCore
    let capacity: Int

    /// Begins to watch.
    public func makeAsyncIterator() -> Iterator {
      Iterator(subscription: Subscription(self.core, capacity: self.capacity))
    }

    /// Reads the events one after the other.
    public struct Iterator: AsyncIteratorProtocol {
      let subscription: Subscription

      /// The next event, or `nil` at the end and in a cancelled task; waits if need be.
      public mutating func next() async -> NodeEvent? {
        await self.subscription.next()
      }
    }
  }

  /// One watcher's place in the hub; it is given up when nobody reads any more.
  final class Subscription: Sendable {
    private let core: RaftCore
    private let number: UInt64

    init(_ core: RaftCore, capacity: Int) {
      self.core = core
      self.number = core.events.subscribe(capacity: capacity)
      // The core tells newcomers how things are at the end of a turn, so there must be one.
      core.post(.watched)
    }

    deinit {
      self.core.events.unsubscribe(self.number)
    }

    func next() async -> NodeEvent? {
      while !Task.isCancelled {
        switch self.core.events.take(self.number) {
        case .event(let event): return event
        case .ended: return nil
        case .nothing(let isTurnNeeded):
          if isTurnNeeded { self.core.post(.watched) }
          await self.core.events.wait(self.number)
        }
      }
      return nil
    }
  }
}

extension RaftNode {
  /// The node's events in their order, from now on; each iteration watches for itself.
  ///
  /// - Parameter capacity: How many events wait at most for a slow watcher, at least 1.
  public func events(buffering capacity: Int = 256) -> NodeEvent.Stream {
    precondition(capacity >= 1, "a buffer of \(capacity) events cannot hold one")
    return NodeEvent.Stream(core: self.core, capacity: capacity)
  }
}
