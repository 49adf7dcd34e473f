import Glibc

/// The turns of other cores that a core's turn causes on its own thread.
///
/// A node that tells something to another node of the same process wakes it. The thread runs that
/// node's turn right behind its own then, in place of a hop to another thread, which costs more
/// than most turns. What other threads bring wakes the node's own task, as ever.
final class TurnChain {
  private static let slot: pthread_key_t = {
    var key = pthread_key_t()
    let failure = pthread_key_create(&key, nil)
    precondition(failure == 0, "the system refused a key for data of threads: errno \(failure)")
    return key
  }()

  private var runners: [CoreRunner] = []

  /// Whether this thread is in a turn of a chain.
  static var isOpen: Bool { pthread_getspecific(self.slot) != nil }

  /// Adds a core to the chain that is open on this thread, which has taken on that core's turn.
  static func add(_ runner: CoreRunner) {
    guard let chain = pthread_getspecific(self.slot) else {
      preconditionFailure("a turn was to follow another one, and there is none")
    }
    Unmanaged<TurnChain>.fromOpaque(chain)._withUnsafeGuaranteedRef { $0.runners.append(runner) }
  }

  /// Runs a turn, and then one turn of each core that it woke.
  func run(_ turn: () -> Void) {
    // Nothing waits in between, so this stays the same thread.
    pthread_setspecific(Self.slot, Unmanaged.passUnretained(self).toOpaque())
    turn()
    pthread_setspecific(Self.slot, nil)
    guard !self.runners.isEmpty else { return }
    // Taken out one by one, so that none is copied.
    var runners: [CoreRunner] = []
    swap(&runners, &self.runners)
    while let runner = runners.popLast() { runner.guestTurn() }
    swap(&runners, &self.runners)
  }
}
