/// Where a log store reports that a write became durable, or failed.
///
/// May be called from any thread, before or after the store's method returned, at most once; it takes no
/// longer than leaving a note.
public struct IOCompletion: Sendable {
  /// Which write.
  public let io: IOID
  private let report: @Sendable (IOID, StorageError?) -> Void

  /// A completion that reports to this closure.
  ///
  /// The library makes its own; this initializer is there for tests of stores.
  public init(io: IOID, report: @escaping @Sendable (IOID, StorageError?) -> Void) {
    self.io = io
    self.report = report
  }

  /// Reports that the write, and every one before it, is durable.
  public func flushed() {
    self.report(self.io, nil)
  }

  /// Reports that the write failed; the store accepts nothing more.
  public func failed(_ error: StorageError) {
    self.report(self.io, error)
  }
}
