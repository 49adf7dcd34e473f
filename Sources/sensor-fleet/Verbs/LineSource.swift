import Glibc
import RaftCommandLine

/// The lines of a file, one after the other.
final class LineSource {
  private let file: UnsafeMutablePointer<FILE>
  private var buffer: UnsafeMutablePointer<CChar>?
  private var capacity = 0
  /// How many bytes were read.
  private(set) var offset = 0
  /// How many there are.
  let size: Int

  /// Opens a file.
  ///
  /// - Throws: ``Failure`` if it cannot be read.
  init(_ path: String) throws(Failure) {
    guard let file = fopen(path, "r") else {
      throw Failure(.unusable, "\(path) cannot be read: \(systemMessage(errno))")
    }
    var status = stat()
    self.size = stat(path, &status) == 0 ? Int(status.st_size) : 0
    self.file = file
  }

  deinit {
    free(self.buffer)
    fclose(self.file)
  }

  /// The next line without its end; `nil` at the end of the file.
  func next() -> Substring? {
    let count = getline(&self.buffer, &self.capacity, self.file)
    guard count >= 0, let buffer = self.buffer else { return nil }
    self.offset += count
    let bytes = UnsafeRawBufferPointer(start: buffer, count: count)
    let text = String(decoding: bytes, as: UTF8.self)
    return text.utf8.last == UInt8(ascii: "\n") ? text.dropLast() : text[...]
  }
}
