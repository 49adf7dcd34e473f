extension MachineWorker {
  /// Opens what the machine itself kept.
  func recover() async throws(NodeFailure) -> LogID? {
    do {
      return try await self.hooks.recover()
    } catch {
      throw .stateMachine("recover threw: \(error)")
    }
  }

  /// Goes on from a stored snapshot; a machine that holds as much already stays as it is.
  ///
  /// - Returns: what the worker knows of the machine's state now.
  func take(
    _ snapshot: any StoredSnapshot, _ position: Position
  ) async throws(NodeFailure) -> Position {
    let meta = snapshot.meta
    guard let kept = position.kept, kept.index >= meta.lastLogID.index else {
      return try await self.restore(snapshot)
    }
    guard kept.index > meta.lastLogID.index || kept == meta.lastLogID else {
      throw .storage(Inconsistency.machineContradicted(kept, found: meta.lastLogID).error)
    }
    return Position(
      applied: meta.lastLogID, membership: meta.membership, timestamp: meta.timestamp,
      kept: kept == meta.lastLogID ? nil : kept)
  }

  /// Replaces the machine's state by that of a stored snapshot.
  private func restore(_ snapshot: any StoredSnapshot) async throws(NodeFailure) -> Position {
    let content: any SnapshotReader
    do {
      content = try await snapshot.read()
    } catch {
      throw .storage(error)
    }
    do {
      try await self.hooks.restore(snapshot.meta, content)
    } catch let error as StorageError {
      throw .storage(error)
    } catch {
      throw .stateMachine("restore from a snapshot threw: \(error)")
    }
    return Position(
      applied: snapshot.meta.lastLogID, membership: snapshot.meta.membership,
      timestamp: snapshot.meta.timestamp)
  }
}

extension MachineWorker.Position {
  /// Traps if other entries come next than these.
  func expect(_ slice: EntrySlice) {
    precondition(
      slice.first == self.applied.nextIndex,
      "\(slice) to be applied after \(String(describing: self.applied))")
  }

  /// The machine went through these entries.
  mutating func passed(_ slice: EntrySlice) {
    if let membership = slice.chunk.run.membership {
      self.membership = LoggedMembership(logID: slice.lastLogID, membership: membership)
    }
    self.timestamp = slice.chunk.run.timestamp
    self.applied = slice.lastLogID
    if let kept = self.kept, slice.last >= kept.index { self.kept = nil }
  }

  /// The entries whose effect the machine does not hold yet; `nil` if there are none.
  ///
  /// - Throws: a failure if the machine holds the effect of other entries than these.
  func news(in slice: EntrySlice) throws(NodeFailure) -> EntrySlice? {
    guard let kept = self.kept, slice.first <= kept.index else { return slice }
    let leader = slice.chunk.run.leader
    guard slice.last < kept.index ? leader <= kept.leader : leader == kept.leader else {
      let found = LogID(leader: leader, index: min(slice.last, kept.index))
      throw .storage(Inconsistency.machineContradicted(kept, found: found).error)
    }
    return slice.clamped(from: kept.index.next, through: slice.last)
  }
}

extension NodeFailure {
  /// The machine could not apply these entries.
  static func applying(_ slice: EntrySlice, _ error: any Error) -> NodeFailure {
    .stateMachine("apply of \(slice) threw: \(error)")
  }
}
