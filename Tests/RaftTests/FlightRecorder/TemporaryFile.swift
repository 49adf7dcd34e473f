import Glibc

/// A path in the folder for temporary files; what is there is removed at the end.
final class TemporaryFile: Sendable {
  let path: String

  init() {
    self.path = "/tmp/raft-tests-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
  }

  deinit {
    for ending in ["", ".partial", ".previous"] { unlink(self.path + ending) }
  }

  var content: [UInt8]? { Self.content(of: self.path) }

  /// What was set aside.
  var previousContent: [UInt8]? { Self.content(of: self.path + ".previous") }

  private static func content(of path: String) -> [UInt8]? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
      bytes += buffer[..<count]
    }
    return bytes
  }

  func write(_ bytes: [UInt8]) {
    guard let file = fopen(self.path, "w") else { return }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }
}
