import Glibc

/// The two streams that a program writes to, and files.
package enum Output {
  /// Writes to standard output.
  package static func write(_ text: String) { Self.write(text, to: STDOUT_FILENO) }

  /// Writes to standard error.
  package static func complain(_ text: String) { Self.write(text, to: STDERR_FILENO) }

  /// Whether people read standard error on a terminal.
  package static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Writes a file, in the place of one that is there; `false` if that failed.
  package static func write(_ text: String, toFile path: String) -> Bool {
    guard let file = fopen(path, "w") else { return false }
    var text = text
    let isWritten = text.withUTF8 { fwrite($0.baseAddress, 1, $0.count, file) == $0.count }
    return fclose(file) == 0 && isWritten
  }

  private static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
        // Whoever read has gone away; there is nobody to tell.
        guard count > 0 || errno == EINTR else { return }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(max(count, 0)))
      }
    }
  }
}
