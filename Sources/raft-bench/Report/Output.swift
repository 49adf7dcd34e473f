import Glibc

/// The two streams that a program writes to.
enum Output {
  static func write(_ text: String) { Self.write(text, to: STDOUT_FILENO) }

  static func complain(_ text: String) { Self.write(text, to: STDERR_FILENO) }

  /// Writes a file, in the place of one that is there; `false` if that failed.
  static func write(_ text: String, toFile path: String) -> Bool {
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
        guard count > 0 else { return }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
      }
    }
  }
}
