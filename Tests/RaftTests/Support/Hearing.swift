import Raft
import RaftConcurrency

/// What responders heard of submitted commands, in order.
final class Hearing<Machine: StateMachine>: Sendable where Machine.Response: Equatable {
  struct Word: Equatable, Sendable {
    let name: String
    let committed: LogID?
    let result: Result<Machine.Response, WriteError>?
  }

  private struct State {
    var words: [Word] = []
    var watchers: [(count: Int, continuation: UnsafeContinuation<Void, Never>)] = []
  }

  private let state = Guarded(State())

  var words: [Word] { self.state.withLock { $0.words } }

  /// A responder that notes what it hears under this name.
  func responder(
    _ name: String = ""
  ) -> @Sendable (RaftNode<Machine>.WriteProgress) -> Void {
    { progress in
      switch progress {
      case .committed(let logID):
        self.note(Word(name: name, committed: logID, result: nil))
      case .completed(let result):
        self.note(Word(name: name, committed: nil, result: result))
      }
    }
  }

  private func note(_ word: Word) {
    let reached = self.state.withLock { state in
      state.words.append(word)
      let count = state.words.count
      let reached = state.watchers.filter { $0.count <= count }
      state.watchers.removeAll { $0.count <= count }
      return reached
    }
    for watcher in reached { watcher.continuation.resume() }
  }

  /// Waits until so many words were heard, and returns all.
  func words(atLeast count: Int) async -> [Word] {
    await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
      let isReached = self.state.withLock { state in
        guard state.words.count < count else { return true }
        state.watchers.append((count, continuation))
        return false
      }
      if isReached { continuation.resume() }
    }
    return self.words
  }
}

extension Hearing.Word {
  static func committed(_ logID: LogID, _ name: String = "") -> Self {
    Self(name: name, committed: logID, result: nil)
  }

  static func completed(
    _ result: Result<Machine.Response, WriteError>, _ name: String = ""
  ) -> Self {
    Self(name: name, committed: nil, result: result)
  }
}
