import Glibc

/// The text files under a path.
enum TextTree {
  /// The largest file that is taken for a text, in bytes.
  static let fileMax = 64 << 20

  /// The paths of all regular files under a path, sorted; hidden ones and links are left out.
  ///
  /// - Throws: ``Failure`` if the path itself cannot be read. Folders below it that cannot be
  ///   read are passed over.
  static func files(under path: String) throws(Failure) -> [String] {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw Failure(.unusable, "\(path) cannot be read: \(systemMessage(errno))")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { return [path] }
    guard let names = self.names(in: path) else {
      throw Failure(.unusable, "the folder \(path) cannot be read: \(systemMessage(errno))")
    }
    var files: [String] = []
    var rest = names.map { self.joining(path, $0) }
    while let next = rest.popLast() {
      guard lstat(next, &status) == 0 else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFREG: files.append(next)
      case S_IFDIR: rest += (self.names(in: next) ?? []).map { self.joining(next, $0) }
      default: continue
      }
    }
    return files.sorted()
  }

  /// The bytes of a file; `nil` if it cannot be read or is too large.
  static func content(of path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_size <= self.fileMax
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
      guard content.count <= self.fileMax else { return nil }
    }
    return content
  }

  /// How keys name the files under a path: from its last part on.
  static func label(of file: String, under path: String) -> String {
    var root = path[...]
    while root.count > 1, root.hasSuffix("/") { root = root.dropLast() }
    guard file != root else { return String(file.split(separator: "/").last ?? "") }
    let rest = file.dropFirst(root.count).drop { $0 == "/" }
    let name = root.split(separator: "/").last ?? ""
    return [".", "..", ""].contains(name) ? String(rest) : "\(name)/\(rest)"
  }

  private static func joining(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }

  /// The names in a folder without hidden ones; `nil` if it cannot be read.
  private static func names(in folder: String) -> [String]? {
    guard let stream = opendir(folder) else { return nil }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { characters in
        characters.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }
}
