/// A writer's continuation whose response type is forgotten: one word.
///
/// Only the generic face, which made it, knows the type again.
@usableFromInline
struct ReplyToken: Sendable {
  @usableFromInline let raw: UInt

  @usableFromInline
  init(raw: UInt) {
    self.raw = raw
  }

  @inlinable
  init<Reply: Sendable>(_ continuation: UnsafeContinuation<Result<Reply, WriteError>, Never>) {
    self.init(raw: unsafeBitCast(continuation, to: UInt.self))
  }

  @inlinable
  func continuation<Reply: Sendable>(
    for type: Reply.Type
  ) -> UnsafeContinuation<Result<Reply, WriteError>, Never> {
    unsafeBitCast(self.raw, to: UnsafeContinuation<Result<Reply, WriteError>, Never>.self)
  }
}

/// A writer that waits: which entries are its own, and how to answer it.
@usableFromInline
struct Writer: Sendable {
  /// Whether one response is expected, or one for each entry in an array.
  @usableFromInline
  enum Form: Sendable {
    case single
    case several
  }

  /// The offsets of the writer's entries in their batch.
  @usableFromInline let first: Int
  @usableFromInline let last: Int
  @usableFromInline let form: Form
  @usableFromInline let token: ReplyToken

  @usableFromInline
  init(first: Int, last: Int, form: Form, token: ReplyToken) {
    self.first = first
    self.last = last
    self.form = form
    self.token = token
  }
}
