public import Glibc

/// State that several threads share, reached one at a time under a mutex.
///
/// The package's only plain lock. The mutex is the system's own: cheaper than
/// `Synchronization.Mutex`, and the thread sanitizer understands it, which reports races on
/// correct programs with the other. The state lies in memory of its own, so that reaching it
/// costs no check of exclusive access. Short critical sections, no recursion, no waiting inside.
///
/// Public, though no product offers this module: the compiler puts the body of an inlinable method
/// into other modules only if it is public, and a lock that is called through its generic form costs
/// several times what it does.
public final class Guarded<State>: @unchecked Sendable {
  @usableFromInline let mutex: UnsafeMutablePointer<pthread_mutex_t>
  @usableFromInline let state: UnsafeMutablePointer<State>

  /// Guards this state.
  public init(_ state: sending State) {
    self.mutex = .allocate(capacity: 1)
    self.mutex.initialize(to: pthread_mutex_t())
    self.state = .allocate(capacity: 1)
    self.state.initialize(to: state)
    var attributes = pthread_mutexattr_t()
    pthread_mutexattr_init(&attributes)
    pthread_mutexattr_settype(&attributes, Int32(PTHREAD_MUTEX_ADAPTIVE_NP))
    let failure = pthread_mutex_init(self.mutex, &attributes)
    pthread_mutexattr_destroy(&attributes)
    precondition(failure == 0, "the system refused a mutex: errno \(failure)")
  }

  deinit {
    pthread_mutex_destroy(self.mutex)
    self.mutex.deallocate()
    self.state.deinitialize(count: 1)
    self.state.deallocate()
  }

  /// Runs the body while no other thread is in the state.
  @inlinable
  public func withLock<Result, Failure: Error>(
    _ body: (inout State) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(self.mutex)
    defer { pthread_mutex_unlock(self.mutex) }
    return try body(&self.state.pointee)
  }

  /// Runs the body with a value that it takes over while no other thread is in the state.
  @inlinable
  public func withLock<Value, Result>(
    giving value: consuming Value, _ body: (inout State, consuming Value) -> Result
  ) -> Result {
    pthread_mutex_lock(self.mutex)
    defer { pthread_mutex_unlock(self.mutex) }
    return body(&self.state.pointee, value)
  }
}
