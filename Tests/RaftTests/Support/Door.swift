import Glibc

/// A door that holds up the thread that comes to it, as a slow piece of an application does.
final class Door: @unchecked Sendable {
  private let isOpen = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  init() {
    sem_init(self.isOpen, 0, 0)
  }

  deinit {
    sem_destroy(self.isOpen)
    self.isOpen.deallocate()
  }

  /// Waits until the door is open, at most a minute.
  func pass() {
    var deadline = timespec()
    clock_gettime(CLOCK_REALTIME, &deadline)
    deadline.tv_sec += 60
    if sem_timedwait(self.isOpen, &deadline) == 0 { sem_post(self.isOpen) }
  }

  func open() {
    sem_post(self.isOpen)
  }
}
