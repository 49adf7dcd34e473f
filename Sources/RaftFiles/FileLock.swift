/// A claim on a lock file that excludes every other process, and every second claim in this one.
///
/// The claim ends with ``release()``, with the last reference to it, or with the process.
public protocol FileLock: AnyObject, Sendable {
  /// The path of the lock file.
  var path: String { get }

  /// Ends the claim; a second call does nothing. The lock file itself stays.
  func release()
}
