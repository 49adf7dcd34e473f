import Glibc

/// A text file of this package.
struct SourceFile: CustomStringConvertible {
  /// The path from the package's root, such as `Sources/RaftEngine/Log/LogIDList.swift`.
  let path: String
  /// The lines, without their ends.
  let lines: [String]

  /// The lines without comments and without what stands in string literals.
  ///
  /// Interpolated code vanishes together with its literal; that is close enough for a search.
  let code: [String]

  init(path: String, text: String) {
    self.path = path
    self.lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var isInText = false
    self.code = self.lines.map { SourceFile.code(of: $0, isInText: &isInText) }
  }

  /// The target that the file belongs to.
  var target: String { String(self.path.split(separator: "/")[1]) }

  /// The file's own name.
  var name: String { String(self.path.split(separator: "/").last ?? "") }

  var description: String { self.path }

  private static func code(of line: String, isInText: inout Bool) -> String {
    var code = ""
    var rest = line[...]
    while let next = rest.first {
      if rest.hasPrefix("\"\"\"") {
        isInText.toggle()
        rest = rest.dropFirst(3)
      } else if isInText {
        rest = rest.dropFirst()
      } else if rest.hasPrefix("//") {
        break
      } else if next == "\"" {
        rest = rest.dropFirst()
        while let character = rest.first, character != "\"" {
          rest = rest.dropFirst(character == "\\" ? 2 : 1)
        }
        rest = rest.dropFirst()
        code += "\"\""
      } else {
        code.append(next)
        rest = rest.dropFirst()
      }
    }
    return code
  }
}

/// The package's own folders, read from the disk.
enum SourceTree {
  /// Where the package lies, found from where this file was compiled.
  static let root: String = {
    let parts = #filePath.split(separator: "/").dropLast(4)
    return "/" + parts.joined(separator: "/")
  }()

  /// All files with these endings below a folder of the package, sorted by path.
  static func files(in folder: String, endings: [String] = [".swift"]) throws -> [SourceFile] {
    try self.paths(in: folder, endings: endings).map {
      SourceFile(path: $0, text: try self.text(of: $0))
    }
  }

  /// The paths of all files with these endings below a folder of the package, sorted; a link is not a
  /// file of the folder that it stands in.
  static func paths(in folder: String, endings: [String] = [".swift"]) throws -> [String] {
    var paths: [String] = []
    for name in try self.names(in: folder) {
      let path = "\(folder)/\(name)"
      if self.isFolder(path) {
        paths += try self.paths(in: path, endings: endings)
      } else if endings.contains(where: name.hasSuffix), !self.isLink(path) {
        paths.append(path)
      }
    }
    return paths
  }

  private static func isLink(_ path: String) -> Bool {
    var target: CChar = 0
    return readlink("\(self.root)/\(path)", &target, 1) > 0
  }

  /// The names in a folder of the package, sorted, hidden ones left out.
  static func names(in folder: String) throws -> [String] {
    guard let stream = opendir("\(self.root)/\(folder)") else { throw Unreadable(path: folder) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  /// The content of a file of the package.
  static func text(of path: String) throws -> String {
    guard let file = fopen("\(self.root)/\(path)", "r") else { throw Unreadable(path: path) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether the package has a file or folder at this path.
  static func exists(_ path: String) -> Bool {
    access("\(self.root)/\(path)", F_OK) == 0
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat("\(self.root)/\(path)", &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// A file or folder that could not be read.
  struct Unreadable: Error {
    let path: String
  }
}
