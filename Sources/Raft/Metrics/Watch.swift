/// A value of a node's metrics that changes: what it is now, and each newer one.
///
/// Made by ``RaftNode/watch(_:)``. As a sequence it begins with the value as it is, and always goes
/// on with the newest: a slow reader misses values in between, and holds up nobody. It ends after
/// the last value of a stopped node, or when the reading task is cancelled. Equal values never
/// follow each other. Any number of tasks may read, each at its own pace.
public struct Watch<Value: Equatable & Sendable>: AsyncSequence, Sendable {
  /// The element type.
  public typealias Element = Value
  let board: MetricsBoard
  let clock: any NodeClock
  let path: any KeyPath<Metrics, Value> & Sendable
  let parts: MetricsParts

  init(
    _ path: any KeyPath<Metrics, Value> & Sendable, on board: MetricsBoard, clock: any NodeClock
  ) {
    self.board = board
    self.clock = clock
    self.path = path
    self.parts = MetricsParts(of: path)
  }

  /// The value as it is now.
  public var latest: Value { self.board.latest[keyPath: self.path] }

  /// Begins to read.
  public func makeAsyncIterator() -> Iterator {
    Iterator(watch: self)
  }

  /// Reads the values one after the other.
  public struct Iterator: AsyncIteratorProtocol {
    let watch: Watch
    private var version: UInt64?
    private var value: Value?
    private var isFinished = false

    init(watch: Watch) {
      self.watch = watch
    }

    /// The newest value that is not the one returned before, or `nil` at the end and in a
    /// cancelled task; waits if need be.
    public mutating func next() async -> Value? {
      while !self.isFinished {
        if let version = self.version {
          await self.watch.board.change(of: self.watch.parts, after: version)
        }
        guard !Task.isCancelled else { return nil }
        let (metrics, version) = self.watch.board.versioned
        self.version = version
        self.isFinished = metrics.failure != nil
        let value = metrics[keyPath: self.watch.path]
        guard value != self.value else { continue }
        self.value = value
        return value
      }
      return nil
    }
  }
}
