import Glibc
// The one file that knows how the toolchain lets a program replace its default executor. The
// interface is experimental: it holds for the toolchain that this package names.
@_spi(ExperimentalCustomExecutors) @_spi(ExperimentalScheduling) internal import _Concurrency

/// All tasks of the process on one thread: the shape of a server that gives a core to its nodes.
///
/// The trade: a task that becomes ready costs a push onto an array that no other thread sees,
/// instead of a lock and perhaps a wake-up of another thread, which is two to three times as much
/// work a put. In exchange nothing runs beside anything else: a task that calculates for long holds
/// up all others, heartbeats included, and a second core is used only by threads of one's own (a
/// disk's, a socket loop's). The choice is the program's; the library never makes it.
final class SingleThreadExecutor: TaskExecutor, SchedulingExecutor, @unchecked Sendable {
  static let shared = SingleThreadExecutor()

  private struct Sleeper {
    let due: UInt64
    let number: Int
    let job: UnownedJob
  }

  // Only the executor's own thread touches these.
  private var thread = pthread_t()
  private var ring: UnsafeMutablePointer<UnownedJob>
  private var capacity = 4096
  private var head = 0
  private var count = 0
  /// In order of time, the next one at the end.
  private var sleepers: [Sleeper] = []
  private var sleeperCount = 0
  private var taken: [UnownedJob] = []

  // Other threads leave jobs here, under the mutex.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let arrival: UnsafeMutablePointer<pthread_cond_t>
  private var inbox: [UnownedJob] = []

  private init() {
    self.ring = .allocate(capacity: self.capacity)
    self.mutex = .allocate(capacity: 1)
    self.mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(self.mutex, nil)
    self.arrival = .allocate(capacity: 1)
    self.arrival.initialize(to: pthread_cond_t())
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(self.arrival, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  /// Replaces the default executor of the process; before any task is made.
  static func install() {
    Self.shared.thread = pthread_self()
    _createExecutors(factory: SingleThreadExecutors.self)
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    guard pthread_self() != self.thread else { return self.push(job) }
    pthread_mutex_lock(self.mutex)
    self.inbox.append(job)
    pthread_cond_signal(self.arrival)
    pthread_mutex_unlock(self.mutex)
  }

  func enqueue<C: Clock>(
    _ job: consuming ExecutorJob, after delay: C.Duration, tolerance: C.Duration?, clock: C
  ) {
    guard let delay = delay as? Duration else {
      preconditionFailure("the benchmark's tasks sleep on clocks that count in seconds")
    }
    self.add(UnownedJob(job), after: delay)
  }

  func enqueue<C: Clock>(
    _ job: consuming ExecutorJob, at instant: C.Instant, tolerance: C.Duration?, clock: C
  ) {
    self.enqueue(job, after: clock.now.duration(to: instant), tolerance: tolerance, clock: clock)
  }

  private func add(_ job: UnownedJob, after delay: Duration) {
    precondition(
      pthread_self() == self.thread, "a task of another thread sleeps by this executor")
    let (seconds, attoseconds) = delay.components
    let nanoseconds = max(0, seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    let due = ProcessFigures.monotonic() + UInt64(nanoseconds)
    self.sleeperCount += 1
    let place = self.sleepers.firstIndex { $0.due <= due } ?? self.sleepers.endIndex
    self.sleepers.insert(Sleeper(due: due, number: self.sleeperCount, job: job), at: place)
  }

  private func push(_ job: UnownedJob) {
    if self.count == self.capacity { self.grow() }
    let place = (self.head &+ self.count) & (self.capacity &- 1)
    (self.ring + place).initialize(to: job)
    self.count &+= 1
  }

  private func grow() {
    let larger = UnsafeMutablePointer<UnownedJob>.allocate(capacity: 2 * self.capacity)
    for place in 0..<self.count {
      let old = (self.head + place) & (self.capacity - 1)
      (larger + place).initialize(to: self.ring[old])
    }
    self.ring.deallocate()
    self.ring = larger
    self.head = 0
    self.capacity *= 2
  }

  /// Runs all jobs, and waits for more, until the process ends.
  func run() -> Never {
    // A job runs as on the stock executor: without an executor of its own.
    let generic = unsafeBitCast((0, 0), to: UnownedSerialExecutor.self)
    while true {
      while self.count > 0 {
        let job = self.ring[self.head]
        self.head = (self.head &+ 1) & (self.capacity &- 1)
        self.count &-= 1
        job.runSynchronously(on: generic)
        self.wakeSleepersNowAndThen()
      }
      self.wakeSleepers()
      if self.count == 0 { self.takeArrivals(waiting: true) }
    }
  }

  private var jobsSinceLook = 0

  /// Also a thread that always has work looks at the clock and into the inbox.
  private func wakeSleepersNowAndThen() {
    self.jobsSinceLook &+= 1
    guard self.jobsSinceLook & 0xFF == 0 else { return }
    self.wakeSleepers()
    self.takeArrivals(waiting: false)
  }

  private func wakeSleepers() {
    guard !self.sleepers.isEmpty else { return }
    let now = ProcessFigures.monotonic()
    while let next = self.sleepers.last, next.due <= now {
      self.sleepers.removeLast()
      self.push(next.job)
    }
  }

  private func takeArrivals(waiting: Bool) {
    pthread_mutex_lock(self.mutex)
    while waiting, self.inbox.isEmpty {
      guard let next = self.sleepers.last else {
        pthread_cond_wait(self.arrival, self.mutex)
        continue
      }
      var due = timespec(
        tv_sec: Int(next.due / 1_000_000_000), tv_nsec: Int(next.due % 1_000_000_000))
      if pthread_cond_timedwait(self.arrival, self.mutex, &due) == ETIMEDOUT { break }
    }
    swap(&self.inbox, &self.taken)
    pthread_mutex_unlock(self.mutex)
    for job in self.taken { self.push(job) }
    self.taken.removeAll(keepingCapacity: true)
  }
}

/// What the runtime asks for the executors of the process.
private struct SingleThreadExecutors: ExecutorFactory {
  static var mainExecutor: any MainExecutor { PlatformExecutorFactory.mainExecutor }
  static var defaultExecutor: any TaskExecutor { SingleThreadExecutor.shared }
}
