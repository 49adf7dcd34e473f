/// Where a writer's answer goes, its response type forgotten: one word.
///
/// A continuation, or for a submitted command the object that reports on it.
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

  /// Nobody waits.
  @usableFromInline static let none = ReplyToken(raw: 0)

  /// Keeps the object until ``takeObject(as:)``.
  @inlinable
  init(keeping object: some AnyObject & Sendable) {
    self.init(raw: UInt(bitPattern: Unmanaged.passRetained(object).toOpaque()))
  }

  private var pointer: UnsafeRawPointer {
    guard let pointer = UnsafeRawPointer(bitPattern: self.raw) else {
      preconditionFailure("a token without an object")
    }
    return pointer
  }

  /// The kept object.
  func object<Kept: AnyObject>(as type: Kept.Type) -> Kept {
    Unmanaged<Kept>.fromOpaque(self.pointer).takeUnretainedValue()
  }

  /// Gives the kept object back, for good.
  @usableFromInline
  @discardableResult
  func takeObject<Kept: AnyObject>(as type: Kept.Type) -> Kept {
    Unmanaged<Kept>.fromOpaque(self.pointer).takeRetainedValue()
  }
}

/// A writer that waits: which entries are its own, and how to answer it.
@usableFromInline
struct Writer: Sendable {
  /// What is expected in answer.
  @usableFromInline
  enum Form: Sendable {
    /// One response.
    case single
    /// One response for each entry, in an array.
    case several
    /// The position of a blank entry.
    case barrier
    /// A word when the command is committed, and one when it is applied.
    case submission
    /// Nothing.
    case unheard

    /// Whether the writer does nothing else meanwhile.
    var isAwaited: Bool {
      switch self {
      case .single, .several, .barrier: true
      case .submission, .unheard: false
      }
    }
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
