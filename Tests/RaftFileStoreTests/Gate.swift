import Glibc

/// A place where threads wait while it is shut, and where a test sees them arrive.
final class Gate: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var isShut = false
  private var arrived = 0
  private var observers: [(number: Int, continuation: CheckedContinuation<Void, Never>)] = []

  init() {
    pthread_mutex_init(self.mutex, nil)
    pthread_cond_init(self.condition, nil)
  }

  deinit {
    pthread_cond_destroy(self.condition)
    pthread_mutex_destroy(self.mutex)
    self.condition.deallocate()
    self.mutex.deallocate()
  }

  /// How many arrivals there were.
  var count: Int { self.locked { self.arrived } }

  func shut() {
    self.locked { self.isShut = true }
  }

  func open() {
    self.locked { self.isShut = false }
    pthread_cond_broadcast(self.condition)
  }

  /// Returns when there were this many arrivals.
  func arrival(_ number: Int) async {
    await withCheckedContinuation { continuation in
      let isPast = self.locked {
        if self.arrived < number { self.observers.append((number, continuation)) }
        return self.arrived >= number
      }
      if isPast { continuation.resume() }
    }
  }

  /// Arrives, and goes on once the gate is open.
  func pass() {
    let seen = self.locked {
      self.arrived += 1
      defer { self.observers.removeAll { $0.number <= self.arrived } }
      return self.observers.filter { $0.number <= self.arrived }
    }
    for observer in seen { observer.continuation.resume() }
    self.locked {
      while self.isShut { pthread_cond_wait(self.condition, self.mutex) }
    }
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(self.mutex)
    defer { pthread_mutex_unlock(self.mutex) }
    return body()
  }
}
