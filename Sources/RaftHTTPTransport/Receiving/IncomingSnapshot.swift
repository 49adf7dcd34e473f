internal import Raft
import RaftConcurrency

/// A snapshot that comes in pieces, while the node receives it.
///
/// It holds one piece that the node has not taken yet, so that the sender goes as fast as the
/// node writes.
final class IncomingSnapshot: SnapshotReader {
  private struct State {
    /// How much of the content has come.
    var offset: UInt64 = 0
    /// What has come and was not taken yet.
    var piece: [UInt8]?
    /// What came of it all.
    var result: Result<SnapshotResponse, RequestError>?
    /// Those that wait for something to change.
    var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
    var nextWaiter: UInt64 = 0

    mutating func change() -> [CheckedContinuation<Void, Never>] {
      defer { self.waiters = [:] }
      return Array(self.waiters.values)
    }
  }

  private let byteCount: UInt64
  private let state = Guarded(State())

  init(_ snapshot: SnapshotMeta) {
    self.byteCount = snapshot.byteCount
  }

  /// Whether it is clear what came of it.
  var isOver: Bool { self.state.withLock { $0.result != nil } }

  /// Says what came of it.
  func end(_ result: Result<SnapshotResponse, RequestError>) {
    self.change { state in
      state.result = result
      state.piece = nil
    }
  }

  /// Takes a piece, if it is the next one; returns what to say to its sender.
  func take(_ piece: PieceBody) async throws(RequestError) -> PieceAnswer {
    while !Task.isCancelled {
      let answer = self.change { state -> Result<PieceAnswer, RequestError>? in
        if let result = state.result { return result.map { .done($0) } }
        if state.offset != piece.offset {
          // The last one may come again, while what it completed is being installed.
          let isAwaited = piece.isLast && state.offset == piece.end
          return isAwaited ? nil : .success(.awaiting(offset: state.offset))
        }
        guard state.piece == nil else { return nil }
        state.piece = piece.content
        state.offset = piece.end
        return piece.isLast ? nil : .success(.awaiting(offset: piece.end))
      }
      if let answer { return try answer.get() }
      await self.waitForChange { state in
        state.result == nil && (state.offset == self.byteCount || state.piece != nil)
      }
    }
    throw .busy
  }

  func next() async throws(StorageError) -> [UInt8]? {
    while !Task.isCancelled {
      let (piece, isEnd) = self.change { state in
        defer { state.piece = nil }
        return (state.piece, state.offset == self.byteCount)
      }
      if let piece { return piece }
      if isEnd { return nil }
      await self.waitForChange { $0.piece == nil && $0.offset < self.byteCount }
    }
    throw StorageError(.closed, "the reception of the snapshot was given up")
  }

  /// Changes the state and wakes whoever waits.
  private func change<Value>(_ body: (inout State) -> Value) -> Value {
    let (value, waiters) = self.state.withLock { state in
      let before = (state.offset, state.piece == nil, state.result == nil)
      let value = body(&state)
      let after = (state.offset, state.piece == nil, state.result == nil)
      return (value, before == after ? [] : state.change())
    }
    for waiter in waiters { waiter.resume() }
    return value
  }

  /// Waits for the next change, or until the task is cancelled; not at all unless it `isNeeded`.
  private func waitForChange(while isNeeded: (State) -> Bool) async {
    let number = self.state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = self.state.withLock { state in
          // Cancellation may have come before the wait began.
          guard !Task.isCancelled, isNeeded(state) else { return true }
          state.waiters[number] = continuation
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      let waiter = self.state.withLock { $0.waiters.removeValue(forKey: number) }
      waiter?.resume()
    }
  }
}
