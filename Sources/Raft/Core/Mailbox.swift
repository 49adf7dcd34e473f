import RaftConcurrency

/// What waits for the core: events, and the open batch of writes.
///
/// One lock, two lanes. Writers encode straight into the open batch; the core swaps both lanes out
/// whole, so a busy node handles many writes a turn.
final class Mailbox: Sendable {
  /// Writes that were not given to the engine yet.
  struct WriteBatch: Sendable {
    var payloads = PayloadWriter()
    var ends: [UInt32] = []
    var writers: [Writer] = []
    /// The writers, by their place, who want to write under one leadership only.
    var bounds: [(writer: Int, leadership: LeaderID)] = []
    /// When the first of them came; `nil` if times are not taken.
    var opened: Instant?

    /// What the writes cost in memory.
    var memoryByteCount: Int {
      self.payloads.buffer.count + self.ends.count * EntryChunk.entryOverhead
    }

    mutating func removeAll() {
      self.payloads.buffer.removeAll(keepingCapacity: true)
      self.ends.removeAll(keepingCapacity: true)
      self.writers.removeAll(keepingCapacity: true)
      self.bounds.removeAll(keepingCapacity: true)
      self.opened = nil
    }
  }

  /// One turn's work.
  struct Batch: Sendable {
    var writes = WriteBatch()
    var events: [Event] = []

    var isEmpty: Bool { self.writes.ends.isEmpty && self.events.isEmpty }
  }

  private struct State {
    var batch = Batch()
    /// The core's task, while it waits.
    var waiter: UnsafeContinuation<Void, Never>?
    /// Who can do a turn in the waiting task's place.
    var runner: CoreRunner?
    /// Whether somebody does.
    var hasGuest = false
    /// How many times the task is to be woken although a guest could do the turn.
    var guestless = 0
    /// After so many writers that did the turn themselves the task does one: only there it shows
    /// whether others wait for a thread, whose writes would make a batch.
    static let loneWritersMax = 64
    /// How many more writers may do the turn themselves, since those before came alone.
    var loneWriters = 0
    /// Bytes of writes that were swapped out and are still held.
    var pendingBytes = 0
    /// Whether the core takes what comes; not while it recovers.
    var isServing = false
    /// Set once; nothing is accepted any more.
    var closed: NodeFailure?

    /// Who is to be woken; nobody if the core is at work.
    mutating func wake() -> Wake {
      guard self.waiter != nil, !self.hasGuest else { return .nobody }
      if TurnChain.isOpen, let runner = self.admitGuest() {
        TurnChain.add(runner)
        return .nobody
      }
      return self.waiter.take().map(Wake.task) ?? .nobody
    }

    /// Who is to be woken for a writer that waits for its answer.
    mutating func wakeForWriter() -> Wake {
      if self.loneWriters > 0, self.waiter != nil, !self.hasGuest {
        self.loneWriters -= 1
        if let runner = self.admitGuest() { return .here(runner) }
      }
      return self.wake()
    }

    /// The core's task takes a batch of so many writers: whether they come alone.
    mutating func noteCompany(of writers: Int) {
      guard writers > 0, !self.hasGuest else { return }
      self.loneWriters = writers == 1 ? Self.loneWritersMax : 0
    }

    private mutating func admitGuest() -> CoreRunner? {
      guard self.guestless == 0 else {
        self.guestless -= 1
        return nil
      }
      self.hasGuest = self.runner != nil
      return self.runner
    }
  }

  /// Who is to be woken by what was added, after the lock was given back.
  private enum Wake {
    case nobody
    case task(UnsafeContinuation<Void, Never>)
    /// Nobody: this thread does the turn.
    case here(CoreRunner)

    func perform() {
      switch self {
      case .nobody: break
      case .task(let waiter): waiter.resume()
      case .here(let runner): runner.guestTurns()
      }
    }
  }

  private let state = Guarded(State())
  private let pendingBytesMax: Int
  private let writeBytesMax: Int

  init(pendingBytesMax: Int, writeBytesMax: Int) {
    self.pendingBytesMax = pendingBytesMax
    self.writeBytesMax = writeBytesMax
  }

  /// Adds an event; returns why not if the node has stopped.
  func post(_ event: consuming Event) -> NodeFailure? {
    let wake = self.state.withLock(giving: event) { state, event -> Wake? in
      guard state.closed == nil else { return nil }
      state.batch.events.append(consume event)
      return state.wake()
    }
    guard let wake else { return self.closed }
    wake.perform()
    return nil
  }

  /// Adds a peer's message; returns why not.
  ///
  /// While the node recovers, which can take minutes, messages must not pile up: the peers repeat
  /// them anyway.
  func receive(_ message: consuming Event) -> RequestError? {
    let wake = self.state.withLock(giving: message) { state, message -> Wake? in
      guard state.closed == nil, state.isServing else { return nil }
      state.batch.events.append(consume message)
      return state.wake()
    }
    guard let wake else { return self.closed.map(RequestError.stopped) ?? .busy }
    wake.perform()
    return nil
  }

  private var closed: NodeFailure? { self.state.withLock { $0.closed } }

