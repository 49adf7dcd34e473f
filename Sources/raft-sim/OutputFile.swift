import Glibc

/// Lines on their way to a file, or to standard output, many at a time.
final class OutputFile {
  private let file: UnsafeMutablePointer<FILE>
  private let isOwn: Bool
  private var isWritten = true

  /// The file at this path, in the place of one that is there; standard output without a path.
  ///
  /// `nil` if the file cannot be written.
  init?(_ path: String?) {
    guard let path else {
      self.file = fdopen(dup(STDOUT_FILENO), "w")
      self.isOwn = false
      return
    }
    guard let file = fopen(path, "w") else { return nil }
    self.file = file
    self.isOwn = true
  }

  /// Adds a line.
  func write(_ line: String) {
    var line = line + "\n"
    let count = line.withUTF8 { fwrite($0.baseAddress, 1, $0.count, self.file) == $0.count }
    self.isWritten = self.isWritten && count
  }

  /// Writes the rest out; `false` if a file did not take all lines.
  func close() -> Bool {
    let isClosed = fclose(self.file) == 0
    // Who reads standard output may go away before the end.
    return !self.isOwn || (self.isWritten && isClosed)
  }
}
