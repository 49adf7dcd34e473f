import Glibc
import Synchronization

/// A file descriptor that is closed once, and never while a call still uses its number.
///
/// Without this, a close on one thread could hand the number to another file while a read on a
/// second thread is about to use it.
final class Descriptor: Sendable {
  private let number: Int32
  // Two for each call in progress, plus one from the close on.
  private let state = Atomic<Int>(0)

  /// Takes over an open descriptor.
  init(_ number: Int32) {
    self.number = number
  }

  deinit {
    self.close()
  }

  /// Runs a body on the number, or throws that the handle is closed.
  func use<Result>(
    _ operation: FileOperation, _ path: String,
    _ body: (Int32) throws(FileError) -> Result
  ) throws(FileError) -> Result {
    guard self.enter() else { throw FileError(operation, path, .closed) }
    defer { self.leave() }
    return try body(self.number)
  }

  /// Refuses every later use; the number is given back when the last call in progress ends.
  func close() {
    let (before, _) = self.state.bitwiseOr(1, ordering: .acquiringAndReleasing)
    if before == 0 { _ = Glibc.close(self.number) }
  }

  private func enter() -> Bool {
    var seen = self.state.load(ordering: .relaxed)
    while seen & 1 == 0 {
      let (exchanged, original) = self.state.weakCompareExchange(
        expected: seen, desired: seen + 2, ordering: .acquiringAndReleasing)
      if exchanged { return true }
      seen = original
    }
    return false
  }

  private func leave() {
    let (_, after) = self.state.subtract(2, ordering: .acquiringAndReleasing)
    if after == 1 { _ = Glibc.close(self.number) }
  }
}

/// Repeats a system call while a signal interrupts it; returns its result, or throws its error.
func retrying(
  _ operation: FileOperation, _ path: String, _ call: () -> Int
) throws(FileError) -> Int {
  while true {
    let result = call()
    if result >= 0 { return result }
    let number = errno
    if number != EINTR { throw FileError(operation, path, .init(errno: number)) }
  }
}
