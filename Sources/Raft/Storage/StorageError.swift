/// A store could not do what it was asked for.
public struct StorageError: Error, Hashable, Sendable {
  /// What kind of failure, for those who react to it.
  @nonexhaustive
  public enum Kind: Hashable, Sendable {
    /// The device or the system reported an error, or a sender stalled for too long.
    case io
    /// No space is left.
    case full
    /// The data contradicts its checksum or itself.
    case corrupted
    /// The wanted entries or the wanted snapshot are not there (any more).
    case missing
    /// Another process uses the store.
    case locked
    /// The store belongs to another node, another cluster or a newer version of the format.
    case foreign
    /// The store was closed, or failed before.
    case closed
    /// Code of the application failed: for readers and writers of its own to throw.
    case application
  }

  /// What kind of failure.
  public let kind: Kind
  /// What was being done, with what, what happened, and what to do.
  public let message: String

  /// A failure.
  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}

extension StorageError: CustomStringConvertible {
  /// The message.
  public var description: String { self.message }
}
