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

  /// The chain that is open on this thread.
  static var open: TurnChain? {
    pthread_getspecific(self.slot).map { Unmanaged.fromOpaque($0).takeUnretainedValue() }
  }

  /// Runs a turn, and then one turn of each core that it woke.
  func run(_ turn: () -> Void) {
    // Nothing waits in between, so this stays the same thread.
    pthread_setspecific(Self.slot, Unmanaged.passUnretained(self).toOpaque())
    turn()
    pthread_setspecific(Self.slot, nil)
    guard !self.runners.isEmpty else { return }
    for place in self.runners.indices { self.runners[place].guestTurn() }
    self.runners.removeAll(keepingCapacity: true)
  }

  /// Adds a core whose turn this thread has taken on.
  func add(_ runner: CoreRunner) {
    self.runners.append(runner)
  }
}
