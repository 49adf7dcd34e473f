/// The one place where a node's state machine lives; only its worker task touches the machine.
@usableFromInline
final class MachineBox<Machine: StateMachine>: @unchecked Sendable {
  @usableFromInline var machine: Machine
  @usableFromInline let writers = WriterQueue()
  /// The responses so far to a writer of several commands; touched by the worker task only.
  @usableFromInline var responses: [Machine.Response] = []

  @usableFromInline
  init(_ machine: Machine) {
    self.machine = machine
  }

  /// Takes note of who waits for the entries of a batch.
  @usableFromInline
  func expect(_ writers: [Writer], from first: LogIndex) {
    if !self.writers.add(writers, from: first) { Self.refuse(writers, .outcomeUnknown) }
  }

  @inlinable
  func apply(_ slice: EntrySlice) async throws {
    let run = slice.chunk.run
    guard run.kind == .command else { return }
    let last = slice.last
    var index = slice.first
    while index <= last {
      let command = try Machine.decode(PayloadReader(slice.payload(at: index)))
      let context = ApplyContext(
        logID: LogID(leader: run.leader, index: index), timestamp: run.timestamp)
      let response = try await self.machine.apply(command, in: context)
      if let writer = self.writers.writer(at: index) { self.answer(writer, response, at: index) }
      index = index.next
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
    }
  }

  /// The writers of entries from this index on get no other answer.
  @usableFromInline
  func abandon(from index: LogIndex) {
    Self.refuse(self.writers.takeAll(from: index))
  }

  /// Nobody gets an answer any more, whatever the machine does.
  @usableFromInline
  func close() {
    Self.refuse(self.writers.close())
  }

  private static func refuse(_ writers: [PlacedWriter]) {
    for writer in writers {
      self.refuse(writer.form, writer.token, .outcomeUnknown)
    }
  }

  @usableFromInline
  static func refuse(_ writers: [Writer], _ error: WriteError) {
    for writer in writers {
      self.refuse(writer.form, writer.token, error)
    }
  }

  private static func refuse(_ form: Writer.Form, _ token: ReplyToken, _ error: WriteError) {
    switch form {
    case .single:
      token.continuation(for: Machine.Response.self).resume(returning: .failure(error))
    case .several:
      token.continuation(for: [Machine.Response].self).resume(returning: .failure(error))
    }
  }
}
