import Synchronization

/// A submitted command's way back to whoever wants to hear of it.
@usableFromInline
final class Submission<Machine: StateMachine>: Sendable {
  private let responder: @Sendable (RaftNode<Machine>.WriteProgress) -> Void
  /// Whether the last word was said.
  private let isOver = Atomic<Bool>(false)

  @usableFromInline
  init(_ responder: @escaping @Sendable (RaftNode<Machine>.WriteProgress) -> Void) {
    self.responder = responder
  }

  /// The command is committed; that is no news if the machine failed before.
  func committed(at logID: LogID) {
    if !self.isOver.load(ordering: .relaxed) { self.responder(.committed(logID)) }
  }

  func completed(_ result: Result<Machine.Response, WriteError>) {
    self.isOver.store(true, ordering: .relaxed)
    self.responder(.completed(result))
  }
}
