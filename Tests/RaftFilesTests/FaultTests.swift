import RaftFiles
import RaftStoreTesting
import Testing

@Suite("Faults of the simulated disk")
struct FaultTests {
  @Test("A replaced file has the old bytes or the new ones, wherever the power is cut")
  func crashesEverywhere() throws {
    let start = SimulatedFileSystem()
    try start.replaceFile(at: "/a", with: [1, 1, 1])
    let whole = start.copy()
    try whole.replaceFile(at: "/a", with: [2, 2, 2, 2])
    #expect(whole.operationCount - start.operationCount == 6)

    var outcomes: [[UInt8]] = []
    for number in start.operationCount + 1...whole.operationCount {
      let files = start.copy()
      files.crashBefore(operation: number)
      #expect(throws: FileError.self) { try files.replaceFile(at: "/a", with: [2, 2, 2, 2]) }
      #expect(files.isHalted)
      #expect(throws: FileError(.status, "/a", .crashed)) { try files.status(of: "/a") }
      for seed in 0..<20 as Range<UInt64> {
        let fork = files.copy()
        fork.crash(.torn(seed: seed))
        outcomes.append(try fork.readFile(at: "/a"))
      }
      files.crash(.dropUnsynced)
      #expect(try files.readFile(at: "/a") == [1, 1, 1])
    }
    #expect(Set(outcomes) == [[1, 1, 1], [2, 2, 2, 2]])
  }

  @Test("The operation of a number fails, and only that one")
  func numbered() throws {
    let files = SimulatedFileSystem()
    let file = try files.make("/a", [1])
    #expect(files.operationCount == 2)
    files.fail(operation: 4, with: .noSpace)
    try file.write([2], at: 0)
    #expect(throws: FileError(.truncate, "/a", .noSpace)) { try file.truncate(to: 0) }
    try file.write([3], at: 1)
    #expect(try file.read(upTo: 9, at: 0) == [2, 3])
  }

  @Test("A fault waits for its kind of operation on its path")
  func waiting() throws {
    let files = SimulatedFileSystem()
    let (a, b) = (try files.make("/a", [1]), try files.make("/b", [1]))
    files.failNext(.read, on: "b")
    #expect(try a.read(upTo: 1, at: 0) == [1])
    #expect(throws: FileError(.read, "/b", .ioError)) { try b.read(upTo: 1, at: 0) }
    #expect(try b.read(upTo: 1, at: 0) == [1])
    files.failNext(.rename, with: .noSpace)
    #expect(throws: FileError(.rename, "/a", .noSpace)) { try files.rename("/a", to: "/c") }
    #expect(try files.names(in: "/") == ["a", "b"])
  }

  @Test("A failed write leaves the first half of its bytes")
  func failedWrite() throws {
    let files = SimulatedFileSystem()
    let file = try files.make("/a", [1, 1, 1, 1])
    files.failNext(.write)
    #expect(throws: FileError(.write, "/a", .ioError)) { try file.write([2, 2, 2, 2], at: 0) }
    #expect(try file.read(upTo: 9, at: 0) == [2, 2, 1, 1])
  }

  @Test("After a failed sync the bytes are readable, and no second sync makes them durable")
  func failedSync() throws {
    let files = SimulatedFileSystem()
    let file = try files.makeDurable("/a", [1, 1, 1, 1])
    try file.write([2, 2], at: 0)
    files.failNext(.sync)
    #expect(throws: FileError(.sync, "/a", .ioError)) { try file.sync() }
    try file.write([3], at: 3)
    try file.sync()
    #expect(try file.read(upTo: 9, at: 0) == [2, 2, 1, 3])
    files.crash(.dropUnsynced)
    #expect(try files.readFile(at: "/a") == [1, 1, 1, 3])
  }

  @Test("After a failed sync of a directory no second one makes the names durable")
  func failedDirectorySync() throws {
    let files = SimulatedFileSystem()
    try files.make("/a")
    files.failNext(.syncDirectory)
    #expect(throws: FileError(.syncDirectory, "/", .ioError)) { try files.syncDirectory("/") }
    try files.make("/b")
    try files.syncDirectory("/")
    #expect(try files.names(in: "/") == ["a", "b"])
    files.crash(.dropUnsynced)
    #expect(try files.names(in: "/") == ["b"])
  }

  @Test("A full disk takes what fits, and the size tells what it took")
  func fullDisk() throws {
    let files = SimulatedFileSystem(capacity: 10)
    let file = try files.make("/a", [1, 2, 3, 4])
    try files.make("/b", [1, 2])
    #expect(try files.availableBytes(at: "/") == 4)
    #expect(throws: FileError(.write, "/a", .noSpace)) {
      try file.write([9, 9, 9, 9, 9, 9, 9], at: 3)
    }
    #expect(try file.read(upTo: 99, at: 0) == [1, 2, 3, 9, 9, 9, 9, 9])
    #expect(try files.availableBytes(at: "/") == 0)
    // What is there already can be written over.
    try file.write([8, 8], at: 0)
    #expect(throws: FileError(.truncate, "/a", .noSpace)) { try file.truncate(to: 9) }
    for allocation in [FileAllocation.reserved, .zeroed] {
      #expect(throws: FileError(.preallocate, "/a", .noSpace)) {
        try file.preallocate(to: 9, allocation)
      }
    }
    #expect(try file.size() == 8)
    files.capacity = 11
    try file.preallocate(to: 9, .reserved)
    #expect(try files.availableBytes(at: "/") == 0)
  }

  @Test("A removed file gives its space back when its last handle is closed")
  func freesSpace() throws {
    let files = SimulatedFileSystem(capacity: 10)
    let file = try files.make("/a", [1, 2, 3, 4])
    try files.remove("/a")
    #expect(try files.availableBytes(at: "/") == 6)
    file.close()
    #expect(try files.availableBytes(at: "/") == 10)
  }

  @Test("A turned bit is found by every later read, also after a crash")
  func flips() throws {
    let files = SimulatedFileSystem()
    let file = try files.makeDurable("/a", [1, 2, 3])
    try files.flip(bit: 7, at: 1, in: "/a")
    #expect(try file.read(upTo: 9, at: 0) == [1, 130, 3])
    try file.write([4], at: 3)
    #expect(throws: FileError(.write, "/a", .tooShort(missing: 1))) {
      try files.flip(bit: 0, at: 3, in: "/a")
    }
    files.crash(.dropUnsynced)
    #expect(try files.readFile(at: "/a") == [1, 130, 3])
  }
}
