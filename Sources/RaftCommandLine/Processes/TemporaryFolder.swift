import Glibc

/// A folder under the system's one for temporary files.
package struct TemporaryFolder: Sendable {
  /// The folder's path.
  package let path: String

  /// Makes a folder with a name of its own.
  package init(prefix: String) throws(Failure) {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/\(prefix)XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw Failure(
        .unusable, "no temporary folder can be made in \(parent): \(systemMessage(errno))")
    }
    self.path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// A folder that is there already.
  package init(existing path: String) {
    self.path = path
  }

  /// Removes the folder and everything in it.
  package func remove() {
    Self.remove(self.path)
  }

  private static func remove(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      unlink(path)
      return
    }
    if let stream = opendir(path) {
      var names: [String] = []
      while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { characters in
          characters.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { names.append(name) }
      }
      closedir(stream)
      for name in names { Self.remove("\(path)/\(name)") }
    }
    rmdir(path)
  }
}
