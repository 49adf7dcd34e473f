import Glibc
import RaftFiles
import Testing

@Suite("Every file system keeps the contract of names")
struct FileSystemContractTests {
  @Test("Names are listed in order, whatever the order of their making", arguments: Disk.allCases)
  func lists(disk: Disk) throws {
    try disk.inEmptyDirectory { files, root in
      for name in ["b", "10", "a", "9", "B"] { try files.make("\(root)/\(name)") }
      try files.createDirectory("\(root)/c")
      #expect(try files.names(in: root) == ["10", "9", "B", "a", "b", "c"])
      #expect(try files.names(in: "\(root)/c") == [])
      #expect(throws: FileError(.list, "\(root)/none", .notFound)) {
        try files.names(in: "\(root)/none")
      }
      #expect(throws: FileError(.list, "\(root)/a", .other(errno: ENOTDIR))) {
        try files.names(in: "\(root)/a")
      }
    }
  }

  @Test("A directory is made with those above it, once", arguments: Disk.allCases)
  func createsDirectories(disk: Disk) throws {
    try disk.inEmptyDirectory { files, root in
      for _ in 1...2 {
        try files.createDirectory("\(root)/a/b/c")
        try files.createDirectoryDurably("\(root)/d/e")
      }
      try files.createDirectory("/")
      #expect(try files.names(in: "\(root)/a/b") == ["c"])
      #expect(try files.status(of: "\(root)/d/e") == FileStatus(.directory))
    }
  }

  @Test("A directory is not made over or below a file", arguments: Disk.allCases)
  func refusesDirectories(disk: Disk) throws {
    try disk.inEmptyDirectory { files, root in
      let path = "\(root)/a"
      try files.make(path)
      #expect(throws: FileError(.createDirectory, path, .alreadyExists)) {
        try files.createDirectory(path)
      }
      #expect(throws: FileError(.createDirectory, path, .alreadyExists)) {
        try files.createDirectoryDurably(path)
      }
      #expect(throws: FileError(.createDirectory, "\(path)/b", .other(errno: ENOTDIR))) {
        try files.createDirectory("\(path)/b")
      }
    }
  }

  @Test("A directory is removed if it is empty, and no file is", arguments: Disk.allCases)
  func removesDirectories(disk: Disk) throws {
    try disk.inEmptyDirectory { files, root in
      try files.createDirectory("\(root)/a/b")
      #expect(throws: FileError(.removeDirectory, "\(root)/a", .other(errno: ENOTEMPTY))) {
        try files.removeDirectory("\(root)/a")
      }
      try files.removeDirectory("\(root)/a/b")
      try files.removeDirectory("\(root)/a")
      #expect(try files.status(of: "\(root)/a") == nil)
      try files.make("\(root)/c")
      #expect(throws: FileError(.removeDirectory, "\(root)/c", .other(errno: ENOTDIR))) {
        try files.removeDirectory("\(root)/c")
      }
    }
  }

  @Test(
    "A directory gets a name that nothing has, with all that is in it", arguments: Disk.allCases)
  func renamesDirectories(disk: Disk) throws {
    try disk.inEmptyDirectory { files, root in
      try files.createDirectory("\(root)/a/b")
      try files.make("\(root)/a/c", [7])
      try files.createDirectory("\(root)/taken")
      #expect(throws: FileError(.rename, "\(root)/a", .alreadyExists)) {
        try files.renameDirectory("\(root)/a", to: "\(root)/taken")
      }
      try files.renameDirectory("\(root)/a", to: "\(root)/d")
      #expect(try files.status(of: "\(root)/a") == nil)
      #expect(try files.names(in: "\(root)/d") == ["b", "c"])
      #expect(try files.readFile(at: "\(root)/d/c") == [7])
    }
  }

  @Test(
    "A lock file that exists is claimed by readers together, and by a writer alone",
    arguments: Disk.allCases)
  func sharesLocks(disk: Disk) throws {
    try disk.inEmptyDirectory { files, root in
      let path = "\(root)/lock"
      #expect(throws: FileError(.lock, path, .notFound)) { try files.lockShared(path) }
      let writer = try files.lock(path)
      #expect {
        try files.lockShared(path)
      } throws: {
        guard case .locked(.some) = ($0 as? FileError)?.code else { return false }
        return true
      }
      writer.release()
      let size = try files.status(of: path)?.size
      let readers = [try files.lockShared(path), try files.lockShared(path)]
      readers[0].release()
      #expect(throws: FileError.self) { try files.lock(path) }
      readers[1].release()
      readers[1].release()
      #expect(try files.status(of: path)?.size == size)
      try files.lock(path).release()
    }
  }

  @Test(
    "A removed file loses its name at once, and its bytes with the last handle",
    arguments: Disk.allCases)
  func removes(disk: Disk) throws {
    try disk.inEmptyDirectory { files, root in
      let path = "\(root)/a"
      let file = try files.make(path, [1, 2])
      try files.remove(path)
      #expect(try files.status(of: path) == nil)
      try file.write([3], at: 2)
      #expect(try file.read(upTo: 9, at: 0) == [1, 2, 3])
      #expect(throws: FileError(.remove, path, .notFound)) { try files.remove(path) }
      #expect(throws: FileError(.remove, root, .other(errno: EISDIR))) { try files.remove(root) }
      #expect(try files.make(path).size() == 0)
    }
  }

  @Test(
    "A rename takes the place of the old file, and open handles follow theirs",
    arguments: Disk.allCases)
  func renames(disk: Disk) throws {
    try disk.inEmptyDirectory { files, root in
      let (old, new) = ("\(root)/a", "\(root)/b")
      let file = try files.make(old, [1])
      let replaced = try files.make(new, [2])
      try files.rename(old, to: new)
      try file.write([3], at: 1)
      #expect(try files.names(in: root) == ["b"])
      #expect(try files.readFile(at: new) == [1, 3])
      #expect(try replaced.read(upTo: 9, at: 0) == [2])
      #expect(throws: FileError(.rename, old, .notFound)) { try files.rename(old, to: new) }
      try files.createDirectory("\(root)/c")
      try files.rename(new, to: "\(root)/c/d")
      #expect(try files.readFile(at: "\(root)/c/d") == [1, 3])
      #expect(throws: FileError(.rename, "\(root)/c/d", .notFound)) {
        try files.rename("\(root)/c/d", to: "\(root)/none/d")
      }
    }
  }

  @Test("A status tells a file with its size, a directory, and nothing", arguments: Disk.allCases)
  func status(disk: Disk) throws {
    try disk.inEmptyDirectory { files, root in
      try files.make("\(root)/a", [1, 2, 3])
      #expect(try files.status(of: "\(root)/a") == FileStatus(.file, size: 3))
      #expect(try files.status(of: root) == FileStatus(.directory))
      #expect(try files.status(of: "\(root)/none") == nil)
      #expect(try files.status(of: "\(root)/a/below") == nil)
    }
  }

  @Test("Only a directory is synced as one", arguments: Disk.allCases)
  func syncsDirectories(disk: Disk) throws {
    try disk.inEmptyDirectory { files, root in
      try files.makeDurable("\(root)/a")
      #expect(throws: FileError(.syncDirectory, "\(root)/a", .other(errno: ENOTDIR))) {
        try files.syncDirectory("\(root)/a")
      }
      #expect(throws: FileError(.syncDirectory, "\(root)/none", .notFound)) {
        try files.syncDirectory("\(root)/none")
      }
    }
  }

  @Test(
    "A lock excludes a second claim until it is released, and names its holder",
    arguments: Disk.allCases)
  func locks(disk: Disk) throws {
    try disk.inEmptyDirectory { files, root in
      let path = "\(root)/lock"
      let refused = FileError(.lock, path, .locked(byPID: disk.processID))
      let first = try files.lock(path)
      // A refused claim must leave the holder's id for the next one to read.
      for _ in 1...2 { #expect(throws: refused) { try files.lock(path) } }
      first.release()
      first.release()
      let second = try files.lock(path)
      first.release()
      #expect(throws: refused) { try files.lock(path) }
      #expect(second.path == path)
    }
  }

  @Test("A lock ends with the last reference to it", arguments: Disk.allCases)
  func locksEnd(disk: Disk) throws {
    try disk.inEmptyDirectory { files, root in
      for _ in 1...2 { _ = try files.lock("\(root)/lock") }
    }
  }

  @Test("The free space is told of what exists", arguments: Disk.allCases)
  func availableBytes(disk: Disk) throws {
    try disk.inEmptyDirectory { files, root in
      let available = try files.availableBytes(at: root)
      #expect(available > 0)
      #expect(throws: FileError(.availableBytes, "\(root)/none", .notFound)) {
        try files.availableBytes(at: "\(root)/none")
      }
    }
  }

  @Test(
    "A replaced file has the new bytes, also after an attempt that was broken off",
    arguments: Disk.allCases)
  func replaces(disk: Disk) throws {
    try disk.inEmptyDirectory { files, root in
      let path = "\(root)/a"
      try files.replaceFile(at: path, with: [1, 2, 3])
      try files.make(path + ".new", [9, 9, 9, 9, 9])
      try files.replaceFile(at: path, with: [4])
      #expect(try files.readFile(at: path) == [4])
      #expect(try files.names(in: root) == ["a"])
    }
  }
}
