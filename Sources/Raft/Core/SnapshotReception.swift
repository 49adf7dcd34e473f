import Synchronization

/// Receives one offered snapshot into the store, beside everything else.
///
/// A sender that stalls must not keep other snapshots out for ever: it is given up when no piece
/// comes for too long, or the whole takes too long.
final class SnapshotReception: Sendable {
  private let offer: SnapshotRequest
  private let core: RaftCore
  private let start: Instant
  /// When the last piece came.
  private let heard: Atomic<Int64>

  init(of offer: SnapshotRequest, by core: RaftCore) {
    self.offer = offer
    self.core = core
    self.start = core.clock.now()
    self.heard = Atomic(self.start.nanoseconds)
  }

  /// Receives, and reports once what came of it.
  func run(report: @Sendable (Result<any StoredSnapshot, StorageError>) -> Void) async {
    await withTaskGroup(of: Result<any StoredSnapshot, StorageError>.self) { group in
      group.addTask { await self.receive() }
      group.addTask { .failure(await self.stall()) }
      if let first = await group.next() { report(first) }
      group.cancelAll()
    }
  }

  /// Waits until it is time to give up; says why.
  private func stall() async -> StorageError {
    let configuration = self.core.configuration
    let end = self.start.advanced(byNanoseconds: configuration.snapshotTimeout.nanoseconds)
    while !Task.isCancelled {
      let now = self.core.clock.now()
      let pause = Instant(nanoseconds: self.heard.load(ordering: .relaxed))
        .advanced(byNanoseconds: configuration.snapshotPauseMax.nanoseconds)
      guard now < min(pause, end) else {
        return StorageError(
          .io,
          now < end
            ? "no piece of the snapshot came for \(configuration.snapshotPauseMax)"
            : "the snapshot did not come within \(configuration.snapshotTimeout)")
      }
      await self.core.clock.sleep(until: min(pause, end))
    }
    return Self.ended
  }

  private static let ended = StorageError(.closed, "the reception of the snapshot was given up")

  private func receive() async -> Result<any StoredSnapshot, StorageError> {
    do throws(StorageError) {
      let writer = try await self.core.snapshotStore.begin(self.offer.snapshot)
      do throws(StorageError) {
        try await self.copyContent(to: writer)
        return .success(try await writer.commit())
      } catch {
        await writer.abandon()
        throw error
      }
    } catch {
      return .failure(error)
    }
  }

  private func copyContent(to writer: any SnapshotWriter) async throws(StorageError) {
    let announced = self.offer.snapshot.byteCount
    var byteCount: UInt64 = 0
    while let piece = try await self.offer.content.next() {
      guard !Task.isCancelled else { throw Self.ended }
      self.heard.store(self.core.clock.now().nanoseconds, ordering: .relaxed)
      byteCount += UInt64(piece.count)
      guard byteCount <= announced else { break }
      try await writer.write(piece)
    }
    guard !Task.isCancelled else { throw Self.ended }
    guard byteCount == announced else {
      throw StorageError(
        .corrupted,
        "the snapshot has \(byteCount > announced ? "more" : "only \(byteCount)") bytes, "
          + "\(announced) were announced")
    }
  }
}
