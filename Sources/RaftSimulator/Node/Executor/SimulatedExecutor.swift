import RaftConcurrency
import RaftEngine
import Synchronization

/// A single thread that runs all tasks of a simulated run, in an order that a seed decides, while
/// a virtual clock goes on.
///
/// Whatever becomes ready on the simulating thread goes to a list, from which the seed picks the
/// next job. When the list is empty the clock jumps to the next moment somebody waits for, and
/// everybody whose moment has come is ready together. Nothing else decides, so the same seed
/// gives the same run, in every process.
///
/// Work that becomes ready on any other thread has escaped: the run ends at once and says so.
///
/// Call ``install()`` once before the first run; see there.
public final class SimulatedExecutor: @unchecked Sendable {
  /// Why a run ended.
  public enum Ending: Hashable, Sendable {
    /// The body returned.
    case finished
    /// So many jobs became ready on another thread, or waited for the real clock.
    case escaped(jobs: Int)
    /// Nothing was ready and nobody slept, though the body had not returned.
    case deadlocked
    /// The body had not returned after so many jobs.
    case outOfSteps(Int)
    /// The probe asked to stop.
    case stopped
  }

  /// Something that is ready: a job of the language's runtime, or an action of the simulator.
  enum Ready {
    case job(UnownedJob)
    case action(() -> Void)
  }

  /// What lets a virtual moment pass for one job, in nanoseconds.
  private let jobCost: ClosedRange<Int64>
  private var random: SeededGenerator
  private var ready: [Ready] = []
  private var sleepers = SleeperHeap()
  private var isFinished = false
  /// How many jobs and actions were run.
  private(set) var steps = 0
  /// Nanoseconds since the run began.
  private(set) var now: Int64 = 0
  private let escapes = Atomic<Int>(0)
  /// Jobs that escaped; kept, never run.
  private let escaped = Guarded<[UnownedJob]>([])

  /// An executor whose choices depend on the seed.
  ///
  /// - Parameters:
  ///   - seed: What decides.
  ///   - jobCost: How much virtual time each job takes, in nanoseconds.
  public init(seed: UInt64, jobCost: ClosedRange<Int64> = 0...4000) {
    self.random = SeededGenerator(seed: seed)
    self.jobCost = jobCost
  }

  // MARK: Running

  /// Runs the body, and every task that it sets off, on the calling thread.
  ///
  /// - Parameters:
  ///   - stepsMax: After how many jobs the run ends anyhow.
  ///   - probe: Called after every job with the number of the choice; `false` ends the run.
  ///   - body: What is run; the run ends when it returns.
  /// - Precondition: ``install()`` was called, and no other run is under way in this process.
  public func run(
    stepsMax: Int, probe: (_ choice: Int) -> Bool = { _ in true },
    body: @escaping @Sendable () async -> Void
  ) -> Ending {
    SimulatedThread.enter(self)
    defer { SimulatedThread.leave() }
    Task.detached {
      await body()
      self.isFinished = true
    }
    while true {
      let escapes = self.escapes.load(ordering: .relaxed)
      if escapes > 0 { return .escaped(jobs: escapes) }
      if self.isFinished { return .finished }
      if self.steps >= stepsMax { return .outOfSteps(self.steps) }
      while let due = self.sleepers.takeFirst(through: self.now) { self.ready.append(due) }
      guard !self.ready.isEmpty else {
        guard let next = self.sleepers.firstDeadline else { return .deadlocked }
        self.now = next
        continue
      }
      let choice = self.runNext()
      if !probe(choice) { return .stopped }
    }
  }

