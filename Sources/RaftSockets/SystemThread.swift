import CRaftEpoll
import Glibc

/// A thread of the operating system, outside the cooperative pool.
struct SystemThread: Sendable {
  private let handle: pthread_t

  /// Starts a thread that runs `body` once; signals are left to the other threads.
  ///
  /// - Throws: `SocketError.system` when the system has no thread to give.
  static func start(
    named name: String, _ body: @escaping @Sendable () -> Void
  ) throws(SocketError) -> SystemThread {
    let work = Unmanaged.passRetained(Work(name: name, body: body))
    var all = sigset_t()
    var previous = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &previous)
    var handle = pthread_t()
    let failure = pthread_create(
      &handle, nil,
      { argument in
        guard let argument else { return nil }
        let work = Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
        raft_name_thread(String(work.name.utf8.prefix(15)) ?? "raft")
        work.body()
        return nil
      }, work.toOpaque())
    pthread_sigmask(SIG_SETMASK, &previous, nil)
    guard failure == 0 else {
      work.release()
      throw .system(operation: "start a thread", code: failure)
    }
    return SystemThread(handle: handle)
  }

  /// Waits until the thread has ended; called once, by one thread.
  func join() {
    let failure = pthread_join(self.handle, nil)
    precondition(failure == 0, "a thread was joined twice or joins itself: \(failure)")
  }

  /// Lets the thread end alone; called instead of `join`.
  func detach() {
    pthread_detach(self.handle)
  }

  private final class Work: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }
}
