import Glibc
import RaftCommandLine
import RaftConcurrency

/// The one thread that reads and writes the files of all shards.
///
/// It takes every job that waits, does them in order, syncs once, and only then tells those who
/// wait for the disk. So what is asked for at the same time shares a sync.
final class StoreThread: Sendable {
  /// Something to be done; what it returns is called when all that was written is durable.
  typealias Job = @Sendable (ShardStore) throws(StoreError) -> (@Sendable () -> Void)?

  private struct State {
    var jobs: [Job] = []
    var isEnding = false
  }

  /// Why the thread ended; an empty text if it was told to.
  let ending = Promise<String>()
  /// What the file layer did so far.
  let tally = Guarded(ShardStore.Tally())
  private let state = Guarded(State())
  private let doorbell: Doorbell

  /// Starts the thread, which opens the store.
  init(folder: String) throws(Failure) {
    self.doorbell = Doorbell()
    try startThread { self.run(ShardStore(folder: folder)) }
  }

  /// Has the job done soon; nothing happens if the thread has ended.
  func submit(_ job: @escaping Job) {
    self.state.withLock { $0.jobs.append(job) }
    self.doorbell.ring()
  }

  /// Ends the thread after what was asked for before.
  func end() async {
    self.state.withLock { $0.isEnding = true }
    self.doorbell.ring()
    _ = await self.ending.value()
  }

  private func run(_ store: ShardStore) {
    do throws(StoreError) {
      try store.open()
      while true {
        self.doorbell.wait()
        let (jobs, isEnding) = self.state.withLock { state in
          let jobs = state.jobs
          state.jobs = []
          return (jobs, state.isEnding)
        }
        var completions: [@Sendable () -> Void] = []
        for job in jobs {
          if let completion = try job(store) { completions.append(completion) }
        }
        try store.sync()
        let tally = store.tally
        self.tally.withLock { $0 = tally }
        for completion in completions { completion() }
        if isEnding { break }
      }
      store.close()
      self.ending.keep("")
    } catch {
      // A failed write or sync is final: nobody is told anything any more.
      self.ending.keep("the store failed: \(error)")
    }
  }
}

/// Wakes one thread; rings while it is awake count as one.
private final class Doorbell: @unchecked Sendable {
  private let semaphore: UnsafeMutablePointer<sem_t>

  init() {
    self.semaphore = .allocate(capacity: 1)
    sem_init(self.semaphore, 0, 0)
  }

  deinit {
    sem_destroy(self.semaphore)
    self.semaphore.deallocate()
  }

  func ring() {
    var value: Int32 = 0
    sem_getvalue(self.semaphore, &value)
    if value == 0 { sem_post(self.semaphore) }
  }

  func wait() {
    while sem_wait(self.semaphore) != 0, errno == EINTR {}
  }
}
