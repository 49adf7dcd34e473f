extension Watch {
  /// Waits until the value is as wanted, and returns it.
  ///
  /// - Parameters:
  ///   - awaited: What is waited for, in words, for the error.
  ///   - limit: How long to wait at most.
  ///   - isMet: Whether this value is as wanted; it runs in a task of the caller's, never in the
  ///     node's.
  /// - Throws: ``WaitError``, with what was waited for and the last metrics seen.
  @discardableResult
  public func wait(
    until awaited: String, within limit: Duration,
    _ isMet: @escaping @Sendable (Value) -> Bool
  ) async throws(WaitError) -> Value {
    let watch = self
    let clock = self.clock
    let deadline = clock.now().advanced(byNanoseconds: limit.nanoseconds)
    let found = await withTaskGroup(of: Value?.self) { group in
      group.addTask { await watch.first(where: isMet) }
      group.addTask {
        await clock.sleep(until: deadline)
        return nil
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first
    }
    if let found { return found }
    let metrics = self.board.latest
    let value = metrics[keyPath: self.path]
    if isMet(value) { return value }
    if let failure = metrics.failure { throw .stopped(failure, awaited: awaited, metrics) }
    throw Task.isCancelled
      ? .cancelled(awaited: awaited, metrics) : .timedOut(awaited: awaited, metrics)
  }

  /// Waits until the value is at least this one, and returns it; see ``wait(until:within:_:)``.
  ///
  /// - Throws: ``WaitError``.
  @discardableResult
  public func wait<Position: Comparable & Sendable>(
    untilAtLeast position: Position, within limit: Duration
  ) async throws(WaitError) -> Position where Value == Position? {
    let found = try await self.wait(until: "at least \(position)", within: limit) { value in
      value.map { $0 >= position } ?? false
    }
    return found ?? position
  }
}

extension Watch where Value: Comparable {
  /// Waits until the value is at least this one, and returns it; see ``wait(until:within:_:)``.
  ///
  /// - Throws: ``WaitError``.
  @discardableResult
  public func wait(
    untilAtLeast value: Value, within limit: Duration
  ) async throws(WaitError) -> Value {
    try await self.wait(until: "at least \(value)", within: limit) { $0 >= value }
  }
}

extension Watch where Value == LogID? {
  /// Waits until the log got to this index, and returns the position it is at; see
  /// ``wait(until:within:_:)``.
  ///
  /// - Throws: ``WaitError``.
  @discardableResult
  public func wait(
    untilAtLeast index: LogIndex, within limit: Duration
  ) async throws(WaitError) -> LogID? {
    try await self.wait(until: "index \(index)", within: limit) { $0.nextIndex > index }
  }
}
