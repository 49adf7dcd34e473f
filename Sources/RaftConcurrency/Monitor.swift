package import Glibc

/// A value that one thread at a time may touch, and a condition on which threads wait for it.
///
/// Built on the system's mutex: cheap, and the thread sanitizer understands it.
package final class Monitor<Value>: @unchecked Sendable {
  @usableFromInline let mutex: UnsafeMutablePointer<pthread_mutex_t>
  @usableFromInline let condition: UnsafeMutablePointer<pthread_cond_t>
  @usableFromInline let value: UnsafeMutablePointer<Value>

  /// A monitor of this value.
  package init(_ value: sending Value) {
    self.mutex = .allocate(capacity: 1)
    self.mutex.initialize(to: pthread_mutex_t())
    self.condition = .allocate(capacity: 1)
    self.condition.initialize(to: pthread_cond_t())
    self.value = .allocate(capacity: 1)
    self.value.initialize(to: value)
    // The waiting time must not change when somebody sets the wall clock.
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    let failure =
      pthread_mutex_init(self.mutex, nil) | pthread_cond_init(self.condition, &attributes)
    pthread_condattr_destroy(&attributes)
    precondition(failure == 0, "the system refused a mutex: errno \(failure)")
  }

  deinit {
    pthread_cond_destroy(self.condition)
    pthread_mutex_destroy(self.mutex)
    self.value.deinitialize(count: 1)
    self.condition.deallocate()
    self.mutex.deallocate()
    self.value.deallocate()
  }

  /// Runs the body while no other thread is at the value.
  ///
  /// The body must not block, unless all who come to the value are threads that may.
  @inlinable
  package func withLock<Result, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(self.mutex)
    defer { pthread_mutex_unlock(self.mutex) }
    return try body(&self.value.pointee)
  }

  /// Wakes the threads that wait.
  package func wake() {
    pthread_cond_broadcast(self.condition)
  }

  /// Waits until the body, asked at first and after each wake, gives a result; `nil` if this many
  /// nanoseconds pass before it does.
  package func wait<Result>(
    atMost nanoseconds: Int64? = nil, for body: (inout Value) -> Result?
  ) -> Result? {
    let deadline = nanoseconds.map(Self.deadline)
    pthread_mutex_lock(self.mutex)
    defer { pthread_mutex_unlock(self.mutex) }
    while true {
      if let result = body(&self.value.pointee) { return result }
      guard var deadline else {
        pthread_cond_wait(self.condition, self.mutex)
        continue
      }
      if pthread_cond_timedwait(self.condition, self.mutex, &deadline) == ETIMEDOUT {
        return body(&self.value.pointee)
      }
    }
  }

  private static func deadline(in nanoseconds: Int64) -> timespec {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    let sum = Int64(now.tv_nsec) + nanoseconds
    return timespec(
      tv_sec: now.tv_sec + Int(sum / 1_000_000_000), tv_nsec: Int(sum % 1_000_000_000))
  }
}
