internal import Glibc

/// State that several threads share, reached one at a time under a mutex.
///
/// Critical sections are short, do not wait and do not call out.
final class Guarded<State>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private var state: State

  init(_ state: sending State) {
    self.mutex = .allocate(capacity: 1)
    self.mutex.initialize(to: pthread_mutex_t())
    self.state = state
    let failure = pthread_mutex_init(self.mutex, nil)
    precondition(failure == 0, "the system refused a mutex: errno \(failure)")
  }

  deinit {
    pthread_mutex_destroy(self.mutex)
    self.mutex.deallocate()
  }

  func withLock<Result>(_ body: (inout State) -> Result) -> Result {
    pthread_mutex_lock(self.mutex)
    defer { pthread_mutex_unlock(self.mutex) }
    return body(&self.state)
  }
}
