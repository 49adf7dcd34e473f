import RaftConcurrency
import Synchronization

/// A writer whose commands the machine has.
@usableFromInline
struct PlacedWriter: Sendable {
  /// Where its commands stand in the log.
  @usableFromInline let first: LogIndex
  @usableFromInline let last: LogIndex
  @usableFromInline let form: Writer.Form
  @usableFromInline let token: ReplyToken

  /// A writer of a batch whose first entry has this index.
  @usableFromInline
  init(_ writer: Writer, from first: LogIndex) {
    self.first = first + writer.first
    self.last = first + writer.last
    self.form = writer.form
    self.token = writer.token
  }
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

    var count: Int { self.writers.count - self.head }

    mutating func closeUp() {
      guard self.head == self.writers.count else { return }
      self.writers.removeAll(keepingCapacity: true)
      self.head = 0
    }
  }

  private let state = Guarded(State())
  /// How many wait: on followers, and on a leader whose core applies, nobody does, and the lock is
  /// not needed to know that.
  private let count = Atomic<Int>(0)

  @usableFromInline
  init() {}

  /// Adds the writers of a batch whose first entry has this index; `false` if the queue is closed.
  @usableFromInline
  func add(_ writers: [Writer], from first: LogIndex) -> Bool {
    self.state.withLock { state in
      guard !state.isClosed else { return false }
      for writer in writers { state.writers.append(PlacedWriter(writer, from: first)) }
      self.count.store(state.count, ordering: .releasing)
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
        self.count.store(state.count, ordering: .releasing)
      }
      return writer
    }
  }

  /// Whether somebody waits for an entry up to this index.
  @usableFromInline
  func isAwaited(through index: LogIndex) -> Bool {
    guard self.count.load(ordering: .acquiring) > 0 else { return false }
    return self.state.withLock { state in
      state.head < state.writers.count && state.writers[state.head].first <= index
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
      self.count.store(state.count, ordering: .releasing)
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
