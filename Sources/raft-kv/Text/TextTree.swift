import Glibc
import RaftCommandLine

/// The text files under a path.
enum TextTree {
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
