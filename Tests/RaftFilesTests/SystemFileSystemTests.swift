import Glibc
import RaftFiles
import Testing

@Suite("The machine's file system")
struct SystemFileSystemTests {
  @Test("A full device is told apart from a failing one")
  func noSpace() throws {
    let full = try SystemFileSystem().open("/dev/full", .readWrite)
    #expect(throws: FileError(.write, "/dev/full", .noSpace)) { try full.write([1], at: 0) }
  }

  @Test("A lock excludes another process, which learns who holds it")
  func locksOutProcesses() async throws {
    let root = try makeTemporaryDirectory()
    defer { removeTree(root) }
    let path = "\(root)/lock"
    let lock = try SystemFileSystem().lock(path)
    let holder = getpid()
    await #expect(processExitsWith: .exitCode(7)) {
      [path = path as String, holder = holder as Int32] in
      do throws(FileError) {
        _ = try SystemFileSystem().lock(path)
      } catch {
        exit(error.code == .locked(byPID: holder) ? 7 : 1)
      }
    }
    #expect(try SystemFileSystem().readFile(at: path) == Array("\(holder)\n".utf8))
    lock.release()
    #expect(try SystemFileSystem().readFile(at: path) == [])
  }

  @Test("A lock file without a process id still excludes, and names nobody")
  func locksWithoutHolder() throws {
    try inTemporaryDirectory { root in
      let path = "\(root)/lock"
      let lock = try SystemFileSystem().lock(path)
      try SystemFileSystem().open(path, .readWrite).truncate(to: 0)
      #expect(throws: FileError(.lock, path, .locked(byPID: nil))) {
        try SystemFileSystem().lock(path)
      }
      lock.release()
    }
  }

  @Test("A close while others read leaves each read whole or refused")
  func closesUnderReaders() throws {
    try inTemporaryDirectory { root in
      let bytes = [UInt8](repeating: 7, count: 4096)
      let path = "\(root)/a"
      let file = try SystemFileSystem().make(path, bytes)
      let reader = ReaderThread(file, expecting: bytes)
      reader.waitForFirstRead()
      file.close()
      // A new file that takes the number over must not be read through the old handle.
      let other = try SystemFileSystem().make("\(root)/b", [UInt8](repeating: 9, count: 4096))
      #expect(reader.join() == FileError(.read, path, .closed))
      other.close()
    }
  }

  @Test("Descriptors are closed on exec")
  func closesOnExec() throws {
    try inTemporaryDirectory { root in
      let before = try openDescriptors()
      let file = try SystemFileSystem().make("\(root)/a")
      let lock = try SystemFileSystem().lock("\(root)/lock")
      let new = try openDescriptors().filter { $0.value.hasPrefix(root) && before[$0.key] == nil }
      #expect(Set(new.values) == ["\(root)/a", "\(root)/lock"])
      for number in new.keys { #expect(fcntl(number, F_GETFD) & FD_CLOEXEC == FD_CLOEXEC) }
      file.close()
      lock.release()
    }
  }

  private func openDescriptors() throws -> [Int32: String] {
    var paths: [Int32: String] = [:]
    for name in try SystemFileSystem().names(in: "/proc/self/fd") {
      guard let number = Int32(name), let path = realpath("/proc/self/fd/\(name)", nil) else {
        continue
      }
      paths[number] = String(cString: path)
      free(path)
    }
    return paths
  }
}
