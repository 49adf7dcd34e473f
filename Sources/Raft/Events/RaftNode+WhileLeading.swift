extension RaftNode {
  /// Runs the body each time this node leads, once for each leadership, and cancels it when the
  /// leadership ends.
  ///
  /// For work that only the leader shall do, such as assigning shards. Of two leaderships, also of
  /// two that follow each other, the first one's body has returned before the second one's begins:
  /// what the body sets up and takes down strictly alternates. So a body must heed cancellation.
  /// One that returns by itself is not run again under the same leadership, and a leadership that
  /// passes very quickly may not be noticed at all.
  ///
  /// Returns when the node has stopped or the calling task is cancelled, after the body.
  ///
  /// Another node may lead already while the body is still running: this one has not heard of it
  /// yet. Whatever must not happen twice has to go through the log, asked for with the handle.
  ///
  /// - Parameter body: The work; what it asks through the handle is refused once the leadership that
  ///   it was begun under is over.
  /// - Throws: What the body throws; that ends the watch.
  public func whileLeading<Failure: Error>(
    _ body: @escaping @Sendable (Leadership) async throws(Failure) -> Void
  ) async throws(Failure) {
    let leaderships = self.watch(\.leadership)
    while let found = await leaderships.first(where: { $0 != nil }), let leadership = found {
      let end = await withTaskGroup(of: LeadershipEnd<Failure>?.self) { group in
        group.addTask {
          await Self.end(of: body, under: Leadership(node: self, leaderID: leadership))
        }
        group.addTask {
          _ = await leaderships.first { $0 != leadership }
          return .moved
        }
        var end: LeadershipEnd<Failure>?
        while end == nil, let next = await group.next() { end = next }
        group.cancelAll()
        // What the body throws once it is cancelled is about the cancellation.
        await group.waitForAll()
        return end
      }
      if case .failed(let error)? = end { throw error }
    }
  }

  private static func end<Failure: Error>(
    of body: @Sendable (Leadership) async throws(Failure) -> Void, under leadership: Leadership
  ) async -> LeadershipEnd<Failure>? {
    do throws(Failure) {
      try await body(leadership)
      return nil
    } catch {
      return .failed(error)
    }
  }
}

/// Why the body of a leadership is over.
private enum LeadershipEnd<Failure: Error>: Sendable {
  /// The leadership ended, or the watch did.
  case moved
  case failed(Failure)
}
