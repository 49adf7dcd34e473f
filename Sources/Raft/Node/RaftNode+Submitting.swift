extension RaftNode {
  /// What becomes of a submitted command.
  public enum WriteProgress: Sendable {
    /// It is committed at this position: it will be applied everywhere.
    case committed(LogID)
    /// It was applied here, with this answer, or it was refused or lost sight of; the last word.
    case completed(Result<Machine.Response, WriteError>)
  }

  /// Hands a command over to be replicated, and returns without waiting for anything.
  ///
  /// The responder hears of the command, if it is taken at all: first
  /// ``WriteProgress/committed(_:)``, unless it fails before; then
  /// ``WriteProgress/completed(_:)``, once. Responders are called one after the other, in the order
  /// of the log, on a task of the node's own, and also when the node stops. A slow one delays the
  /// others, and too many that wait make further writes ``WriteError/overloaded``.
  ///
  /// Commands of one caller are taken in the order of the calls.
  ///
  /// - Parameters:
  ///   - command: The command.
  ///   - responder: Who hears of it; `nil` if nobody does.
  /// - Throws: ``WriteError/overloaded``, ``WriteError/tooLarge(bytes:limit:)`` or
  ///   ``WriteError/stopped(_:)`` if the command is not taken; all other errors go to the responder.
  @inlinable
  public func submit(
    _ command: Machine.Command, responder: (@Sendable (WriteProgress) -> Void)? = nil
  ) throws(WriteError) {
    try self.submit(command, responder: responder, boundTo: nil)
  }

  @inlinable
  func submit(
    _ command: Machine.Command, responder: (@Sendable (WriteProgress) -> Void)?,
    boundTo leadership: LeaderID?
  ) throws(WriteError) {
    let submission = responder.map { Submission<Machine>($0) }
    let token = submission.map { ReplyToken(keeping: $0) } ?? .none
    let refusal = self.core.propose(
      count: 1, form: submission == nil ? .unheard : .submission, token: token,
      boundTo: leadership
    ) { writer, _ in Machine.encode(command, into: &writer) }
    guard let refusal else { return }
    if submission != nil { token.takeObject(as: Submission<Machine>.self) }
    throw refusal
  }
}