  /// Goes on for so many virtual nanoseconds after the body has returned; returns how many still
  /// sleep then.
  ///
  /// Messages on their way arrive meanwhile. Whoever sleeps after a long time was forgotten.
  func settle(for nanoseconds: Int64) -> Int {
    SimulatedThread.enter(self)
    defer { SimulatedThread.leave() }
    let end = self.now + nanoseconds
    while true {
      while let due = self.sleepers.takeFirst(through: self.now) { self.ready.append(due) }
      if !self.ready.isEmpty {
        _ = self.runNext()
      } else if let next = self.sleepers.firstDeadline, next <= end {
        self.now = next
      } else {
        return self.sleepers.count
      }
    }
  }

  /// Does something, and goes on for so many virtual nanoseconds.
  ///
  /// For plays in which a body outside of the run decides what comes next.
  func goOn(for nanoseconds: Int64, probe: () -> Void, after action: () -> Void = {}) {
    SimulatedThread.enter(self)
    defer { SimulatedThread.leave() }
    action()
    let end = self.now + nanoseconds
    while true {
      while let due = self.sleepers.takeFirst(through: self.now) { self.ready.append(due) }
      if !self.ready.isEmpty {
        _ = self.runNext()
        probe()
      } else if let next = self.sleepers.firstDeadline, next <= end {
        self.now = next
      } else {
        break
      }
    }
    self.now = max(self.now, end)
  }

  /// How many jobs became ready on another thread.
  var escapeCount: Int { self.escapes.load(ordering: .relaxed) }

  private func runNext() -> Int {
    let choice = self.ready.count == 1 ? 0 : self.draw(below: self.ready.count)
    self.ready.swapAt(choice, self.ready.count - 1)
    let next = self.ready.removeLast()
    self.steps += 1
    self.now += self.jobCost.lowerBound
    let width = self.jobCost.upperBound - self.jobCost.lowerBound
    if width > 0 { self.now += Int64(self.draw(below: Int(width) + 1)) }
    switch next {
    case .job(let job): SimulatedThread.run(job)
    case .action(let action): action()
    }
    return choice
  }

  private func draw(below bound: Int) -> Int {
    Int(self.random.next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  // MARK: Becoming ready

  /// A job became ready on the simulating thread.
  func add(_ job: UnownedJob) {
    self.ready.append(.job(job))
  }

  /// A job became ready elsewhere, or wants the real clock: the run fails.
  func addEscaped(_ job: UnownedJob) {
    self.escapes.wrappingAdd(1, ordering: .relaxed)
    self.escaped.withLock { $0.append(job) }
  }

  /// Makes an action ready at a moment; returns what cancels it.
  @discardableResult
  func at(_ moment: Int64, _ action: @escaping () -> Void) -> SleeperHeap.Key {
    self.sleepers.add(.action(action), at: max(moment, self.now))
  }

  /// Makes an action ready after some nanoseconds; returns what cancels it.
  @discardableResult
  func after(_ nanoseconds: Int64, _ action: @escaping () -> Void) -> SleeperHeap.Key {
    self.at(self.now + nanoseconds, action)
  }

  /// Forgets an action that was not made ready yet; `false` if it was.
  @discardableResult
  func cancel(_ key: SleeperHeap.Key) -> Bool {
    self.sleepers.remove(key)
  }

  /// Waits until a moment, whether the task is cancelled or not.
  func wait(until moment: Int64) async {
    await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
      _ = self.at(moment) { continuation.resume() }
    }
  }

  /// Waits until a moment, or until the task is cancelled.
  func sleep(until moment: Int64) async {
    let sleep = Sleep()
    await withTaskCancellationHandler {
      await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
        guard !Task.isCancelled else {
          continuation.resume()
          return
        }
        sleep.continuation = continuation
        sleep.key = self.at(moment) { sleep.end() }
      }
    } onCancel: {
      if let key = sleep.key { self.cancel(key) }
      sleep.end()
    }
  }

  /// One task's wait; resumed once.
  private final class Sleep: @unchecked Sendable {
    var continuation: UnsafeContinuation<Void, Never>?
    var key: SleeperHeap.Key?

    func end() {
      let continuation = self.continuation
      self.continuation = nil
      continuation?.resume()
    }
  }
}