  /// Adds the writes of one writer to the open batch; returns why not.
  ///
  /// - Parameters:
  ///   - count: How many writes there are.
  ///   - form: How the writer is answered.
  ///   - token: Where it is answered.
  ///   - leadership: The only leadership under which the writer wants to write; `nil` for any.
  ///   - opened: The moment, asked for if this opens a batch; `nil` if nobody wants to know.
  ///   - encode: Writes the command with this number.
  func propose(
    count: Int, form: Writer.Form, token: ReplyToken, boundTo leadership: LeaderID? = nil,
    opened: @autoclosure () -> Instant? = nil,
    encode: (inout PayloadWriter, Int) -> Void
  ) -> WriteError? {
    self.add { state throws(WriteError) in
      try self.encode(
        count, into: &state.batch.writes, room: try self.room(&state), encode)
      let last = state.batch.writes.ends.count - 1
      if last + 1 == count { state.batch.writes.opened = opened() }
      state.batch.writes.writers.append(
        Writer(first: last - count + 1, last: last, form: form, token: token))
      if let leadership {
        state.batch.writes.bounds.append((state.batch.writes.writers.count - 1, leadership))
      }
      return form.isAwaited ? state.wakeForWriter() : state.wake()
    }
  }

  /// Adds an event that becomes an entry; returns why not.
  func propose(_ event: Event) -> WriteError? {
    self.add { state throws(WriteError) in
      _ = try self.room(&state)
      state.batch.events.append(event)
      return state.wake()
    }
  }

  /// Adds something under the lock, and wakes whom the body names, or returns why not.
  private func add(_ body: (inout State) throws(WriteError) -> Wake) -> WriteError? {
    do throws(WriteError) {
      try self.state.withLock(body).perform()
      return nil
    } catch {
      return error
    }
  }

  /// For how many bytes of writes there is room.
  private func room(_ state: inout State) throws(WriteError) -> Int {
    if let closed = state.closed { throw .stopped(closed) }
    let room =
      min(self.pendingBytesMax - state.pendingBytes, Int(UInt32.max))
      - state.batch.writes.memoryByteCount
    guard room > 0 else { throw .overloaded }
    return room
  }

  /// Encodes; a command beyond a limit undoes all of its writer.
  private func encode(
    _ count: Int, into writes: inout WriteBatch, room: Int,
    _ encode: (inout PayloadWriter, Int) -> Void
  ) throws(WriteError) {
    let entries = writes.ends.count
    let bytes = writes.payloads.buffer.count
    for number in 0..<count {
      let start = writes.payloads.buffer.count
      encode(&writes.payloads, number)
      let length = writes.payloads.buffer.count - start
      let encoded = writes.payloads.buffer.count - bytes
      let total = encoded + (number + 1) * EntryChunk.entryOverhead
      guard length <= self.writeBytesMax, total <= room else {
        writes.ends.removeLast(writes.ends.count - entries)
        writes.payloads.buffer.removeLast(encoded)
        if length > self.writeBytesMax {
          throw .tooLarge(bytes: length, limit: self.writeBytesMax)
        }
        throw total > self.pendingBytesMax
          ? .tooLarge(bytes: total, limit: self.pendingBytesMax) : .overloaded
      }
      writes.ends.append(UInt32(writes.payloads.buffer.count))
    }
  }

  /// Swaps what waits into `batch`, which must be empty and lends its storage; `false` if nothing
  /// does.
  ///
  /// - Parameters:
  ///   - pendingBytes: What earlier batches hold that are still held.
  ///   - runner: Who can do turns for the core's task while that waits; `nil` if nobody can.
  func take(into batch: inout Batch, pendingBytes: Int, by runner: CoreRunner? = nil) -> Bool {
    self.state.withLock { state in
      state.isServing = true
      state.pendingBytes = pendingBytes
      if state.runner == nil { state.runner = runner }
      guard !state.batch.isEmpty else { return false }
      swap(&state.batch, &batch)
      state.pendingBytes += batch.writes.memoryByteCount
      state.noteCompany(of: batch.writes.writers.count)
      return true
    }
  }

  /// Waits for work.
  func wait() async {
    await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
      let hasWork = self.state.withLock { state in
        guard state.batch.isEmpty else { return true }
        state.waiter = continuation
        return false
      }
      if hasWork { continuation.resume() }
    }
  }

  /// A guest has done its turn; the task is woken if it is needed or if there is more.
  ///
  /// - Parameter isSlow: Whether the core shall have no guests for a while.
  func leave(isTaskNeeded: Bool, isSlow: Bool) {
    let waiter = self.state.withLock { state in
      state.hasGuest = false
      if isSlow { state.guestless = Self.guestlessTurns }
      return isTaskNeeded || !state.batch.isEmpty ? state.waiter.take() : nil
    }
    waiter?.resume()
  }

  private static let guestlessTurns = 100

  /// Accepts nothing any more, and gives back what was accepted.
  func close(_ failure: NodeFailure) -> Batch {
    self.state.withLock { state in
      state.closed = failure
      state.runner = nil
      defer { state.batch = Batch() }
      return state.batch
    }
  }
}
