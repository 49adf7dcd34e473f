import Glibc
import RaftCommandLine

/// The control file of one server: what the library that is loaded before the server makes of its
/// disk, its clock and its connections, and what that met.
///
/// The words are those of `Sources/CRaftFaults/include/raft_faults.h`.
final class FaultControl: Sendable {
  /// A word of the file.
  enum Word: Int {
    case freeBytes = 0
    case failWrites = 1
    case failSyncs = 2
    case stall = 3
    case clockOffset = 4
    case lyingSyncs = 5
    case redirections = 6
    case seenFull = 8
    case seenFailed = 9
    case seenStalled = 10
    case seenSyncs = 11
    case seenShifted = 12
  }

  private static let wordCount = 512
  private static let firstRedirection = 16

  /// Where the file lies.
  let path: String
  private let descriptor: Int32

  /// Makes the file: nothing is changed by it.
  init(at path: String) throws(Failure) {
    self.path = path
    self.descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard self.descriptor >= 0, ftruncate(self.descriptor, Self.wordCount * 8) == 0 else {
      throw Failure(.unusable, "\(path) cannot be made: \(systemMessage(errno))")
    }
    self[.freeBytes] = -1
  }

  deinit {
    close(self.descriptor)
  }

  /// One word; a server sees a change at once.
  subscript(word: Word) -> Int64 {
    get { self.read(word.rawValue) }
    set { self.write(newValue, at: word.rawValue) }
  }

  /// Has connections to the first port of each pair go to the second.
  func redirect(_ pairs: [(from: UInt16, to: UInt16)]) {
    precondition(pairs.count * 2 + Self.firstRedirection <= Self.wordCount, "too many ports")
    for (place, pair) in pairs.enumerated() {
      self.write(Int64(pair.from), at: Self.firstRedirection + 2 * place)
      self.write(Int64(pair.to), at: Self.firstRedirection + 2 * place + 1)
    }
    self[.redirections] = Int64(pairs.count)
  }

  /// No fault of the disk is left; the clock stays as it is.
  func repairDisk() {
    self[.freeBytes] = -1
    for word in [Word.failWrites, .failSyncs, .stall] { self[word] = 0 }
  }

  private func read(_ place: Int) -> Int64 {
    var value: Int64 = 0
    withUnsafeMutableBytes(of: &value) { bytes in
      _ = pread(self.descriptor, bytes.baseAddress, bytes.count, place * 8)
    }
    return value
  }

  private func write(_ value: Int64, at place: Int) {
    withUnsafeBytes(of: value) { bytes in
      _ = pwrite(self.descriptor, bytes.baseAddress, bytes.count, place * 8)
    }
  }
}
