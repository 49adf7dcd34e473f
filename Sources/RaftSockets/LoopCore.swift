import CRaftEpoll
import Glibc

/// The readiness that epoll reports or is asked for.
struct Readiness: OptionSet {
  let rawValue: UInt32

  static let readable = Readiness(rawValue: EPOLLIN.rawValue)
  static let writable = Readiness(rawValue: EPOLLOUT.rawValue)
  static let failed = Readiness(rawValue: EPOLLERR.rawValue)
  static let hungUp = Readiness(rawValue: EPOLLHUP.rawValue)
}

/// The owner of a descriptor, called on the loop's thread when the descriptor is ready.
protocol EventSource: LoopResident {
  func ready(_ readiness: Readiness)
}

/// Names one registration; a stale one, whose descriptor number serves another socket, is told apart.
struct SourceToken: Equatable {
  fileprivate let slot: UInt32
  fileprivate let generation: UInt32

  fileprivate var word: UInt64 { UInt64(self.generation) << 32 | UInt64(self.slot) }
}

/// What a loop's thread owns: the epoll set, the timers, and the work put off to the end of a turn.
final class LoopCore {
  private struct Slot {
    var generation: UInt32 = 0
    var source: (any EventSource)?
  }

  /// One buffer for all reads of the loop: a connection copies what it keeps.
  let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 << 10, alignment: 64)
  private(set) var now = MonotonicClock.now()
  private(set) var isStopping = false
  private(set) var timers = TimerHeap()
  private let epoll: Int32
  private var slots: [Slot] = []
  private var freeSlots: [UInt32] = []
  private var putOff: [() -> Void] = []
  private var residents: [ObjectIdentifier: any LoopResident] = [:]
  private let events = UnsafeMutableBufferPointer<epoll_event>.allocate(capacity: 256)
  private static let wakeWord = UInt64.max

  /// Makes the epoll set and puts the descriptor into it by which other threads wake the loop.
  init(wakeup: Int32) throws(SocketError) {
    self.epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard self.epoll >= 0 else { throw LoopCore.failure("create an epoll set") }
    // Edge-triggered: each write is one wake-up, and the counter need never be read.
    var event = epoll_event(
      events: EPOLLIN.rawValue | EPOLLET.rawValue, data: epoll_data_t(u64: LoopCore.wakeWord))
    guard epoll_ctl(self.epoll, EPOLL_CTL_ADD, wakeup, &event) == 0 else {
      throw LoopCore.failure("watch the wake-up descriptor")
    }
  }

  deinit {
    if self.epoll >= 0 { close(self.epoll) }
    self.scratch.deallocate()
    self.events.deallocate()
  }

  private static func failure(_ operation: String) -> SocketError {
    switch errno {
    case EMFILE, ENFILE: .outOfDescriptors
    default: .system(operation: operation, code: errno)
    }
  }

  // MARK: Sources

  /// Watches a descriptor; the source is kept alive until `remove`.
  func add(
    _ descriptor: Int32, for interest: Readiness, source: any EventSource
  ) throws(SocketError) -> SourceToken {
    guard !self.isStopping else { throw .loopStopped }
    let slot: UInt32
    if let free = self.freeSlots.popLast() {
      slot = free
    } else {
      slot = UInt32(self.slots.count)
      self.slots.append(Slot())
    }
    let token = SourceToken(slot: slot, generation: self.slots[Int(slot)].generation)
    var event = epoll_event(events: interest.rawValue, data: epoll_data_t(u64: token.word))
    guard epoll_ctl(self.epoll, EPOLL_CTL_ADD, descriptor, &event) == 0 else {
      self.freeSlots.append(slot)
      throw LoopCore.failure("watch a socket")
    }
    self.slots[Int(slot)].source = source
    return token
  }

  func change(_ token: SourceToken, _ descriptor: Int32, to interest: Readiness) {
    var event = epoll_event(events: interest.rawValue, data: epoll_data_t(u64: token.word))
    let result = epoll_ctl(self.epoll, EPOLL_CTL_MOD, descriptor, &event)
    precondition(result == 0, "descriptor \(descriptor) is not watched: errno \(errno)")
  }

  func remove(_ token: SourceToken, _ descriptor: Int32) {
    let slot = Int(token.slot)
    precondition(self.slots[slot].generation == token.generation, "a source was removed twice")
    var event = epoll_event()
    epoll_ctl(self.epoll, EPOLL_CTL_DEL, descriptor, &event)
    self.slots[slot].source = nil
    self.slots[slot].generation &+= 1
    self.freeSlots.append(token.slot)
  }

  // MARK: Residents, timers, work put off

  /// Keeps a resident until it is released; it hears of the loop's end.
  func adopt(_ resident: any LoopResident) throws(SocketError) {
    guard !self.isStopping else { throw .loopStopped }
    self.residents[ObjectIdentifier(resident)] = resident
  }

  func release(_ resident: any LoopResident) {
    self.residents[ObjectIdentifier(resident)] = nil
  }

  func schedule(at deadline: MonotonicTime, _ job: @escaping () -> Void) -> TimerID {
    self.timers.add(at: deadline, job)
  }

  func cancel(_ timer: TimerID) {
    self.timers.cancel(timer)
  }

  /// Runs `job` at the end of this turn, outside of every callback that now runs.
  func putOff(_ job: @escaping () -> Void) {
    self.putOff.append(job)
  }

  // MARK: Turns

  /// Waits for events, at most until the next timer; not at all with `.poll`.
  func serveEvents(_ patience: Patience) {
    let timeout = patience == .poll ? 0 : self.patience()
    let count = epoll_wait(self.epoll, self.events.baseAddress, Int32(self.events.count), timeout)
    self.now = MonotonicClock.now()
    precondition(count >= 0 || errno == EINTR, "epoll_wait failed: errno \(errno)")
    guard count > 0 else { return }
    for event in self.events[..<Int(count)] where event.data.u64 != LoopCore.wakeWord {
      let slot = Int(truncatingIfNeeded: event.data.u64 & 0xffff_ffff)
      let generation = UInt32(truncatingIfNeeded: event.data.u64 >> 32)
      // An earlier event of this batch may have closed the descriptor.
      guard self.slots[slot].generation == generation else { continue }
      self.slots[slot].source?.ready(Readiness(rawValue: event.events))
    }
  }

  /// How long a turn may wait for events.
  enum Patience {
    case poll
    case untilNextTimer
  }

  private func patience() -> Int32 {
    guard self.putOff.isEmpty else { return 0 }
    guard let deadline = self.timers.nextDeadline() else { return -1 }
    let now = MonotonicClock.now()
    guard deadline > now else { return 0 }
    // Rounded up, so that the loop does not turn idly in a timer's last millisecond.
    return Int32(min((deadline - now + 999_999) / 1_000_000, 3_600_000))
  }

  func serveTimers() {
    while let job = self.timers.takeDue(at: self.now) { job() }
  }

  func servePutOff() {
    while !self.putOff.isEmpty {
      let jobs = self.putOff
      self.putOff = []
      for job in jobs { job() }
    }
  }

  /// Ends every source and resident; from here on none is taken in.
  func stop() {
    self.isStopping = true
    for slot in self.slots { slot.source?.loopIsStopping() }
    for resident in self.residents.values { resident.loopIsStopping() }
    self.residents = [:]
    self.servePutOff()
    self.timers.removeAll()
  }
}
