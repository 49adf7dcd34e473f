internal import Raft
internal import RaftCodec

/// The frames of a directory's files in the content of a snapshot.
enum DirectoryFrame {
  /// The byte 0xF5, which occurs in no text, then `DIR`.
  static let magic: UInt32 = 0x5249_44F5
  static let version: UInt8 = 1
  /// How many bytes the stream begins with.
  static let markSize = 8
  /// How long the path of a file may be, in bytes.
  static let pathMax = 4096
  /// What stands behind a file's bytes: their hash.
  static let hashSize = 8

  /// What the stream begins with.
  static var mark: [UInt8] {
    var writer = ByteWriter(reserving: self.markSize)
    writer.write(self.magic)
    writer.write(self.version)
    writer.write(bytes: [0, 0, 0])
    return writer.takeBytes()
  }

  /// What stands before a file's bytes: how long its path is, how many bytes it has, and the path.
  static func head(of path: String, byteCount: Int) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(UInt32(path.utf8.count))
    writer.write(UInt64(byteCount))
    writer.write(bytes: Array(path.utf8))
    return writer.takeBytes()
  }

  /// What the stream ends with: a path of no length, and the number of files.
  static func end(fileCount: Int) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(UInt32(0))
    writer.write(UInt64(fileCount))
    return writer.takeBytes()
  }

  /// Why a path cannot be that of a file in the directory; `nil` if it can.
  static func refusal(of path: String) -> String? {
    guard path.utf8.count <= self.pathMax else { return "its path has \(path.utf8.count) bytes" }
    guard !path.utf8.contains(0) else { return "its path has a zero byte" }
    guard !path.hasPrefix("/") else { return "its path leads to the root" }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    for part in parts where part.isEmpty || part == "." || part == ".." {
      return "its path has the part '\(part)', which may lead out of the directory"
    }
    return nil
  }
}
