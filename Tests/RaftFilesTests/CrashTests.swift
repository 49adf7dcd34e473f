import RaftFiles
import RaftStoreTesting
import Testing

@Suite("A crash of the simulated disk")
struct CrashTests {
  @Test("Unsynced bytes are lost and synced ones stay, with the size of the sync")
  func bytes() throws {
    let files = SimulatedFileSystem()
    let file = try files.makeDurable("/a", [1, 2, 3])
    try file.write([9, 9, 9, 9], at: 1)
    files.crash(.dropUnsynced)
    #expect(try files.readFile(at: "/a") == [1, 2, 3])
  }

  @Test("A truncation that was not synced is undone")
  func truncation() throws {
    let files = SimulatedFileSystem()
    try files.makeDurable("/a", [1, 2, 3]).truncate(to: 1)
    files.crash(.dropUnsynced)
    #expect(try files.readFile(at: "/a") == [1, 2, 3])
  }

  @Test("A new file is lost without a sync of its directory, whatever else was synced")
  func creation() throws {
    let files = SimulatedFileSystem()
    try files.make("/a", [1]).sync()
    files.crash(.dropUnsynced)
    #expect(try files.names(in: "/") == [])
  }

  @Test("A new file is empty where only its directory was synced")
  func emptyFile() throws {
    let files = SimulatedFileSystem()
    try files.make("/a", [1])
    try files.syncDirectory("/")
    files.crash(.dropUnsynced)
    #expect(try files.readFile(at: "/a") == [])
  }

  @Test("A new directory is lost, with what is in it, without a sync of the one above")
  func directory() throws {
    let files = SimulatedFileSystem()
    try files.createDirectory("/d/e")
    try files.makeDurable("/d/e/a", [1])
    try files.syncDirectory("/d")
    let lost = files.copy()
    lost.crash(.dropUnsynced)
    #expect(try lost.names(in: "/") == [])
    try files.syncDirectory("/")
    files.crash(.dropUnsynced)
    #expect(try files.readFile(at: "/d/e/a") == [1])
  }

  @Test("A directory made durably stays at every level")
  func durableDirectory() throws {
    let files = SimulatedFileSystem()
    try files.createDirectory("/d")
    try files.createDirectoryDurably("/d/e/f")
    files.crash(.dropUnsynced)
    #expect(try files.status(of: "/d/e/f") == FileStatus(.directory))
  }

