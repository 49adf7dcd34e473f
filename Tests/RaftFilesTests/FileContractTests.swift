import Glibc
import RaftFiles
import Testing

@Suite("Every file system keeps the contract of open files")
struct FileContractTests {
  @Test(
    "What is written is read back at its offset, and a gap reads as zeros", arguments: Disk.allCases
  )
  func writesAndReads(disk: Disk) throws {
    try disk.inEmptyDirectory { files, root in
      let file = try files.open("\(root)/a", .createNew)
      try file.write([1, 2, 3], at: 0)
      try file.write([7, 8], at: 5)
      try file.write([9], at: 1)
      try file.write([], at: 100)
      #expect(try file.size() == 7)
      #expect(try file.read(upTo: 7, at: 0) == [1, 9, 3, 0, 0, 7, 8])
      #expect(try file.read(exactly: 2, at: 5) == [7, 8])
      #expect(try files.readFile(at: "\(root)/a") == [1, 9, 3, 0, 0, 7, 8])
    }
  }

  @Test(
    "A read past the end returns what there is, and an exact one tells what is missing",
    arguments: Disk.allCases)
  func readsPastTheEnd(disk: Disk) throws {
    try disk.inEmptyDirectory { files, root in
      let path = "\(root)/a"
      let file = try files.make(path, [1, 2, 3])
      #expect(try file.read(upTo: 10, at: 1) == [2, 3])
      #expect(try file.read(upTo: 10, at: 3) == [])
      #expect(try file.read(upTo: 10, at: 50) == [])
      #expect(throws: FileError(.read, path, .tooShort(missing: 8))) {
        try file.read(exactly: 10, at: 1)
      }
    }
  }

  @Test(
    "Writes larger than one system call takes in small pieces arrive whole",
    arguments: Disk.allCases)
  func writesMuch(disk: Disk) throws {
    try disk.inEmptyDirectory { files, root in
      let bytes = (0..<3_000_001).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      let file = try files.make("\(root)/a", bytes)
      #expect(try file.read(exactly: bytes.count, at: 0) == bytes)
    }
  }

  @Test("A mode says whether the file may or must be new", arguments: Disk.allCases)
  func modes(disk: Disk) throws {
    try disk.inEmptyDirectory { files, root in
      let path = "\(root)/a"
      for mode in [FileMode.readOnly, .readWrite] {
        #expect(throws: FileError(.open, path, .notFound)) { try files.open(path, mode) }
      }
      try files.open(path, .createIfMissing).write([5], at: 0)
      #expect(throws: FileError(.open, path, .alreadyExists)) { try files.open(path, .createNew) }
      for mode in [FileMode.readOnly, .readWrite, .createIfMissing] {
        #expect(try files.open(path, mode).read(upTo: 9, at: 0) == [5])
      }
    }
  }

  @Test("What cannot be opened is refused with the reason", arguments: Disk.allCases)
  func refusesToOpen(disk: Disk) throws {
    try disk.inEmptyDirectory { files, root in
      try files.make("\(root)/a")
      #expect(throws: FileError(.open, root, .other(errno: EISDIR))) {
        try files.open(root, .readOnly)
      }
      #expect(throws: FileError(.open, "\(root)/none/b", .notFound)) {
        try files.open("\(root)/none/b", .createNew)
      }
      #expect(throws: FileError(.open, "\(root)/a/b", .other(errno: ENOTDIR))) {
        try files.open("\(root)/a/b", .readOnly)
      }
    }
  }

  @Test("A handle for reading refuses to change the file", arguments: Disk.allCases)
  func readOnly(disk: Disk) throws {
    try disk.inEmptyDirectory { files, root in
      let path = "\(root)/a"
      try files.make(path, [1])
      let file = try files.open(path, .readOnly)
      #expect(throws: FileError(.write, path, .other(errno: EBADF))) { try file.write([2], at: 0) }
      #expect(throws: FileError(.truncate, path, .other(errno: EINVAL))) {
        try file.truncate(to: 0)
      }
      #expect(throws: FileError(.preallocate, path, .other(errno: EBADF))) {
        try file.preallocate(to: 100, .reserved)
      }
      #expect(try file.read(upTo: 9, at: 0) == [1])
    }
  }

  @Test("Truncation cuts, and extends with zeros", arguments: Disk.allCases)
  func truncates(disk: Disk) throws {
    try disk.inEmptyDirectory { files, root in
      let file = try files.make("\(root)/a", [1, 2, 3, 4])
      try file.truncate(to: 2)
      try file.truncate(to: 5)
      #expect(try file.read(upTo: 9, at: 0) == [1, 2, 0, 0, 0])
      try file.sync()
      #expect(try file.size() == 5)
    }
  }

  @Test(
    "Preallocation grows the file with zeros, keeps its bytes, and never shrinks it",
    arguments: Disk.allCases, [FileAllocation.reserved, .zeroed])
  func preallocates(disk: Disk, allocation: FileAllocation) throws {
    try disk.inEmptyDirectory { files, root in
      let file = try files.make("\(root)/a", [1, 2, 3])
      try file.preallocate(to: 2_500_000, allocation)
      #expect(try file.size() == 2_500_000)
      try file.preallocate(to: 10, allocation)
      let bytes = try file.read(exactly: 2_500_000, at: 0)
      #expect(bytes.prefix(3) == [1, 2, 3])
      #expect(bytes.dropFirst(3).allSatisfy { $0 == 0 })
    }
  }

  @Test(
    "A closed handle refuses every use, and a second close does nothing", arguments: Disk.allCases)
  func closes(disk: Disk) throws {
    try disk.inEmptyDirectory { files, root in
      let path = "\(root)/a"
      let file = try files.make(path, [1])
      file.close()
      file.close()
      #expect(throws: FileError(.write, path, .closed)) { try file.write([1], at: 0) }
      #expect(throws: FileError(.read, path, .closed)) { try file.read(upTo: 1, at: 0) }
      #expect(throws: FileError(.size, path, .closed)) { try file.size() }
      #expect(throws: FileError(.truncate, path, .closed)) { try file.truncate(to: 0) }
      #expect(throws: FileError(.preallocate, path, .closed)) {
        try file.preallocate(to: 9, .zeroed)
      }
      #expect(throws: FileError(.sync, path, .closed)) { try file.sync() }
      #expect(try files.readFile(at: path) == [1])
    }
  }
}
