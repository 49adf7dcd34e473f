import Glibc

/// State that several threads share, reached one at a time under a mutex.
///
/// The mutex is the system's own: short critical sections, no recursion, no waiting inside. The
/// thread sanitizer understands it. The state lies in memory of its own, so that reaching it
/// costs no check of exclusive access.
package final class Guarded<State>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let state: UnsafeMutablePointer<State>

  package init(_ state: State) {
    self.mutex = .allocate(capacity: 1)
    self.mutex.initialize(to: pthread_mutex_t())
    self.state = .allocate(capacity: 1)
    self.state.initialize(to: state)
    let failure = pthread_mutex_init(self.mutex, nil)
    precondition(failure == 0, "the system refused a mutex: errno \(failure)")
  }

  deinit {
    pthread_mutex_destroy(self.mutex)
    self.mutex.deallocate()
    self.state.deinitialize(count: 1)
    self.state.deallocate()
  }

  /// Calls the closure while no other thread is in the state.
  package func withLock<Result, Failure: Error>(
    _ body: (inout State) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(self.mutex)
    defer { pthread_mutex_unlock(self.mutex) }
    return try body(&self.state.pointee)
  }
}
