/// The one place where a node's state machine lives; only who has the worker's work touches it.
@usableFromInline
final class MachineBox<Machine: StateMachine>: @unchecked Sendable {
  // Only one is here at a time, as the queue to the worker sees to: a check of exclusive access at
  // each command would find nothing.
  @exclusivity(unchecked) @usableFromInline var machine: Machine
  @usableFromInline let writers = WriterQueue()
  @usableFromInline let notices = Notices()
  /// The responses so far to a writer of several commands.
  @exclusivity(unchecked) @usableFromInline var responses: [Machine.Response] = []

  @usableFromInline
  init(_ machine: Machine) {
    self.machine = machine
  }

  /// Takes note of who waits for the entries of a batch.
  @usableFromInline
  func expect(_ writers: [Writer], from first: LogIndex) {
    if !self.writers.add(writers, from: first) { self.refuse(writers, .outcomeUnknown) }
  }

  @inlinable
  func apply(_ slice: EntrySlice) async throws {
    let run = slice.chunk.run
    guard run.kind == .command else {
      self.answerBarrier(slice)
      return
    }
    // Whoever waits was expected before; on followers nobody does.
    let isAwaited = self.writers.isAwaited(through: slice.last)
    let chunk = slice.chunk
    for offset in slice.offsets {
      let command = try Machine.decode(PayloadReader(chunk.bytes, chunk.payloadRange(at: offset)))
      let index = run.first + offset
      let context = ApplyContext(
        logID: LogID(leader: run.leader, index: index), timestamp: run.timestamp)
      let response = try await self.machine.apply(command, in: context)
      if isAwaited, let writer = self.writers.writer(at: index) {
        self.answer(writer, response, at: index)
      }
    }
  }

  /// Applies what takes effect at once.
  ///
  /// The writers are those of the slice's batch; from the next one on they are answered, and the next
  /// is moved on beyond those that have their last answer. Who was handed over earlier is expected.
  @inlinable
  func applyNow(
    _ slice: EntrySlice, _ writers: [Writer], _ next: inout Int
  ) throws where Machine: SynchronousStateMachine {
    guard slice.chunk.run.kind == .command else {
      self.answerBarrier(slice, writers, &next)
      return
    }
    let isAwaited = self.writers.isAwaited(through: slice.last)
    let (leader, first) = (slice.chunk.run.leader, slice.chunk.run.first)
    let timestamp = slice.chunk.run.timestamp
    let (bytes, ends) = (slice.chunk.bytes, slice.chunk.ends)
    var start = slice.byteRange.lowerBound
    // Of the next writer, if it wrote several and all of them are here.
    var responses: [Machine.Response] = []
    for offset in slice.offsets {
      let end = Int(ends[offset])
      let command = try Machine.decode(PayloadReader(bytes, start..<end))
      start = end
      let context = ApplyContext(
        logID: LogID(leader: leader, index: first + offset), timestamp: timestamp)
      let response = try self.machine.apply(command, in: context)
      guard next < writers.count else {
        if isAwaited, let writer = self.writers.writer(at: first + offset) {
          self.answer(writer, response, at: first + offset)
        }
        continue
      }
      let writer = writers[next]
      guard writer.first <= offset else { continue }
      if writer.form == .several, writer.first >= slice.offsets.lowerBound,
        writer.last < slice.offsets.upperBound
      {
        if offset == writer.first { responses.reserveCapacity(writer.last - writer.first + 1) }
        responses.append(response)
        if offset == writer.last {
          writer.token.continuation(for: [Machine.Response].self)
            .resume(returning: .success(responses))
          responses = []
        }
      } else {
        self.answer(PlacedWriter(writer, from: first), response, at: first + offset)
      }
      if offset == writer.last { next += 1 }
    }
  }

  @inlinable
  func answer(_ writer: PlacedWriter, _ response: Machine.Response, at index: LogIndex) {
    switch writer.form {
    case .single:
      writer.token.continuation(for: Machine.Response.self).resume(returning: .success(response))
    case .several:
      // The writer before may have been taken away in the middle.
      if index == writer.first { self.responses = [] }
      self.responses.append(response)
      guard index == writer.last else { return }
      let responses = self.responses
      self.responses = []
      writer.token.continuation(for: [Machine.Response].self)
        .resume(returning: .success(responses))
    case .submission:
      self.report(writer.token, .success(response))
    case .barrier, .unheard:
      break
    }
  }

  /// Whoever waits for an entry without a command hears that it is applied: the batch's own writer, or
  /// one who is expected.
  @usableFromInline
  func answerBarrier(_ slice: EntrySlice, _ writers: [Writer], _ next: inout Int) {
    guard next < writers.count else {
      self.answerBarrier(slice)
      return
    }
    writers[next].token.continuation(for: LogID.self)
      .resume(returning: .success(slice.lastLogID))
    next += 1
  }

  @usableFromInline
  func answerBarrier(_ slice: EntrySlice) {
    guard let writer = self.writers.writer(at: slice.first) else { return }
    writer.token.continuation(for: LogID.self).resume(returning: .success(slice.lastLogID))
  }

  // MARK: Submitted commands

  /// How to tell the sender of a command, whom nobody has answered yet, that it is committed.
  @usableFromInline
  func commitNotice(_ token: ReplyToken) -> @Sendable (LogID) -> Void {
    let submission = token.object(as: Submission<Machine>.self)
    let notices = self.notices
    return { logID in notices.add { submission.committed(at: logID) } }
  }

  /// Tells the sender of a command what came of it, and nothing after that.
  @usableFromInline
  func report(_ token: ReplyToken, _ result: Result<Machine.Response, WriteError>) {
    let submission = token.takeObject(as: Submission<Machine>.self)
    self.notices.add { submission.completed(result) }
  }

  // MARK: Refusals

  /// The writers of entries from this index on get no other answer.
  @usableFromInline
  func abandon(from index: LogIndex) {
    self.refuse(self.writers.takeAll(from: index))
  }

  /// Nobody gets an answer any more, whatever the machine does.
  @usableFromInline
  func close() {
    self.refuse(self.writers.close())
  }

  @usableFromInline
  func refuse(_ writers: [PlacedWriter]) {
    for writer in writers {
      self.refuse(writer.form, writer.token, .outcomeUnknown)
    }
  }

  @usableFromInline
  func refuse(_ writers: [Writer], _ error: WriteError) {
    for writer in writers {
      self.refuse(writer.form, writer.token, error)
    }
  }

  private func refuse(_ form: Writer.Form, _ token: ReplyToken, _ error: WriteError) {
    switch form {
    case .single:
      token.continuation(for: Machine.Response.self).resume(returning: .failure(error))
    case .several:
      token.continuation(for: [Machine.Response].self).resume(returning: .failure(error))
    case .barrier:
      token.continuation(for: LogID.self).resume(returning: .failure(error))
    case .submission:
      self.report(token, .failure(error))
    case .unheard:
      break
    }
  }
}
