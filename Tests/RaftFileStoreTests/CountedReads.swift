import RaftFiles
import Synchronization

/// A file system that counts the bytes that are read from files.
final class CountedReads: ForwardingFileSystem {
  let base: any FileSystem
  fileprivate let count = Atomic<Int>(0)

  init(base: any FileSystem) {
    self.base = base
  }

  var byteCount: Int { self.count.load(ordering: .relaxed) }

  func open(_ path: String, _ mode: FileMode) throws(FileError) -> any File {
    CountedFile(base: try self.base.open(path, mode), counts: self)
  }
}

private final class CountedFile: ForwardingFile {
  let base: any File
  private let counts: CountedReads

  init(base: any File, counts: CountedReads) {
    self.base = base
    self.counts = counts
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) -> Int {
    let count = try self.base.read(into: buffer, at: offset)
    self.counts.count.add(count, ordering: .relaxed)
    return count
  }
}
