import RaftConcurrency

/// A writer whose commands the machine has.
@usableFromInline
struct PlacedWriter: Sendable {
  /// Where its commands stand in the log.
  @usableFromInline let first: LogIndex
  @usableFromInline let last: LogIndex
  @usableFromInline let form: Writer.Form
  @usableFromInline let token: ReplyToken
}

/// The writers whose commands the machine has, in the order of the log.
///
/// The machine's worker answers them one by one; whoever takes a writer out is the one to answer
/// it, so nobody is answered twice, also not when a stuck machine's writers are taken away.
@usableFromInline
final class WriterQueue: Sendable {
  private struct State {
    var writers: [PlacedWriter] = []
    var head = 0
    var isClosed = false

    mutating func closeUp() {
      guard self.head == self.writers.count else { return }
      self.writers.removeAll(keepingCapacity: true)
      self.head = 0
    }
  }

  private let state = Guarded(State())

  @usableFromInline
  init() {}

  /// Adds the writers of a batch whose first entry has this index; `false` if the queue is closed.
  @usableFromInline
  func add(_ writers: [Writer], from first: LogIndex) -> Bool {
    self.state.withLock { state in
      guard !state.isClosed else { return false }
      for writer in writers {
        state.writers.append(
          PlacedWriter(
            first: first + writer.first, last: first + writer.last, form: writer.form,
            token: writer.token))
      }
      return true
    }
  }

  /// The writer of the entry at this index, if one waits; taken out if it is its last entry.
  @usableFromInline
  func writer(at index: LogIndex) -> PlacedWriter? {
    self.state.withLock { state in
      guard state.head < state.writers.count else { return nil }
      let writer = state.writers[state.head]
      guard writer.first <= index else { return nil }
      if writer.last == index {
        state.head += 1
        state.closeUp()
      }
      return writer
    }
  }

  /// Whether somebody waits for an entry up to this index.
  @usableFromInline
  func isAwaited(through index: LogIndex) -> Bool {
    self.state.withLock { state in
      state.head < state.writers.count && state.writers[state.head].first <= index
    }
  }

  /// Takes out the writers whose last entry is not after this index, in order; says whether one is
  /// left that waits for more beside entries up to there.
  @usableFromInline
  func take(through index: LogIndex) -> (writers: [PlacedWriter], goesOn: Bool) {
    self.state.withLock { state in
      var end = state.head
      while end < state.writers.count, state.writers[end].last <= index { end += 1 }
      let taken = Array(state.writers[state.head..<end])
      state.head = end
      let goesOn = end < state.writers.count && state.writers[end].first <= index
      state.closeUp()
      return (taken, goesOn)
    }
  }

  /// Takes out the writers of entries from this index on, also those whose first entries come
  /// before it.
  @usableFromInline
  func takeAll(from index: LogIndex) -> [PlacedWriter] {
    self.state.withLock { state in
      let waiting = state.writers[state.head...]
      let start = waiting.firstIndex { $0.last >= index } ?? state.writers.count
      let taken = Array(state.writers[start...])
      state.writers.removeSubrange(start...)
      state.closeUp()
      return taken
    }
  }

  /// Takes out everybody, and accepts nobody any more.
  @usableFromInline
  func close() -> [PlacedWriter] {
    self.state.withLock { $0.isClosed = true }
    return self.takeAll(from: 0)
  }
}