  @Test(
    "A directory whose name could not be made durable is gone, and made anew by the next attempt")
  func directoryWithoutSync() throws {
    for failing in ["/", "/d"] {
      let files = SimulatedFileSystem()
      files.failNext(.syncDirectory, on: failing)
      #expect(throws: FileError(.syncDirectory, failing, .ioError)) {
        try files.createDirectoryDurably("/d/e")
      }
      #expect(try files.status(of: failing == "/" ? "/d" : "/d/e") == nil)
      try files.createDirectoryDurably("/d/e")
      files.crash(.dropUnsynced)
      #expect(try files.status(of: "/d/e") == FileStatus(.directory), "after \(failing)")
    }
  }

  @Test("A rename without a sync of the directory is undone, and with one it stays")
  func rename() throws {
    let files = SimulatedFileSystem()
    try files.makeDurable("/a", [1])
    try files.makeDurable("/b", [2])
    try files.rename("/a", to: "/b")
    let undone = files.copy()
    undone.crash(.dropUnsynced)
    #expect(try undone.readFile(at: "/a") == [1])
    #expect(try undone.readFile(at: "/b") == [2])
    try files.syncDirectory("/")
    files.crash(.dropUnsynced)
    #expect(try files.names(in: "/") == ["b"])
    #expect(try files.readFile(at: "/b") == [1])
  }

  @Test("A removal without a sync of the directory is undone")
  func removal() throws {
    let files = SimulatedFileSystem()
    try files.makeDurable("/a", [1])
    try files.remove("/a")
    let undone = files.copy()
    undone.crash(.dropUnsynced)
    #expect(try undone.readFile(at: "/a") == [1])
    try files.syncDirectory("/")
    files.crash(.dropUnsynced)
    #expect(try files.names(in: "/") == [])
  }

  @Test("The death of the process alone loses nothing, and makes nothing durable")
  func keepAll() throws {
    let files = SimulatedFileSystem()
    try files.make("/a", [1])
    files.crash(.keepAll)
    #expect(try files.readFile(at: "/a") == [1])
    files.crash(.dropUnsynced)
    #expect(try files.names(in: "/") == [])
  }

  @Test("Each unsynced write is kept, lost, or cut after some byte, and nothing synced is touched")
  func torn() throws {
    let files = SimulatedFileSystem()
    let file = try files.makeDurable("/a", [7, 7])
    try file.write([1, 1, 1, 1], at: 2)
    try file.write([2, 2, 2, 2], at: 6)
    var outcomes: Set<[UInt8]> = []
    for seed in 0..<400 as Range<UInt64> {
      let fork = files.copy()
      fork.crash(.torn(seed: seed))
      outcomes.insert(try fork.readFile(at: "/a"))
    }
    // Each write leaves a prefix of zero to four bytes; a gap before the second reads as zeros.
    var possible: Set<[UInt8]> = []
    for first in 0...4 {
      for second in 0...4 {
        let ones = [UInt8](repeating: 1, count: first)
        let gap = [UInt8](repeating: 0, count: second == 0 ? 0 : 4 - first)
        possible.insert([7, 7] + ones + gap + [UInt8](repeating: 2, count: second))
      }
    }
    #expect(outcomes == possible)
  }

  @Test("A scattered write may keep its later pages without the earlier ones")
  func scattered() throws {
    let files = SimulatedFileSystem()
    let file = try files.makeDurable("/a", [UInt8](repeating: 7, count: 4000))
    // From 4000 on: the rest of the first page, the second page, and some of the third.
    try file.write([UInt8](repeating: 1, count: 4500), at: 4000)
    var outcomes: Set<[UInt8]> = []
    for seed in 0..<100 as Range<UInt64> {
      let fork = files.copy()
      fork.crash(.scattered(seed: seed))
      let bytes = try fork.readFile(at: "/a")
      #expect(bytes.prefix(4000).allSatisfy { $0 == 7 })
      outcomes.insert([4095, 4096, 8191, 8192].map { bytes.count > $0 ? bytes[$0] : 5 })
    }
    #expect(
      outcomes == [
        [5, 5, 5, 5], [1, 5, 5, 5], [0, 1, 1, 5], [1, 1, 1, 5],
        [0, 0, 0, 1], [1, 0, 0, 1], [0, 1, 1, 1], [1, 1, 1, 1],
      ])
  }

  @Test("Of a directory's unsynced changes a prefix survives")
  func tornNames() throws {
    let files = SimulatedFileSystem()
    for name in ["a", "b", "c"] { try files.make("/\(name)") }
    try files.rename("/a", to: "/d")
    var outcomes: Set<[String]> = []
    for seed in 0..<100 as Range<UInt64> {
      let fork = files.copy()
      fork.crash(.torn(seed: seed))
      outcomes.insert(try fork.names(in: "/"))
    }
    #expect(outcomes == [[], ["a"], ["a", "b"], ["a", "b", "c"], ["b", "c", "d"]])
  }

  @Test("The same seed leaves the same disk")
  func sameSeed() throws {
    func run() throws -> [[UInt8]] {
      let files = SimulatedFileSystem()
      for name in 0..<20 { try files.makeDurable("/\(name)", [1, 2, 3]).write([4, 5, 6], at: 2) }
      files.crash(.torn(seed: 11))
      return try files.names(in: "/").map { try files.readFile(at: "/\($0)") }
    }
    #expect(try run() == run())
  }

  @Test("Handles of before the crash are dead, and locks are free")
  func handles() throws {
    let files = SimulatedFileSystem()
    let file = try files.makeDurable("/a", [1])
    let lock = try files.lock("/lock")
    files.crash(.keepAll)
    #expect(throws: FileError(.write, "/a", .crashed)) { try file.write([2], at: 0) }
    #expect(throws: FileError(.read, "/a", .crashed)) { try file.read(upTo: 1, at: 0) }
    #expect(throws: FileError(.sync, "/a", .crashed)) { try file.sync() }
    let next = try files.lock("/lock")
    lock.release()
    #expect(files.processID == 2)
    #expect(throws: FileError(.lock, "/lock", .locked(byPID: 2))) { try files.lock("/lock") }
    next.release()
    #expect(try files.readFile(at: "/a") == [1])
  }

  @Test("A copy lives by itself, and has neither the locks nor the faults of its original")
  func copies() throws {
    let files = SimulatedFileSystem()
    let file = try files.make("/a", [1])
    let lock = try files.lock("/lock")
    files.failNext(.write)
    let fork = files.copy()
    try fork.open("/a", .readWrite).write([5], at: 0)
    _ = try fork.lock("/lock")
    #expect(try file.read(upTo: 9, at: 0) == [1])
    #expect(throws: FileError(.write, "/a", .ioError)) { try file.write([6, 6, 6, 6], at: 0) }
    #expect(try fork.readFile(at: "/a") == [5])
    lock.release()
  }
}
