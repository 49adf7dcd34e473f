import Glibc
import Raft
import RaftFiles

/// The bytes of a server's folder that are synced and will not be written again: the complete files
/// of its log, and its newest snapshot.
struct SealedData {
  /// A part of a file in which every byte counts.
  struct Stretch: Equatable {
    let path: String
    let length: Int
  }

  /// A byte that was changed.
  struct Flip: Equatable, CustomStringConvertible {
    let path: String
    let offset: Int
    let bit: Int

    var description: String { "\(self.path), byte \(self.offset), bit \(self.bit)" }
  }

  /// Where in the header of a log's file the end of the one before is told.
  private static let previousEndOffset = 48

  private let files = SystemFileSystem()
  private let data: String

  /// The data in this folder.
  init(in data: String) {
    self.data = data
  }

  /// The complete files of the log; the file behind each says where it ends.
  func segments() throws(FileError) -> [Stretch] {
    let folder = self.data + "/log"
    let paths = try self.files.names(in: folder).filter { $0.hasSuffix(".log") }
      .map { "\(folder)/\($0)" }
    var found: [Stretch] = []
    for (path, next) in zip(paths, paths.dropFirst()) {
      let file = try self.files.open(next, .readOnly)
      defer { file.close() }
      let bytes = try file.read(exactly: 8, at: Self.previousEndOffset)
      found.append(
        Stretch(path: path, length: bytes.reversed().reduce(0) { $0 << 8 | Int($1) }))
    }
    return found
  }

  /// The newest snapshot, which a server reads when it starts.
  func newestSnapshot() throws(FileError) -> Stretch? {
    let folder = self.data + "/snapshots"
    let names = try self.files.names(in: folder).filter { $0.hasSuffix(".snapshot") }
    guard let name = names.last, let status = try self.files.status(of: "\(folder)/\(name)") else {
      return nil
    }
    return Stretch(path: "\(folder)/\(name)", length: status.size)
  }

  /// Changes one bit of one byte of these stretches, each byte as likely as the others.
  func flip<Chance: RandomNumberGenerator>(
    oneOf stretches: [Stretch], _ chance: inout Chance
  ) throws(FileError) -> Flip? {
    let total = stretches.reduce(0) { $0 + $1.length }
    guard total > 0 else { return nil }
    var place = Int.random(in: 0..<total, using: &chance)
    let bit = Int.random(in: 0..<8, using: &chance)
    for stretch in stretches {
      guard place >= stretch.length else {
        let file = try self.files.open(stretch.path, .readWrite)
        defer { file.close() }
        let byte = try file.read(exactly: 1, at: place)[0]
        try file.write([byte ^ (1 << bit)], at: place)
        return Flip(path: stretch.path, offset: place, bit: bit)
      }
      place -= stretch.length
    }
    return nil
  }
}
