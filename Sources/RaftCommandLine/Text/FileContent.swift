import Glibc

/// What regular files hold, read at once.
package enum FileContent {
  /// The largest file that is read, in bytes.
  package static let bytesMax = 64 << 20

  /// The bytes of a file; `nil` if it cannot be read or is too large.
  package static func bytes(of path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_size <= self.bytesMax
    else { return nil }
    var content: [UInt8] = []
    content.reserveCapacity(Int(status.st_size))
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = read(descriptor, &buffer, buffer.count), count != 0 {
      if count < 0 {
        guard errno == EINTR else { return nil }
        continue
      }
      content += buffer[..<count]
      guard content.count <= self.bytesMax else { return nil }
    }
    return content
  }
}
