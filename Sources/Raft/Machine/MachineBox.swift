/// The one place where a node's state machine lives; only its worker task touches it.
@usableFromInline
final class MachineBox<Machine: StateMachine>: @unchecked Sendable {
  /// A writer whose entries were handed over and not all applied.
  private struct Pending {
    let first: LogIndex
    let last: LogIndex
    let form: Writer.Form
    let token: ReplyToken
  }

  @usableFromInline var machine: Machine
  private var pending: [Pending] = []
  private var pendingHead = 0
  /// The responses so far to a writer of several commands.
  private var responses: [Machine.Response] = []

  @usableFromInline
  init(_ machine: Machine) {
    self.machine = machine
  }

  @usableFromInline
  func apply(_ slice: EntrySlice, _ writers: [Writer]) async throws {
    let run = slice.chunk.run
    for writer in writers {
      self.pending.append(
        Pending(
          first: run.first + writer.first, last: run.first + writer.last, form: writer.form,
          token: writer.token))
    }
    guard run.kind == .command else { return }
    var index = slice.first
    while index <= slice.last {
      let command = try Machine.decode(PayloadReader(slice.payload(at: index)))
      let context = ApplyContext(
        logID: LogID(leader: run.leader, index: index), timestamp: run.timestamp)
      self.answer(try await self.machine.apply(command, in: context), at: index)
      index = index.next
    }
  }

  private func answer(_ response: Machine.Response, at index: LogIndex) {
    guard self.pendingHead < self.pending.count, self.pending[self.pendingHead].first <= index
    else { return }
    let writer = self.pending[self.pendingHead]
    switch writer.form {
    case .single:
      self.advance()
      writer.token.continuation(for: Machine.Response.self).resume(returning: .success(response))
    case .several:
      self.responses.append(response)
      guard index == writer.last else { return }
      let responses = self.responses
      self.responses = []
      self.advance()
      writer.token.continuation(for: [Machine.Response].self)
        .resume(returning: .success(responses))
    }
  }

  private func advance() {
    self.pendingHead += 1
    if self.pendingHead == self.pending.count {
      self.pending.removeAll(keepingCapacity: true)
      self.pendingHead = 0
    }
  }

  /// The writers whose entries begin at this index or later will get no other answer.
  @usableFromInline
  func abandon(from index: LogIndex) {
    while let writer = self.pending.last, self.pending.count > self.pendingHead,
      writer.last >= index
    {
      self.pending.removeLast()
      Self.refuse(writer.form, writer.token, .outcomeUnknown)
    }
    if self.pendingHead == self.pending.count {
      self.responses = []
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
